"""The plain sentences of a place page: number, comparator, year, whom it speaks for, how sure.

Every sentence with a number is written from a figure, so it can say what the figure speaks for and
why it is doubtful, in the sentence itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from homeroom.evidence.place_ids import place_range
from homeroom.figures import wording
from homeroom.figures.figure import Figure
from homeroom.figures.nearest import Near
from homeroom.figures.staffing import StaffFigure
from homeroom.figures.wording import listed
from homeroom.report.place_figures import GroupRow, OutcomeTable, StaffRow
from homeroom.vocabulary.groups import Group
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES

__all__ = [
    "adults", "capital", "disparity", "doubted", "figure", "figure_missing", "headline",
    "listed", "place_name", "posts", "reach", "staff_scope", "standing", "with_interval",
    "without_doubted",
]  # fmt: skip

Beside = Sequence[tuple[str, Figure]]
"""Larger places and their figures of the same measure and wave."""

_EVENTS = {
    "arrests": ("arrest", "arrests"), "referrals": ("referral to police", "referrals to police"),
}  # fmt: skip
"""One, and more than one."""
_COMPARED = ("black", "hispanic")


def figure(value: float) -> str:
    """Write a rate or ratio with the digits that it can bear."""
    if value >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def capital(text: str) -> str:
    """Return a sentence with a capital first; names keep theirs."""
    return f"{text[:1].upper()}{text[1:]}"


def place_name(place: str, name: str) -> str:
    """Return a place's name as a sentence holds it: "the United States", else the name."""
    kind = place_range(place).kind
    return f"the {name}" if kind == "nation" and not name.startswith("the ") else name


def reach(name: str, one: Figure | StaffFigure) -> str:
    """Return whose students a figure counts: the place's name, or which of its schools."""
    place, policy = _asked(one)
    called = place_name(place, name)
    return wording.schools_of(called, one, place_range(place), policy)


def _asked(one: Figure | StaffFigure) -> tuple[str, str]:
    if isinstance(one, Figure):
        return one.question.place, one.question.policy
    return one.place, one.policy


def doubted(one: Figure | StaffFigure) -> str:
    """Return a figure's doubt in brackets, to stand behind its number; empty for none."""
    said = wording.doubt(one.doubts)
    return f" ({said})" if said else ""


def marked(one: Figure) -> str:
    """Return a mark that a figure is doubtful; :func:`reasons` says why, in the next lines."""
    return " (doubtful)" if one.doubtful else ""


def reasons(beside: Beside) -> list[str]:
    """Say why the figures of larger places are doubtful, a sentence each."""
    return [
        f"{capital(name)}, {figure(one.value)}: {wording.doubt(one.doubts)}."
        for name, one in beside
        if one.value is not None and one.doubtful
    ]


def figure_missing(one: Figure) -> str:
    """Return why a figure has no number, for the end of a sentence."""
    return wording.clause(one.explanation or "no figure")


def headline(name: str, table: OutcomeTable, beside: Beside) -> str:
    """Say how many students, of how many, and what the larger places' rates are.

    A doubtful count is called what it is, and what is left without it stands beside it.
    """
    one = table.whole_figure
    where, done = reach(name, one), _done(table.measure)
    count, students = one.group.count, one.group.students
    if count is None and one.all_events:
        who, did = ("1 student", done.replace("were", "was", 1)) if one.all_events == 1 else (
            f"{one.all_events:,} students", done)  # fmt: skip
        return f"In {table.wave}, {who} in {where} {did}; no rate is given: {figure_missing(one)}."
    if count is None:
        return (
            f"In {table.wave}, there is no figure of students in {where} who {done}: "
            f"{figure_missing(one)}."
        )
    if one.doubtful:
        return _doubtful(where, table, beside)
    if count == 0:
        of = f" of {students:,} students" if students else ""
        said = f"In {table.wave}, {where} reported none{of} who {done}"
        return f"{said}{_against(beside, ', against ')}."
    noun, done = ("student", done.replace("were", "was", 1)) if count == 1 else ("students", done)
    if students is not None:
        noun = f"of {students:,} students"
    said = f"In {table.wave}, {count:,} {noun} in {where} {done}"
    if one.value is None:
        return f"{said}; no rate is given: {figure_missing(one)}."
    part = wording.partly(one.doubts)
    return f"{said}: {figure(one.value)} for every 10,000{_against(beside, ', against ')}." + (
        f" {capital(part.replace(' of it', ' of this count', 1))}." if part else ""
    )


