"""What makes a figure doubtful: quality rules and errata that touch the schools behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from homeroom.evidence.quality import rules

DOUBTED = 0.25
"""A figure is doubtful when schools that rules doubt hold at least this share of it. Leaving a
quarter out moves a rate by more than most of the differences that people quote; below it a figure
still carries its doubts, and takes part in ranks and verdicts. In 2017-18 it is the line between
Texas, where one district has 31 percent of all arrests, and the nation, where flagged schools have
11 percent."""
ANY = "any"
"""Not a rule: all flagged schools of a place, each counted once."""
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


Flagged = tuple[str, str, int, float, float]
"""Subject, rule (``any`` counts each school once), schools, amount, and students of a place."""


def of_flags(
    flagged: Iterable[Flagged],
    totals: Mapping[str, float],
    enrolled: float,
    errata: Iterable[Doubt] = (),
) -> tuple[Doubt, ...]:
    """Return the doubts of a place's figure, the gravest first.

    Parameters
    ----------
    flagged
        What rules flag in the place.
    totals
        Subject to the place's events or full-time equivalents.
    enrolled
        The place's students.
    errata
        Doubts about schools that the store does not hold.
    """
    found = [_doubt(one, totals, enrolled) for one in flagged]
    together = max((doubt.share for doubt in found if doubt.rule == ANY), default=0.0)
    single = [*(doubt for doubt in found if doubt.rule != ANY), *errata]
    return tuple(
        sorted(
            (
                replace(
                    doubt,
                    material=doubt.share >= DOUBTED
                    or (together >= DOUBTED and doubt.share >= _PART),
                )
                for doubt in single
            ),
            key=lambda one: (-one.share, one.rule, one.subject),
        )
    )


def _doubt(flagged: Flagged, totals: Mapping[str, float], enrolled: float) -> Doubt:
    """Weigh a doubted count by its events, a doubted zero by its students."""
    subject, rule, schools, amount, students = flagged
    total = totals.get(subject, float("nan"))
    by_students = students / enrolled if enrolled else 0.0
    zero = rule != ANY and rules()[rule].kind == "zero"
    share = amount / total if total > 0 and not zero else by_students
    return Doubt(rule, subject, schools, min(share, 1.0))
