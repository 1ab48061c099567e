"""The three numbers of a place page's first screen, each with its comparison in the same line."""

from __future__ import annotations

from dataclasses import dataclass

from homeroom.evidence.place_ids import place_range
from homeroom.figures import wording
from homeroom.figures.figure import Figure
from homeroom.figures.gaps import GapFigure
from homeroom.figures.staffing import StaffFigure
from homeroom.report.place_figures import OutcomeTable, StaffRow
from homeroom.report.sentences import Beside, figure, marked, posts, reach, staff_scope
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.roles import ROLES


@dataclass(frozen=True, slots=True)
class Card:
    """A figure as text, what it counts, and the comparator or reason beside it.

    ``doubt`` says why the figure is doubtful, ``scope`` whom it speaks for where that is not the
    place; both are empty where there is nothing to say. The scope is part of ``beside``; of the
    doubt it has a mark, so a page that shows the three texts has to show ``doubt`` as well.
    """

    figure: str
    label: str
    beside: str
    doubt: str = ""
    scope: str = ""


def cards(
    table: OutcomeTable | None,
    beside: Beside,
    adults: tuple[str, list[StaffRow]],
    gap: GapFigure | None = None,
) -> list[Card]:
    """Return the cards of a place: its rate, its counselors, and police without support.

    Parameters
    ----------
    table
        The first outcome by group, or None where there is none.
    beside
        Larger places and their figures of the same measure and wave; of a place without figures,
        the first is shown in their stead.
    adults
        Wave and rows of the staff; no rows where there are none.
    gap
        Students in schools with police and without a role, or None.
    """
    made = [] if table is None or not table.rows else [_rate(table, beside)]
    wave, rows = adults
    year = table.wave if table is not None else ""
    made += [_wider(place, one) for place, one in beside[:1] if not made and one.value is not None]
    made += [_each(row, _when(wave, year)) for row in rows if row.role == "counselor"]
    return made + ([_gap(gap, year)] if gap is not None and gap.share is not None else [])


def _when(wave: str, year: str) -> str:
    """Return the year of a figure where it isn't the one that the page leads with."""
    return "" if wave == year else f", {wave}"


def _card(shown: str, label: str, beside: list[str], doubt: str | None, scope: str | None) -> Card:
    """Return a card whose last line holds the comparison, then scope, and that it is doubtful."""
    mark = "" if not doubt else "doubtful" if doubt.startswith("doubtful") else "doubtful in part"
    parts = [part for part in (*beside, scope, mark) if part]
    return Card(shown, label, "; ".join(parts), doubt or "", scope or "")


def _doubt(one: Figure | StaffFigure | GapFigure) -> str | None:
    return wording.doubt(one.doubts) or wording.partly(one.doubts)


def _scope(one: Figure) -> str:
    where = reach("the place", one)
    return "" if one.whole or where == "the place" else where


def _rate(table: OutcomeTable, beside: Beside) -> Card:
    one = table.whole_figure
    label = f"{table.label.lower()} per 10,000 students"
    if one.value is None:
        return _card("–", label, [table.row("all").note], _doubt(one), _scope(one))
    larger = [
        f"{reach(place, other)} {figure(other.value)}{marked(other)}"
        for place, other in beside
        if other.value is not None
    ]
    return _card(figure(one.value), label, [", ".join(larger)], _doubt(one), _scope(one))


def _wider(place: str, one: Figure) -> Card:
    """Return a larger place's rate, named as such, where the place itself has none."""
    what = MEASURES[one.question.measure].label.lower()
    label = f"{what} per 10,000 students in {reach(place, one)}, {one.question.wave}"
    return _card(figure(one.value or 0), label, [], _doubt(one), None)


def _each(row: StaffRow, when: str) -> Card:
    one = row.figure
    label = f"students per counselor{when}"
    told: list[str] = []
    shown = "–"
    if row.fte is None:
        told = ["not reported"]
    elif row.fte == 0:
        shown, label = "none", f"counselors reported{when}"
    elif row.each is None:
        told = [f"{posts(row.fte)} full-time", "no enrollment in the store to divide by"]
    else:
        shown = f"{row.each:,.0f}"
        told = [f"{row.recommended} recommended"] if row.recommended else []
    if row.screened is not None:
        left = row.screened.fte
        told.append(
            f"without the doubted schools: {'none is left' if left is None else posts(left)}"
        )
    return _card(shown, label, told, _doubt(one), staff_scope(one))


def _gap(one: GapFigure, year: str) -> Card:
    role = ROLES[one.set.removeprefix("police_and_no_")].label.lower()
    role = role.removeprefix("school ").removesuffix("s")
    scope = wording.scope(one.universe, None, wording.whole_of(place_range(one.place)), one.policy)
    if not one.students:
        label = f"of the students were in a school with police and no {role}{_when(one.wave, year)}"
        return _card("none", label, [], _doubt(one), scope)
    label = f"of students had police but no reported {role} at school{_when(one.wave, year)}"
    return _card(wording.percent(one.share or 0), label, [], _doubt(one), scope)
