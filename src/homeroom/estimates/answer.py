"""The answer to "what does the model say of this place", with the raw figures beside it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from homeroom.errors import BadInput
from homeroom.estimates.contrast import contrast
from homeroom.estimates.district import estimate, state_of
from homeroom.estimates.folders import find
from homeroom.estimates.provider import saved_draws
from homeroom.estimates.saved import Saved
from homeroom.estimates.telling import people, sentence
from homeroom.evidence.store import Store
from homeroom.figures import engine
from homeroom.figures.question import Question
from homeroom.vocabulary.groups import Group

NOTE = (
    "Rates are per 10,000 students. The model borrows strength from other districts, so its figure "
    "stands beside the reported one, never instead of it. It describes; it does not say why."
)


def answer(
    store: Store,
    place: str,
    outcome: str,
    wave: str | None,
    *,
    spec: str,
    group: str,
    versus: str,
    above: tuple[float, ...],
) -> dict[str, Any]:
    """Return the model's figures of a district, a state, or the nation, and the raw ones.

    Parameters
    ----------
    place
        Place id.
    outcome, wave, spec
        Which fit; the latest wave where none is named.
    group, versus
        Groups that the ratio compares.
    above
        Values for which the probability that the ratio exceeds them is given.

    Raises
    ------
    BadInput
        The place is a school, or both groups are the same.
    NotAvailable
        There is no such fit, or it does not have the place.
    """
    if group == versus:
        raise BadInput(f"group {group!r}: expected two groups to compare, found one twice.")
    saved = find(outcome, spec, wave)
    out = {
        "place": place, "outcome": outcome, "waves": list(saved.manifest["waves"]), "spec": spec,
        "basis": "model", "group": group, "versus": versus, "note": NOTE,
    }  # fmt: skip
    if place.startswith("lea:"):
        return out | _district(store, saved, place, group, versus, above)
    if place == "US" or place.startswith("US-"):
        return out | _together(saved, place, group, versus)
    raise BadInput(f"{place}: expected a district, a state, or US; schools are not estimated.")


def _district(
    store: Store, saved: Saved, place: str, group: str, versus: str, above: tuple[float, ...]
) -> dict[str, Any]:
    found = estimate(
        saved, place, group=group, versus=versus, above=above,
        drawn=saved_draws(store, saved, state_of(place)),
    )  # fmt: skip
    intervals = {
        "rate": found.rate,
        **{f"rate of {people(name)}": value for name, value in found.rate_of.items()},
        "ratio": found.ratio, f"rank in {found.state}, of {found.districts}": found.rank,
    }  # fmt: skip
    return {
        "sentence": sentence(found),
        "intervals": {name: asdict(value) if value else None for name, value in intervals.items()},
        "above": found.above, "rank_of": found.districts, "moved": found.moved, "own": found.own,
        "raw": _raw(store, saved, place, group, versus),
    }  # fmt: skip


def _raw(store: Store, saved: Saved, place: str, group: str, versus: str) -> dict[str, Any] | None:
    """Return the raw ratio of the fit's latest wave."""
    if "other" in (group, versus):
        return None
    wave = saved.manifest["waves"][-1]
    asked = Question(saved.manifest["outcome"], Group(group), Group(versus), place=place, wave=wave)
    (figure,) = engine.answer(store, [asked])
    ratio = "no ratio" if figure.value is None else f"{figure.value:.1f} times"
    span = ""
    if figure.low is not None and figure.high is not None:
        span = f" (95% interval {figure.low:.1f} to {figure.high:.1f})"
    return {
        "value": figure.value, "low": figure.low, "high": figure.high, "basis": figure.basis,
        "method": figure.method, "reason": figure.reason, "explanation": figure.explanation,
        "doubtful": figure.doubtful, "note": figure.note,
        "sentence": f"{ratio}{span}, {wave}." + (f" {figure.note}" if figure.note else ""),
    }  # fmt: skip


def _together(saved: Saved, place: str, group: str, versus: str) -> dict[str, Any]:
    states = () if place == "US" else (place.removeprefix("US-"),)
    found = contrast(saved, group=group, versus=versus, states=states)
    where = "the states of this fit" if place == "US" else "this state"
    return {
        "sentence": (
            f"Weighted by {people(group)}, the rate of {people(group)} in {where} is "
            f"{found.weighted.median:.1f} times that of {people(versus)} within the same district "
            f"(95% interval {found.weighted.low_95:.1f} to {found.weighted.high_95:.1f}; "
            f"{found.districts:,} districts in {', '.join(found.states)})."
        ),
        "intervals": {
            "ratio, weighted by students": asdict(found.weighted),
            "ratio of all students together": asdict(found.pooled),
            "expected events": asdict(found.events),
        },
        "districts": found.districts, "states": list(found.states),
    }  # fmt: skip
