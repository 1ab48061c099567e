"""What a build did: files read and refused, what each changed, and where two contradict."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from homeroom.sources.base import Recognized
from homeroom.sources.registry import Refused


@dataclass(frozen=True, slots=True)
class Change:
    """What a file did to one module of a wave, beside the starter facts.

    ``kept`` counts the schools of the starter facts that stand, in the states that the file speaks
    of: those that no file contains. ``repeated`` counts the schools that another file gave alike.
    """

    name: str
    wave: str
    module: str
    """CRDC module, ``school_support``, or a table of the store."""
    unit: str
    """``schools``, or ``rows`` of a table that has no schools."""
    added: int
    replaced: int
    kept: int
    repeated: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """A figure that two files give differently."""

    wave: str
    subject: str
    """COMBOKEY of the school, or the key of the row."""
    item: str
    """Which figure."""
    first_file: str
    first_value: str
    second_file: str
    second_value: str

    def __str__(self) -> str:
        where = f"{self.wave}, " if self.wave else ""
        return (
            f"{where}{self.subject}, {self.item}: {self.first_value} in {self.first_file}, "
            f"{self.second_value} in {self.second_file}"
        )


@dataclass
class BuildReport:
    """What a build did, for a person to read."""

    path: Path
    recognized: list[Recognized] = field(default_factory=list)
    """Files whose rows are in the store."""
    refused: list[Refused] = field(default_factory=list)
    """Files of which nothing is in the store."""
    changes: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def lacking(self) -> list[Refused]:
        """Refused files whose figures the store lacks: a copy or a manual is not among them."""
        return [refused for refused in self.refused if not refused.expected]
