"""What stands behind a baseline: which schools each figure speaks for, and why we doubt it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from homeroom.evidence.place_ids import PlaceRange
from homeroom.evidence.store import Store
from homeroom.figures import wording
from homeroom.figures.backing import Backing
from homeroom.figures.engine import answer
from homeroom.figures.question import Question
from homeroom.figures.staffing import staff_over_waves
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.roles import ROLES


@dataclass(frozen=True, slots=True)
class Behind:
    """One role or measure of the whole place, as published and without what rules doubt.

    Attributes
    ----------
    subject
        Role or measure id.
    kind
        What the place is: district or school.
    wave
        CRDC wave.
    scope
        Which schools the figure speaks for, or None where they are the place's.
    published, screened
        Full-time equivalents or events of all schools that reported; None where none did.
    status, reason
        Of the published figure.
    backing
        Coverage, universe, doubts, and sources of the published figure.
    """

    subject: str
    kind: str
    wave: str
    scope: str | None
    published: float | None
    screened: float | None
    status: str
    reason: str | None
    backing: Backing

    @property
    def doubtful(self) -> bool:
        """Whether rules doubt the figure as a whole."""
        return self.backing.doubtful

    @property
    def label(self) -> str:
        """The role or measure in words."""
        known = ROLES[self.subject] if self.subject in ROLES else MEASURES[self.subject]
        return known.label

    @property
    def sentence(self) -> str | None:
        """What was reported, why we doubt it, and what is left; None for no doubt."""
        why = wording.because(self.backing.doubts)
        if why is None:
            return None
        left = (
            "no figure is left once what we doubt is left out" if self.screened is None
            else f"left out, the other schools reported {_said(self.screened)}"
        )  # fmt: skip
        return (
            f"{self.label}: the {self.kind} reported {_said(self.published)} in {self.wave}, {why}"
            f"; {left}."
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "subject": self.subject, "published": self.published, "screened": self.screened,
            "status": self.status, "reason": self.reason, "coverage": self.backing.coverage,
            "universe": self.backing.universe.as_dict(), "doubtful": self.doubtful,
            "doubts": [doubt.as_dict() for doubt in self.backing.doubts],
            "note": self.backing.note, "source": self.backing.source,
        }  # fmt: skip


def behind(store: Store, area: PlaceRange, wave: str, measures: Sequence[str]) -> dict[str, Behind]:
    """Return what stands behind every role and the given measures of a place.

    Parameters
    ----------
    store
        What to ask.
    area
        The place.
    wave
        CRDC wave.
    measures
        Measures of which the store has school files.
    """
    policies = ("published", "screened")
    staff = [staff_over_waves(store, area.place_id, policy, (wave,)) for policy in policies]
    left = {one.role: one.fte for one in staff[1]}
    found = {
        one.role: Behind(
            one.role, area.kind, wave, _scope(one, area), one.fte, left.get(one.role), one.status,
            one.reason, one,
        )
        for one in staff[0]
    }  # fmt: skip
    figures = [
        answer(store, [Question(m, place=area.place_id, wave=wave, policy=p) for m in measures])
        for p in policies
    ]
    for one, other in zip(*figures, strict=True):
        subject = one.question.measure
        found[subject] = Behind(
            subject, area.kind, wave, _scope(one, area), one.group.count, other.group.count,
            one.status, one.explanation if one.value is None else None, one,
        )  # fmt: skip
    return found


def _scope(one: Backing, area: PlaceRange) -> str | None:
    coverage = None if one.universe.high_schools else one.coverage
    return wording.scope(one.universe, coverage, wording.whole_of(area))


def _said(amount: float | None) -> str:
    if amount is None:
        return "nothing"
    return f"{amount:,.10g}" if amount else "none"