def _doubtful(where: str, table: OutcomeTable, beside: Beside) -> str:
    """Tell a doubtful count as a report, why it is doubted, and what is left without it."""
    one = table.whole_figure
    count = one.group.count or 0
    what = _EVENTS.get(table.measure, (table.label.lower(),) * 2)[count != 1]
    told = f"{count:,} {what}" if count else f"no {what}"
    parts = [
        f"In {table.wave}, {where} reported {told}, {wording.because(one.doubts)}.",
        without_doubted(table),
    ]
    if beside:
        parts.append(f"For every 10,000 students: {_against(beside, '')}.")
    return " ".join(part for part in parts if part)


def without_doubted(table: OutcomeTable) -> str:
    """Say what is left of a doubtful count without the schools in doubt; empty if unknown."""
    if table.screened is None:
        return ""
    left = table.screened.whole_figure
    if left.group.count is None or left.value is None:
        return "Once what we doubt is left out, no figure remains."
    name = STATES.get(left.question.place[3:], "") or (
        "the United States" if left.question.place == "US" else "its other schools"
    )
    where = reach(name, left)
    return (
        f"With the doubted schools left out, it was {left.group.count:,} of "
        f"{left.group.students:,} students in {where}, {figure(left.value)} for every 10,000."
    )


def _against(beside: Beside, lead: str) -> str:
    told = [
        f"{figure(one.value)} in {reach(name, one)}{marked(one)}"
        for name, one in beside
        if one.value is not None
    ]
    return f"{lead}{listed(told)}" if told else ""


def _done(measure: str) -> str:
    return MEASURES[measure].done or f"were counted under {MEASURES[measure].label.lower()}"


def disparity(table: OutcomeTable, *, alone: bool = True) -> list[str]:
    """Say the ratios of the two groups that most claims name, or why there is none.

    Doubtful counts carry no comparison; what is left without the doubted schools may.

    Parameters
    ----------
    alone
        Whether the sentences stand without the headline, which says why the counts are doubtful.
    """
    if not table.doubtful:
        return [text for group in _COMPARED if (text := _ratio(table, group))]
    why = wording.doubt(table.whole_figure.doubts)
    said = [f"No groups are compared for {table.wave}: the counts are {why}."]
    if not alone:
        said = ["No groups are compared, since we doubt the counts."]
    if table.screened is not None and not table.screened.doubtful:
        left = [text for group in _COMPARED if (text := _ratio(table.screened, group))]
        said += [f"With the doubted schools left out: {wording.clause(text)}." for text in left]
    return said


def _ratio(table: OutcomeTable, group: str) -> str:
    row = next((row for row in table.rows if row.id == group), None)
    if row is None or row.ratio_figure is None:
        return ""
    one = row.ratio_figure
    white = one.versus
    people, done = Group(group).people(), _done(table.measure)
    scope = _scope(one)
    if white is None or row.count is None or not row.students or not white.students:
        return ""
    if row.count == 0 and not white.count:
        return ""
    if one.reason == "too_few_students":
        return f"There are too few students to compare {people} with white students{scope}."
    if row.count == 0:
        return f"{_none(row, one, people)}{scope}."
    if not white.count:
        bound = (
            f": the counts fit any ratio over {figure(row.ratio_low)} (95% interval)"
            if row.ratio_low
            else ""
        )
        return (
            f"{row.count:,} of {row.students:,} {people} {done}, and none was reported of "
            f"{white.students:,} white students, so no ratio can be given{bound}{scope}."
        )
    if one.value is None:
        return f"{capital(people)} against white students{scope}: {figure_missing(one)}."
    sure = ""
    if one.low is not None and one.high is not None:
        sure = f" (95% interval {figure(one.low)} to {figure(one.high)})"
    weak = "; the counts are small, so read the interval" if one.reason == "few_events" else ""
    return (
        f"{capital(people)} {done} at {figure(one.value)} times the rate of white "
        f"students{sure}{scope}{weak}."
    )


def _none(row: GroupRow, one: Figure, people: str) -> str:
    """Tell a reported zero as a report, and what the counts can rule out."""
    white = one.versus
    counted = f"{white.count:,} among {white.students:,} white students" if white else ""
    said = f"Schools reported none among {row.students:,} {people}, and {counted}"
    if one.high is None or one.high >= 1:
        return f"{said}; too few to tell"
    return f"{said}: if the reports are right, under {figure(one.high)} times their rate"


def _scope(one: Figure) -> str:
    """Return ", in ..." where a figure does not speak for its place."""
    if one.whole:
        return ""
    area = place_range(one.question.place)
    said = wording.scope(one.universe, one.coverage, wording.whole_of(area), one.question.policy)
    return f" ({said})" if said else ""


