"""The plain sentences of a place page: number, comparator, year, and how sure."""

from __future__ import annotations

from collections.abc import Sequence

from homeroom.figures.nearest import Near
from homeroom.report.place_figures import TOO_FEW, GroupRow, OutcomeTable, StaffRow
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES

DONE = {
    "arrests": "were arrested at school or because of it",
    "referrals": "were reported to the police by their school",
    "iss": "were suspended in school",
    "oss": "were suspended out of school",
    "expulsions": "were expelled",
    "zero_tolerance": "were expelled under zero-tolerance policies",
    "transfers": "were moved to an alternative school for discipline",
    "mechanical_restraint": "were mechanically restrained",
    "physical_restraint": "were physically restrained",
    "seclusion": "were secluded",
}
PEOPLE = {
    "american_indian": "American Indian or Alaska Native students",
    "asian": "Asian students",
    "hispanic": "Hispanic students",
    "black": "Black students",
    "white": "white students",
    "pacific": "Pacific Islander students",
    "two_or_more": "students of two or more races",
    ALL: "students",
}


def figure(value: float) -> str:
    """Write a rate or ratio with the digits that it can bear."""
    if value >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def headline(name: str, table: OutcomeTable, beside: list[tuple[str, float]]) -> str:
    """Say how many students, of how many, and what the larger places' rates are."""
    whole = table.row(ALL)
    done = DONE[table.measure]
    if whole.count is None:
        return f"In {table.wave}, {name} gave no figure of students who {done}: {whole.note}."
    done = done if whole.count != 1 else done.replace("were", "was", 1)
    of = f" of {whole.students:,}" if whole.students is not None else ""
    noun = "student" if whole.count == 1 and not of else "students"
    said = f"In {table.wave}, {whole.count:,}{of} {noun} in {name} {done}"
    if whole.rate is None:
        return f"{said}."
    others = " and ".join(f"{figure(rate)} in {place}" for place, rate in beside)
    return (
        f"{said}: {figure(whole.rate)} for every 10,000{', against ' + others if others else ''}."
    )


def disparity(table: OutcomeTable) -> list[str]:
    """Say the ratio of the two groups that most claims name, or why there is none."""
    return [text for group in ("black", "hispanic") if (text := _ratio(table, group))]


def _ratio(table: OutcomeTable, group: str) -> str:
    row = next((row for row in table.rows if row.id == group), None)
    people = PEOPLE[group]
    if row is None:
        return ""
    if row.ratio is None:
        none_counted = row.ratio_note == "none counted in either group"
        few = row.ratio_note == TOO_FEW
        why = "there are too few students to compare" if few else row.ratio_note
        if none_counted or not why:
            return ""
        return f"{people[0].upper()}{people[1:]} against white students: {why}."
    sure = ""
    if row.ratio_low is not None and row.ratio_high is not None:
        sure = f" (95 % interval {figure(row.ratio_low)} to {figure(row.ratio_high)})"
    weak = "; the counts are small, so read the interval" if "few" in row.ratio_note else ""
    return (
        f"{people[0].upper()}{people[1:]} {DONE[table.measure]} at {figure(row.ratio)} times the "
        f"rate of white students{sure}{weak}."
    )


def standing(name: str, kind: str, wave: str, found: Near, measure: str) -> str:
    """Say where a place's rate stands among its peers, or nothing where none can be told."""
    stands = found.standing(measure)
    known = stands["peers_with_a_rate"]
    if stands["rate_per_10000"] is None or not known:
        return ""
    where = f" in {STATES[found.state]}" if found.state else ""
    lower, equal = stands["lower"], stands["equal"]
    what = "arrest rate" if measure == "arrests" else f"rate of {MEASURES[measure].label.lower()}"
    return (
        f"Of the {len(found.rows) - 1} {kind}s{where} most like {name}, {known} have figures "
        f"at hand for {wave}: {lower} of them had a lower {what}, {known - lower - equal} a higher "
        f"one{f', {equal} the same' if equal else ''}."
    )


def adults(wave: str, rows: list[StaffRow], *, kind: str, high_schools: bool) -> str:
    """Say which adults worked there; ``kind`` is the place's."""
    by_role = {row.role: row for row in rows}
    parts = [
        f"{_fte(row.fte)} {label.removesuffix('s') if row.fte == 1 else label}"
        for role, label in (
            ("officer", "sworn police officers"), ("counselor", "counselors"),
            ("social_worker", "social workers"), ("psychologist", "psychologists"),
            ("nurse", "nurses"),
        )
        if (row := by_role.get(role)) and row.fte is not None
    ]  # fmt: skip
    if not parts:
        return ""
    scope = "It" if kind == "school" else f"Its {'high ' if high_schools else ''}schools"
    return f"{scope} had {listed(parts)} in {wave}, counted in full-time equivalents."


def _fte(value: float | None) -> str:
    if value is None:
        return "an unknown number of"
    return "no" if value == 0 else posts(value)


def posts(value: float) -> str:
    """Write full-time equivalents to one decimal, none where it says nothing."""
    return f"{value:,.1f}".removesuffix(".0")


def listed(words: Sequence[str], joined: str = "and") -> str:
    """Join words as a sentence does."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joined} {words[-1]}"


def with_interval(row: GroupRow) -> str:
    """Write a rate with its interval for alternative text."""
    if row.rate is None:
        return f"{row.label}: no rate ({row.note})"
    if row.low is None or row.high is None:
        return f"{row.label}: {figure(row.rate)}"
    return f"{row.label}: {figure(row.rate)} ({figure(row.low)} to {figure(row.high)})"
