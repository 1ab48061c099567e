"""Questions and figures in plain words."""

from __future__ import annotations

from homeroom.claims.model import RELATION_WORDS, Reading, Relation, Statistic
from homeroom.figures.figure import Answer
from homeroom.figures.question import OTHERS, Question
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES
from homeroom.vocabulary.waves import WAVES

_RACES = {
    "black": "Black", "hispanic": "Hispanic", "white": "white", "asian": "Asian",
    "american_indian": "American Indian or Alaska Native", "pacific": "Pacific Islander",
    "two_or_more": "multiracial",
}  # fmt: skip
_SEXES = {"male": "boys", "female": "girls", "nonbinary": "nonbinary students"}
_SPLITS = {
    "idea": "with disabilities served under IDEA",
    "wodis": "without disabilities",
    "s504": "with disabilities served under Section 504 only",
    "nonidea": "not served under IDEA",
}
DONE = {
    "arrests": "were arrested in connection with school",
    "referrals": "were referred to law enforcement by their schools",
    "iss": "were given in-school suspensions",
    "oss": "were suspended out of school",
    "expulsions": "were expelled",
    "zero_tolerance": "were expelled under zero-tolerance policies",
    "transfers": "were transferred to alternative schools for discipline",
    "mechanical_restraint": "were mechanically restrained",
    "physical_restraint": "were physically restrained",
    "seclusion": "were secluded",
    "enrollment": "were enrolled",
}
_SCHOOLS = {
    "with_officer": " in schools with an officer",
    "without_officer": " in schools without an officer",
    "regular": " in regular schools",
    "high": " in schools with grade 12",
}


def group(text: str, question: Question) -> str:
    """Name a group: "Black and Hispanic boys with disabilities served under IDEA"."""
    parts = [_category(part, question) for part in text.split("+")]
    shared = parts[0].split(" ", 1)[-1] if len(parts) > 1 else ""
    if shared and all(part.endswith(" " + shared) for part in parts):
        heads = [part.removesuffix(" " + shared) for part in parts]
        return f"{', '.join(heads[:-1])} and {heads[-1]} {shared}"
    return " and ".join(parts)


def _category(text: str, question: Question) -> str:
    words = text.split("/")
    race = next((_RACES[word] for word in words if word in _RACES), "")
    sex = next((word for word in words if word in _SEXES), question.sex)
    split = next((word for word in words if word in _SPLITS), question.disability)
    noun = _SEXES.get(sex, "students")
    start = f"{race} {noun}" if race else noun
    return f"{start} {_SPLITS[split]}" if split in _SPLITS else start


def versus(question: Question) -> str:
    """Name whom the group is compared with."""
    if question.comparator == "same_group":
        return f"{group(question.group, question)} in schools without an officer"
    if question.versus == OTHERS:
        return "all other students"
    if question.versus == "all":
        return "students overall"
    return group(question.versus, question)


def place(place_id: str, names: dict[str, str] | None = None) -> str:
    """Name a place; ``names`` helps with districts and schools."""
    if place_id == "US":
        return "US public schools"
    if names and place_id in names:
        return names[place_id]
    return STATES.get(place_id.removeprefix("US-"), place_id)


def subject(question: Question) -> str:
    """Name the group with the schools it is in."""
    inside = " in schools with an officer" if question.comparator == "same_group" else ""
    return group(question.group, question) + (inside or _SCHOOLS.get(question.schools, ""))


def number(value: float, step: float = 1.0) -> str:
    """Write a number with as many digits as it deserves."""
    if value == round(value) and step >= 1:
        return f"{value:,.0f}"
    size = abs(value)
    if value == 0:
        return "0"
    digits = 0 if size >= 100 else 1 if size >= 2 else 2
    return f"{value:,.{digits}f}"


def stated(reading: Reading) -> str:
    """Say the value that a claim states."""
    relation = (
        RELATION_WORDS[reading.relation] + " " if reading.relation is not Relation.ABOUT else ""
    )
    value = f"{reading.stated:.3g}"
    if reading.statistic in (Statistic.COUNT, Statistic.ONE_IN):
        value = f"{reading.stated:,.0f}"
    return relation + _UNITS[reading.statistic].format(value)


_UNITS = {
    Statistic.RATIO: "{} times the rate",
    Statistic.RATE: "{} per 10,000 students",
    Statistic.PERCENT: "{} percent of the students of the group",
    Statistic.ONE_IN: "one in {}",
    Statistic.COUNT: "{} students",
    Statistic.SHARE: "{} percent of those counted",
    Statistic.SHARE_OF_STUDENTS: "{} percent of students",
    Statistic.POINTS: "{} percentage points",
    Statistic.CHANGE_COUNT: "a change of {} percent in the number",
    Statistic.CHANGE_RATE: "a change of {} percent in the rate",
}


