"""The five figures that people look for first on a place page, each with what it stands beside."""

from __future__ import annotations

from dataclasses import dataclass

from homeroom.figures import wording
from homeroom.figures.figure import Figure
from homeroom.report.place_figures import GroupRow, OutcomeTable, StaffRow
from homeroom.report.sentences import Beside, capital, figure, marked, posts, reach, staff_scope
from homeroom.vocabulary.groups import ALL, Group

_GROUPS = ("black", "hispanic")
_ADULTS = {"officer": "sworn officer", "counselor": "counselor"}


@dataclass(frozen=True, slots=True)
class Card:
    """A figure as text, what it counts, and the interval, comparator, or reason below it.

    ``doubt`` says why the figure is doubtful, ``scope`` whom it speaks for where that is not the
    place; both are empty where there is nothing to say. They are part of ``beside``, too, so a
    page that shows the three texts says everything.
    """

    figure: str
    label: str
    beside: str
    doubt: str = ""
    scope: str = ""


def cards(
    table: OutcomeTable | None, beside: Beside, adults: tuple[str, list[StaffRow]]
) -> list[Card]:
    """Return the cards of a place: its rate, two ratios, and two kinds of adults.

    Parameters
    ----------
    table
        The first outcome by group, or None where there is none.
    beside
        Larger places and their figures of the same measure and wave.
    adults
        Wave and rows of the staff; no rows where there are none.
    """
    made = [] if table is None or not table.rows else [_rate(table, beside), *_ratios(table)]
    wave, rows = adults
    found = {row.role: row for row in rows}
    return made + [_each(found[role], wave) for role in _ADULTS if role in found]


def _card(shown: str, label: str, beside: list[str], one: Figure | None = None) -> Card:
    """Return a card whose last line holds scope and doubt before everything else."""
    doubt = scope = ""
    if one is not None:
        doubt, scope = wording.doubt(one.doubts) or wording.partly(one.doubts) or "", _scope(one)
    parts = [capital(part) for part in (doubt, scope, *beside) if part]
    return Card(shown, label, "; ".join(parts), doubt, scope)


def _scope(one: Figure) -> str:
    where = reach("the place", one)
    return "" if one.whole or where == "the place" else where


def _rate(table: OutcomeTable, beside: Beside) -> Card:
    row = table.row(ALL)
    label = f"{table.label.lower()} for every 10,000 students, {table.wave}"
    if row.rate is None:
        return _card("–", label, [row.note], row.figure)
    larger = [
        f"{reach(place, one)}: {figure(one.value)}{marked(one)}"
        for place, one in beside
        if one.value is not None
    ]
    if table.screened is not None:
        left = table.screened.whole_figure
        told = "no figure is left" if left.value is None else figure(left.value)
        where = reach("the place", left)
        told += f" ({where})" if left.value is not None and not left.whole else ""
        larger.insert(0, f"without the doubted schools: {told}")
    return _card(figure(row.rate), label, larger, row.figure)


def _ratios(table: OutcomeTable) -> list[Card]:
    rows = {row.id: row for row in table.rows}
    return [_ratio(table, rows[group]) for group in _GROUPS if group in rows]


def _ratio(table: OutcomeTable, row: GroupRow) -> Card:
    label = f"{capital(Group(row.id).people())}' rate against white students', {table.wave}"
    one = row.ratio_figure
    if one is None or one.value is None:
        return _card("–", label, [row.ratio_note], one)
    if one.doubtful:
        return _card("–", label, ["not compared"], one)
    bounds = ""
    if one.low is not None and one.high is not None:
        bounds = f"95% interval {figure(one.low)} to {figure(one.high)}"
    if row.count == 0:
        if one.high is None or one.high >= 1:
            return _card(
                "–", label, [f"none reported among {row.students:,}, too few to tell"], one
            )
        return _card("none reported", label, [f"under {figure(one.high)} times the rate"], one)
    few = "few events" if one.reason == "few_events" else ""
    return _card(f"{figure(one.value)} ×", label, [bounds, few], one)


def _each(row: StaffRow, wave: str) -> Card:
    one = row.figure
    label = f"students for each {_ADULTS[row.role]}, {wave}"
    doubt = wording.doubt(one.doubts) or wording.partly(one.doubts) or ""
    scope = staff_scope(one) or ""
    told: list[str] = []
    shown = "–"
    if row.fte is None:
        told = ["not reported"]
    elif row.fte == 0:
        shown, label = "none", f"{_ADULTS[row.role]}s reported, {wave}"
    elif row.each is None:
        told = [f"{posts(row.fte)} full-time", "no enrollment in the store to divide by"]
    else:
        shown, told = f"{row.each:,.0f}", [f"{posts(row.fte)} full-time"]
        told += [f"recommended at most {row.recommended}"] if row.recommended else []
    if row.screened is not None:
        left = row.screened.fte
        told.append(
            f"without the doubted schools: {'none is left' if left is None else posts(left)}"
        )
    parts = [capital(part) for part in (doubt, scope) if part]
    return Card(shown, label, "; ".join([*parts, *told]), doubt, scope)
