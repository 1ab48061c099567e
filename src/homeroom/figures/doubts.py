"""What makes a figure doubtful: quality rules and errata that touch the schools behind it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from homeroom.evidence.quality import rules

DOUBTED = 0.25
"""A figure is doubtful when schools that rules doubt hold at least this share of it. Leaving a
quarter out moves a rate by more than most of the differences that people quote; below it a figure
still carries its doubts, and takes part in ranks and verdicts. In 2017-18 it is the line between
Texas, where one district has 31 percent of all arrests, and the nation, where flagged schools have
11 percent."""
_PART = 0.05
"""Of several rules that are grave only together, those with this share are named."""


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
    material
        Whether the figure as a whole is doubtful for it.
    """

    rule: str
    subject: str
    schools: int
    share: float
    material: bool = False

    @property
    def sentence(self) -> str:
        """What the rule says."""
        return rules()[self.rule].sentence.strip()

    @property
    def source(self) -> str:
        """Where the rule comes from."""
        return rules()[self.rule].source

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "rule": self.rule, "subject": self.subject, "schools": self.schools,
            "share": self.share, "material": self.material, "sentence": self.sentence,
            "source": self.source,
        }  # fmt: skip


def weighed(doubts: Iterable[Doubt], together: float) -> tuple[Doubt, ...]:
    """Return doubts, the gravest first, with those marked that make the figure doubtful.

    Parameters
    ----------
    together
        Share of the figure from schools that any rule doubts, each school counted once.
    """
    marked = [
        replace(
            doubt,
            material=doubt.share >= DOUBTED or (together >= DOUBTED and doubt.share >= _PART),
        )
        for doubt in doubts
    ]
    return tuple(sorted(marked, key=lambda one: (-one.share, one.rule, one.subject)))