def echo(reading: Reading, names: dict[str, str] | None = None) -> str:
    """Say how a claim was read, with every convention and default."""
    q = reading.question
    what = MEASURES[q.measure].label.lower()
    who = subject(q)
    where = f"in {place(q.place, names)}, {q.wave}"
    meant = {
        Statistic.RATIO: f"the rate of {what} among {who}, divided by the rate among {versus(q)}",
        Statistic.POINTS: f"the rate of {what} among {who}, less the rate among {versus(q)}",
        Statistic.SHARE: f"the share of {what} that are of {who}",
        Statistic.SHARE_OF_STUDENTS: f"the share of all students who are {who}",
        Statistic.ONE_IN: f"how many {who} there are for each one counted in {what}",
        Statistic.COUNT: f"the number of {who} counted in {what}",
        Statistic.CHANGE_COUNT: f"the number of {who} counted in {what}, against {reading.earlier}",
        Statistic.CHANGE_RATE: f"the rate of {what} among {who}, against {reading.earlier}",
    }.get(reading.statistic, f"the rate of {what} among {who}")
    text = f"Read as: {meant}, {where}; stated: {stated(reading)}."
    if reading.conventions:
        text += " " + " ".join(reading.conventions)
    if reading.alternatives:
        text += " Other readings: " + "; ".join(reading.alternatives) + "."
    return " ".join([text, *(echo(part, names) for part in reading.also)])


def figure(
    reading: Reading, answer: Answer, value: float, names: dict[str, str] | None = None
) -> str:
    """Return the sentence that a newspaper could print: number, comparator, place, year, source."""
    q = answer.question
    who, where = subject(q), place(q.place, names)
    start = who[0].upper() + who[1:]
    done = DONE.get(q.measure, f"were counted in {MEASURES[q.measure].label.lower()}")
    said = number(value, reading.step)
    inside = f"in {where} in {q.wave}"
    rates = _rates(answer)
    text = {
        Statistic.RATIO: f"{start} {done} at {said} times the rate of {versus(q)} {inside}{rates}",
        Statistic.RATE: f"{said} of every 10,000 {who} {done} {inside}",
        Statistic.PERCENT: f"{said} percent of {who} {done} {inside}",
        Statistic.ONE_IN: f"One in {value:,.0f} {who} {done} {inside}",
        Statistic.COUNT: f"{value:,.0f} {who} {done} {inside}",
        Statistic.SHARE: f"{start} made up {said} percent of the students who {done} {inside}",
        Statistic.SHARE_OF_STUDENTS: f"{start} made up {said} percent of students {inside}",
        Statistic.POINTS: f"The share of {who} who {done} was {said} percentage points "
        f"{'above' if value >= 0 else 'below'} that of {versus(q)} {inside}",
        Statistic.CHANGE_COUNT: f"The number of {who} who {done} {_moved(value)} {inside}, "
        f"against {reading.earlier}",
        Statistic.CHANGE_RATE: f"The share of {who} who {done} {_moved(value)} {inside}, "
        f"against {reading.earlier}",
    }[reading.statistic]
    return f"{text}, according to {cited(answer)}."


def _moved(value: float) -> str:
    return f"{'rose' if value >= 0 else 'fell'} by {number(abs(value), 0.1)} percent"


def _rates(answer: Answer) -> str:
    own, other = answer.group.rate_per_10000, answer.versus and answer.versus.rate_per_10000
    if own is None or other is None:
        return ""
    return f" ({own:.1f} against {other:.1f} per 10,000 students)"


def cited(answer: Answer) -> str:
    """Name the publication in words that a reader can look up."""
    tables = "State and National Estimations" if answer.basis == "state_table" else "school files"
    return (
        f"the Civil Rights Data Collection {answer.question.wave} of the US Department of "
        f"Education's Office for Civil Rights ({tables})"
    )


def definition(question: Question, names: dict[str, str] | None = None) -> str:
    """Describe a definition in one line."""
    parts = [
        f"{MEASURES[question.measure].label}: {subject(question)}",
        f"against {versus(question)}"
        if question.versus or question.comparator == "same_group"
        else "",
        place(question.place, names),
        question.wave + (" (the pandemic year)" if WAVES[question.wave].pandemic else ""),
        "sums over schools" if question.basis == "schools" else "",
        "doubted figures left out" if question.policy == "screened" else "",
        "mean of school rates" if question.average == "mean_of_schools" else "",
        "without Section 504 students" if question.section504 == "without" else "",
    ]
    return ", ".join(part for part in parts if part)
