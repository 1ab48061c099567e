"""The five figures that people look for first on a place page, each with what it stands beside."""

from __future__ import annotations

from dataclasses import dataclass

from homeroom.report.place_figures import OutcomeTable, StaffRow
from homeroom.report.sentences import figure, posts
from homeroom.vocabulary.groups import ALL

_GROUPS = {"black": "Black", "hispanic": "Hispanic"}
_ADULTS = {"officer": "sworn officer", "counselor": "counselor"}


@dataclass(frozen=True, slots=True)
class Card:
    """A figure as text, what it counts, and the interval, comparator or reason below it."""

    figure: str
    label: str
    beside: str


def cards(
    table: OutcomeTable | None, beside: list[tuple[str, float]], adults: tuple[str, list[StaffRow]]
) -> list[Card]:
    """Return the cards of a place: its rate, two ratios, and two kinds of adults.

    Parameters
    ----------
    table
        The first outcome by group, or None where none is at hand.
    beside
        Larger places and their rates in the same wave.
    adults
        Wave and rows of the staff; no rows where none are at hand.
    """
    made = [] if table is None else [_rate(table, beside), *_ratios(table)]
    wave, rows = adults
    found = {row.role: row for row in rows}
    return made + [_each(found[role], wave) for role in _ADULTS if role in found]


def _rate(table: OutcomeTable, beside: list[tuple[str, float]]) -> Card:
    row = table.row(ALL)
    label = f"{table.label.lower()} for every 10,000 students, {table.wave}"
    if row.rate is None:
        return Card("–", label, row.note)
    return Card(
        figure(row.rate), label, "; ".join(f"{place}: {figure(rate)}" for place, rate in beside)
    )


def _ratios(table: OutcomeTable) -> list[Card]:
    made = []
    for row in table.rows:
        if row.id not in _GROUPS:
            continue
        label = f"{_GROUPS[row.id]} students' rate against white students', {table.wave}"
        if row.ratio is None:
            made.append(Card("–", label, row.ratio_note))
            continue
        bounds = ""
        if row.ratio_low is not None and row.ratio_high is not None:
            bounds = f"95 % interval {figure(row.ratio_low)} to {figure(row.ratio_high)}"
        few = "few events" if "few" in row.ratio_note else ""
        made.append(Card(f"{figure(row.ratio)} ×", label, ", ".join(t for t in (bounds, few) if t)))
    return sorted(made, key=lambda card: card.label)


def _each(row: StaffRow, wave: str) -> Card:
    label = f"students for each {_ADULTS[row.role]}, {wave}"
    if row.fte is None:
        return Card("–", label, "not reported")
    if row.each is None:
        return Card("none", f"{_ADULTS[row.role]}s reported, {wave}", "")
    told = f"{posts(row.fte)} full-time"
    if row.recommended:
        told += f"; recommended at most {row.recommended}"
    return Card(f"{row.each:,.0f}", label, told)
