"""Questions and figures in plain words."""

from __future__ import annotations

from homeroom.claims.grammar.numbers import shown
from homeroom.claims.model import RELATION_WORDS, Reading, Relation, Statistic
from homeroom.evidence.place_ids import place_range
from homeroom.figures import wording
from homeroom.figures.figure import Figure
from homeroom.figures.question import Question
from homeroom.vocabulary.groups import ALL, Group
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES
from homeroom.vocabulary.waves import WAVES

_SCHOOLS = {
    "with_officer": " in schools with an officer",
    "without_officer": " in schools without an officer",
    "regular": " in regular schools",
    "high": " in schools with grade 12",
}


def group(text: str, question: Question) -> str:
    """Return a group as people: "Black and Hispanic boys with disabilities served under IDEA"."""
    return Group(text).people(question.sex, question.disability)


def versus(question: Question) -> str:
    """Return whom the group is compared with; a rate stands beside that of students overall."""
    if question.comparator == "same_group":
        return f"{group(question.group, question)} in schools without an officer"
    if question.versus in ("", ALL):
        return "students overall"
    return group(question.versus, question)


def place(place_id: str, names: dict[str, str] | None = None) -> str:
    """Return the name of a place; ``names`` helps with districts and schools."""
    if place_id == "US":
        return "US public schools"
    if names and place_id in names:
        return names[place_id]
    return STATES.get(place_id.removeprefix("US-"), place_id)


def subject(question: Question) -> str:
    """Return the group with the schools it is in."""
    inside = " in schools with an officer" if question.comparator == "same_group" else ""
    return group(question.group, question) + (inside or _SCHOOLS.get(question.schools, ""))


def number(value: float, step: float = 1.0) -> str:
    """Return a number with as many digits as it deserves."""
    if value == round(value) and step >= 1:
        return f"{value:,.0f}"
    size = abs(value)
    if value == 0:
        return "0"
    digits = 0 if size >= 100 else 1 if size >= 2 else 2
    return f"{value:,.{digits}f}"


def stated(reading: Reading) -> str:
    """Return the value that a claim states."""
    if reading.statistic in _DIRECTIONS and reading.stated == 0:
        return _direction(reading)
    if reading.stated == reading.base == 1:
        less = reading.relation is Relation.LESS_THAN
        return {
            Statistic.RATIO: f"a {'lower' if less else 'higher'} rate",
            Statistic.COUNT_RATIO: f"{'fewer' if less else 'more'} students",
        }.get(reading.statistic, f"a {'smaller' if less else 'larger'} share than of all students")
    relation = (
        RELATION_WORDS[reading.relation] + " " if reading.relation is not Relation.ABOUT else ""
    )
    if not relation and reading.hedge:
        relation = f"{reading.hedge} "
    if reading.statistic in (Statistic.COUNT, Statistic.ONE_IN):
        value = f"{reading.stated:,.0f}"
    else:
        value = shown(reading.stated)
    if reading.upper is not None:
        value += f" to {shown(reading.upper)}"
    return relation + _UNITS[reading.statistic].format(value)


_DIRECTIONS = (Statistic.CHANGE_COUNT, Statistic.CHANGE_RATE, Statistic.GAP_CHANGE)


def _direction(reading: Reading) -> str:
    down = reading.relation is Relation.LESS_THAN
    if reading.statistic is Statistic.GAP_CHANGE:
        return f"that the gap {'narrowed' if down else 'widened'}"
    what = "number" if reading.statistic is Statistic.CHANGE_COUNT else "rate"
    return f"that the {what} {'fell' if down else 'rose'}"


_UNITS = {
    Statistic.RATIO: "{} times the rate",
    Statistic.RATE: "{} per 10,000 students",
    Statistic.PERCENT: "{} percent of the students of the group",
    Statistic.ONE_IN: "one in {}",
    Statistic.COUNT: "{} students",
    Statistic.SHARE: "{} percent of those counted",
    Statistic.SHARE_OF_STUDENTS: "{} percent of students",
    Statistic.POINTS: "{} percentage points",
    Statistic.COUNT_RATIO: "{} times as many students",
    Statistic.INDEX: "{} times the group's share of students",
    Statistic.OVER_SHARE: "{} percentage points more than the group's share of students",
    Statistic.CHANGE_NUMBER: "a change of {} students",
    Statistic.GAP_CHANGE: "a change of {} in the ratio of the two rates",
    Statistic.CHANGE_COUNT: "a change of {} percent in the number",
    Statistic.CHANGE_RATE: "a change of {} percent in the rate",
}


def echo(reading: Reading, names: dict[str, str] | None = None) -> str:
    """Return how a claim was read, with every convention and default."""
    q = reading.question
    what = MEASURES[q.measure].label.lower()
    who = subject(q)
    at = f"in {place(q.place, names)}, {q.wave}"
    meant = {
        Statistic.RATIO: f"the rate of {what} among {who}, divided by the rate among {versus(q)}",
        Statistic.POINTS: f"the rate of {what} among {who}, less the rate among {versus(q)}",
        Statistic.SHARE: f"the share of {what} that are of {who}",
        Statistic.SHARE_OF_STUDENTS: f"the share of all students who are {who}",
        Statistic.ONE_IN: f"how many {who} there are for each one counted in {what}",
        Statistic.COUNT: f"the number of {who} counted in {what}",
        Statistic.COUNT_RATIO: f"the number of {who} counted in {what}, divided by the number of "
        f"{versus(q)}",
        Statistic.INDEX: f"the share of {what} that are of {who}, divided by their share of "
        "all students",
        Statistic.OVER_SHARE: f"the share of {what} that are of {who}, less their share of all "
        "students",
        Statistic.GAP_CHANGE: f"the rate of {what} among {who}, divided by the rate among "
        f"{versus(q)}, against {reading.earlier}",
        Statistic.CHANGE_NUMBER: f"the number of {who} counted in {what}, against "
        f"{reading.earlier}",
        Statistic.CHANGE_COUNT: f"the number of {who} counted in {what}, against {reading.earlier}",
        Statistic.CHANGE_RATE: f"the rate of {what} among {who}, against {reading.earlier}",
    }.get(reading.statistic, f"the rate of {what} among {who}")
    text = f"Read as: {meant}, {at}; stated: {stated(reading)}."
    if reading.conventions:
        text += " " + " ".join(reading.conventions)
    if reading.alternatives:
        text += " Other readings: " + "; ".join(reading.alternatives) + "."
    return " ".join([text, *(echo(part, names) for part in reading.also)])


def definition(question: Question, names: dict[str, str] | None = None) -> str:
    """Return a definition in one line."""
    parts = [
        f"{MEASURES[question.measure].label}: {subject(question)}",
        f"against {versus(question)}" if question.compares else "",
        place(question.place, names),
        question.wave + (" (the pandemic year)" if WAVES[question.wave].pandemic else ""),
        "sums over schools" if question.basis == "schools" else "",
        "figures in doubt left out" if question.policy == "screened" else "",
        "mean of school rates" if question.average == "mean_of_schools" else "",
        "without Section 504 students" if question.section504 == "without" else "",
    ]
    return ", ".join(part for part in parts if part)


def where(found: Figure, names: dict[str, str] | None = None) -> str:
    """Return the place that a sentence may name for a figure, to be read after "in"."""
    q = found.question
    of = "schools" if found.basis == "state_table" else "students"
    return wording.where(place(q.place, names), found, place_range(q.place), q.policy, of)
