"""The third provider of figures: basis ``model``, always beside the raw figure, never instead."""

from __future__ import annotations

from dataclasses import replace

from homeroom.errors import NotAvailable
from homeroom.estimates.district import (
    Interval,
    StateDraws,
    estimate,
    state_draws,
    state_of,
)
from homeroom.estimates.folders import find
from homeroom.estimates.saved import Saved
from homeroom.estimates.telling import sentence
from homeroom.evidence.store import Store
from homeroom.figures.figure import Figure
from homeroom.figures.question import Question

METHOD = "posterior"
"""Median and equal-tailed 95% interval of joint posterior draws."""
SPEC = "black_white"
"""Its ratio rests on the two groups that it compares."""
RATES = "unified"
"""Its rates rest on the cells of all students."""
_GROUPS = ("white", "black", "hispanic")


def saved_draws(store: Store, saved: Saved, state: str) -> StateDraws:
    """Return a state's draws, kept with the store."""
    return store.cache.get(
        ("estimates", str(saved.folder), state), lambda: state_draws(saved, state)
    )


def _spec_for(q: Question) -> str:
    """Return which specification answers: the two groups' own cells where they suffice."""
    return SPEC if {q.group, q.versus or "white"} <= {"black", "white"} else RATES


def beside(store: Store, raw: Figure, spec: str = "") -> Figure | None:
    """Return the model's figure to stand beside a raw one, or None where there is none.

    Rates of Black, Hispanic, and white students of a district, and ratios between them, in the wave
    and of the outcome of the raw figure. All students together have none: events of students under
    Section 504 only have no race in the files, so the model does not read them. Scope, doubts, and
    sources are the raw figure's: the model read the same counts.
    """
    q = raw.question
    plain = (q.policy, q.schools, q.average, q.sex, q.disability) == (
        "published", "all", "pooled", "all", "all",
    )  # fmt: skip
    if not (q.place.startswith("lea:") and plain and q.comparator == "group"):
        return None
    if q.group not in _GROUPS or q.section504 != "with" or (q.versus and q.versus not in _GROUPS):
        return None
    group, versus = str(q.group), str(q.versus or "white")
    try:
        saved = find(q.measure, spec or _spec_for(q), q.wave)
        found = estimate(
            saved, q.place, group=group if q.versus else "black", versus=versus,
            drawn=saved_draws(store, saved, state_of(q.place)),
        )  # fmt: skip
    except NotAvailable:
        return None
    said: Interval | None = found.ratio if q.versus else found.rate_of[group]
    if said is None:
        return None
    return replace(
        raw, value=said.median, low=said.low_95, high=said.high_95, method=METHOD,
        status="observed", reason=None, explanation=sentence(found), basis="model",
    )  # fmt: skip
