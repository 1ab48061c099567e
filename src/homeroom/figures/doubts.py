"""What makes a figure doubtful: quality rules and errata that touch the schools behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from homeroom.evidence.quality import rules

DOUBTED = 0.1
"""A figure is doubtful when schools that a rule doubts hold at least this share of it. A tenth is
where leaving them out starts to move a rate or ratio by more than its rounding."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One rule or erratum that touches a figure.

    Attributes
    ----------
    rule
        Id: see ``homeroom describe --rules``.
    subject
        Measure or role whose figures are doubted.
    schools
        Schools that the rule flags; 0 where an erratum names schools that the store lacks.
    share
        Share of the figure that comes from them: of its events or full-time equivalents where the
        rule doubts a count, of its students where it doubts a zero or says that data are missing.
    """

    rule: str
    subject: str
    schools: int
    share: float

    @property
    def sentence(self) -> str:
        """What the rule says."""
        return rules()[self.rule].sentence.strip()

    @property
    def source(self) -> str:
        """Where the rule comes from."""
        return rules()[self.rule].source

    @property
    def material(self) -> bool:
        """Whether the figure as a whole is doubtful for it."""
        return self.share >= DOUBTED

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "rule": self.rule, "subject": self.subject, "schools": self.schools,
            "share": self.share, "material": self.material, "sentence": self.sentence,
            "source": self.source,
        }  # fmt: skip


def ordered(doubts: Iterable[Doubt]) -> tuple[Doubt, ...]:
    """Return doubts, the gravest first."""
    return tuple(sorted(doubts, key=lambda doubt: (-doubt.share, doubt.rule, doubt.subject)))
