"""Bars of one rate: a place among its peers, and a place over the waves with its breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from homeroom.figures import wording
from homeroom.figures.figure import Figure
from homeroom.figures.nearest import Near
from homeroom.report.bars import Bar, Bars
from homeroom.report.names import readable
from homeroom.report.sentences import capital, figure, figure_missing, standing
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.measures import MEASURES


def peers(name: str, kind: str, measure: str, near: Near) -> Bars | None:
    """Draw a place and its peers, the most similar first; None where none has a rate.

    Parameters
    ----------
    name
        The place's name; its bar has another color and no link.
    kind
        ``district`` or ``state``.
    """
    figures = near.figures[measure]
    top = _top(figures)
    if not top:
        return None
    bars = tuple(
        _bar(name if not at else readable(str(row["name"])), one, top, own=not at)
        for at, (row, one) in enumerate(zip(near.rows, figures, strict=True))
    )
    wave = figures[0].question.wave
    label = MEASURES[measure].label.lower()
    return Bars(
        standing(name, kind, wave, near, measure).removesuffix(".")
        or f"{capital(label)} in {name} and the most similar {kind}s",
        "Most similar first; similarity ignores arrest rates. A high rate isn't a grade, and "
        "doesn't say why.",
        bars,
        f"{capital(label)} per 10,000 students, {wave}",
    )


def waves(measure: str, figures: Sequence[Figure], breaks: Mapping[str, str]) -> Bars | None:
    """Draw a place's rate in every wave, with what breaks the series between them.

    Parameters
    ----------
    figures
        Rates of a place; those of all students of the measure are drawn.
    breaks
        Wave to what makes it unlike the wave before.
    """
    mine = sorted(
        (
            one for one in figures
            if one.question.measure == measure and one.question.group == ALL
        ),
        key=lambda one: one.question.wave,
    )  # fmt: skip
    top = _top(mine)
    if not top:
        return None
    bars = tuple(
        _bar(one.question.wave, one, top, own=True, after=breaks.get(one.question.wave, ""))
        for one in mine
    )
    label = capital(MEASURES[measure].label.lower())
    return Bars(f"{label} per 10,000 students", "", bars)


def _top(figures: Sequence[Figure]) -> float:
    """Return the end of the scale: a doubtful rate must not push the others together."""
    known = [one for one in figures if one.value is not None]
    sure = [one for one in known if not one.doubtful] or known
    return 1.1 * max((one.value or 0 for one in sure), default=0.0)


def _bar(label: str, one: Figure, top: float, *, own: bool, after: str = "") -> Bar:
    kind = "own" if own else "group"
    place = "" if own else one.question.place
    if one.value is None:
        text = "no figure" if place else figure_missing(one)
        return Bar(label, text, kind, None, place=place, after=after)
    doubt = wording.doubt(one.doubts) or ""
    mark = " (doubtful)" if doubt else "" if one.whole else " (part)"
    cut = one.value > top
    return Bar(
        label, f"{figure(one.value)}{mark}", kind, min(100 * one.value / top, 100),
        low=100 * one.low / top if one.low is not None and not cut else None,
        high=min(100 * one.high / top, 100) if one.high is not None and not cut else None,
        cut=one.high is not None and one.high > top, doubt=doubt, place=place, after=after,
    )  # fmt: skip