def standing(name: str, kind: str, wave: str, found: Near, measure: str) -> str:
    """Say where a place's rate stands among its peers, or nothing where none can be told.

    Doubtful figures are not ranked, the place's own included; how many were left out is said.
    """
    stands, own = found.standing(measure), found.figure(measure)
    known, out = stands["peers_with_a_rate"], stands["doubtful_peers"]
    label = MEASURES[measure].label.lower()
    what = "arrest rate" if measure == "arrests" else f"rate of {label}"
    if own is not None and own.doubtful:
        return (
            f"{capital(name)} is not ranked among its peers: its {what} of {wave} is "
            f"{wording.doubt(own.doubts)}."
        )
    if stands["rate_per_10000"] is None or not known:
        return ""
    lower, equal = stands["lower"], stands["equal"]
    higher = known - lower - equal
    more, many = ("higher", lower) if lower >= higher else ("lower", higher)
    state = f"{STATES[found.state]} " if found.state else ""
    every = known == len(found.rows) - 1
    whole = "all " if many == known else f"{many} of the "
    those = f"{known} most similar {state}{kind}s" if every else (
        f"{known} similar {state}{kind}s with figures we can compare"
    )  # fmt: skip
    same = f"; {equal} had the same rate" if equal else ""
    left = ""
    if out:
        left = f"; {out} more {'has a' if out == 1 else 'have'} doubtful " + (
            "figure and is left out" if out == 1 else "figures and are left out"
        )
    scope = _scope(own) if own is not None else ""
    return f"{capital(name)}'s {what}{scope} was {more} than in {whole}{those}, {wave}{same}{left}."


_ADULTS = (
    ("officer", "sworn police officers"), ("counselor", "counselors"),
    ("social_worker", "social workers"), ("psychologist", "psychologists"), ("nurse", "nurses"),
)  # fmt: skip


def adults(wave: str, rows: list[StaffRow], *, kind: str, high_schools: bool) -> str:
    """Say which adults the schools reported; ``kind`` is the place's.

    A reported zero is told as a report; a doubtful figure with its doubt and what is left
    without it.
    """
    by_role = {row.role: row for row in rows}
    shown = [
        (row, noun) for role, noun in _ADULTS if (row := by_role.get(role)) and row.fte is not None
    ]
    if not shown:
        return ""
    some = [_adults(row, noun) for row, noun in shown if row.fte]
    none = [f"{noun}{_notes(row)}" for row, noun in shown if not row.fte]
    first = shown[0][0].figure
    who, they = f"Its {'high ' if high_schools else ''}schools", "they"
    if kind == "school":
        who, they = "It", "it"
    elif first.universe.states:
        who = f"Schools in {reach('the nation', first)}"
    zero = f"reported no {listed(none, 'or')} stationed there"
    if not some:
        return f"{who} {zero} in {wave}."
    said = f"{who} reported {listed(some)} in {wave}, counted in full-time equivalents"
    return f"{said}; {they} {zero}." if none else f"{said}."


def _adults(row: StaffRow, noun: str) -> str:
    one = row.fte == 1
    return f"{posts(row.fte or 0)} {noun.removesuffix('s') if one else noun}{_notes(row)}"


def _notes(row: StaffRow) -> str:
    """Return a role's doubt, what is left without it, and whom it misses, in brackets."""
    one, left = row.figure, row.screened
    said = [wording.because(one.doubts) or wording.partly(one.doubts)]
    if left is not None:
        said.append(
            "none is left without the doubted schools"
            if left.fte is None
            else f"{posts(left.fte)} without the doubted schools"
        )
    if not (one.whole or one.universe.high_schools or one.universe.states):
        said.append(staff_scope(one))
    text = "; ".join(part for part in said if part)
    return f" ({text})" if text else ""


def staff_scope(one: StaffFigure) -> str | None:
    """Return which schools an adult figure speaks for, or None where they are the place's."""
    covered = None if one.universe.high_schools else one.coverage
    return wording.scope(
        one.universe, covered, wording.whole_of(place_range(one.place)), one.policy
    )


def posts(value: float) -> str:
    """Write full-time equivalents to one decimal, none where it says nothing."""
    return f"{value:,.1f}".removesuffix(".0")


def with_interval(row: GroupRow) -> str:
    """Write a rate with its interval for alternative text."""
    if row.rate is None:
        return f"{row.label}: no rate ({row.note})"
    said = f"{row.label}: {figure(row.rate)}"
    if row.low is not None and row.high is not None:
        said += f" ({figure(row.low)} to {figure(row.high)})"
    return said
