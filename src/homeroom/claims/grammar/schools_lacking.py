"""Claims of students in schools that have police and lack a counselor, nurse, or other support."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from homeroom.claims.grammar import lexicon
from homeroom.claims.grammar.account import check_all_read
from homeroom.claims.grammar.forms import Form, forms, related
from homeroom.claims.grammar.numbers import plain, step_of
from homeroom.claims.grammar.patterns import patterns
from homeroom.claims.grammar.places import Finder, place_of, spelled_out, waves_of
from homeroom.claims.model import Reading, Statistic
from homeroom.claims.waves import DEFAULT
from homeroom.errors import Ambiguous
from homeroom.figures.question import Question
from homeroom.vocabulary.roles import SUPPORT

ANY, ALL = "police_and_lacks_any", "police_and_lacks_all"
_SHARES = (Statistic.PERCENT, Statistic.SHARE, Statistic.SHARE_OF_STUDENTS)


@dataclass(frozen=True, slots=True)
class Lacking:
    """A claim about schools with police: what they lack, and what is counted of them.

    Attributes
    ----------
    set
        A set of :func:`homeroom.figures.gaps.police_without_support`.
    unit
        What the number counts: students or schools.
    may_mean
        Another set that the same words are used for; empty where there is none.
    """

    set: str
    unit: str
    reading: Reading
    may_mean: str = ""


def read_lacking(sentence: str, finder: Finder | None = None) -> Lacking | None:
    """Read a claim about schools with police and without support; None where it is another claim.

    Raises
    ------
    Ambiguous
        Several kinds of staff are lacking, or the number or the students counted aren't clear.
    """
    sentence = spelled_out(sentence)
    text = plain(sentence)
    said = patterns()["lacking"]
    if not re.search(said["police"], text) or lexicon.outcomes(text):
        return None
    roles = _lacked(text)
    if not roles and not re.search(said["attend"], text):
        return None
    if not roles and re.search(said["without_police"], text):
        return None
    chosen = _set(roles, at_least_one=_one_is_enough(text))
    unit, form = _number(text)
    _only_all_students(text)
    read_here = [
        said[name]
        for name in ("police", "none_of", "without_police", "attend", "around", "at_least_one")
    ]
    check_all_read(sentence, text, [form], read_here)
    place, _name, place_notes = place_of(sentence, finder)
    waves, wave_notes = waves_of(sentence)
    if len(waves) > 1:
        raise Ambiguous("Several years are named: which is meant?", waves)
    statistic = (
        Statistic.COUNT if form.statistic is Statistic.COUNT else Statistic.SHARE_OF_STUDENTS
    )
    question = Question(
        measure="enrollment", place=place or "US", wave=waves[0] if waves else DEFAULT
    )
    open_fields = tuple(n for n, known in (("wave", waves), ("place", place)) if not known)
    notes = [*place_notes, *wave_notes, *form.conventions]
    if not place:
        notes.append("No place is named: the nation is taken.")
    reading = Reading(
        question, statistic, form.stated, form.relation, form.step, form.upper, form.hedge,
        form.give, left_open=open_fields, conventions=tuple(notes),
    )  # fmt: skip
    return Lacking(chosen, unit, reading, ANY if chosen == ALL else "")


def _lacked(text: str) -> list[str]:
    """Return the roles that the schools are said to lack."""
    said = patterns()["lacking"]
    match = re.search(said["none_of"], text)
    if match is None:
        return []
    listed = match["roles"]
    found = [role for role, word in said["roles"].items() if re.search(rf"\b{word}\b", listed)]
    if not found:
        raise Ambiguous(
            f"\u201c{listed.strip()}\u201d can be several kinds of staff, and schools report them "
            "one by one: which is meant?",
            ["no counselor", "no social worker", "no psychologist", "no nurse"],
        )
    return found


def _one_is_enough(text: str) -> bool:
    """Return whether schools are meant that lack at least one of the roles."""
    match = re.search(patterns()["lacking"]["none_of"], text)
    return (
        match is not None and re.search(patterns()["lacking"]["at_least_one"], match[0]) is not None
    )


def _set(roles: list[str], *, at_least_one: bool) -> str:
    if not roles:
        return "police"
    if len(roles) == len(SUPPORT):
        return ANY if at_least_one else ALL
    if len(roles) == 1:
        return f"police_and_no_{roles[0]}"
    single = [f"students in schools with police but no {role.replace('_', ' ')}" for role in roles]
    raise Ambiguous(
        "Several kinds of staff are named. Schools that lack one of them are many more than "
        "schools that lack all of them. State one at a time:",
        single,
    )


def _number(text: str) -> tuple[str, Form]:
    """Return what is counted, students or schools, and how many of them."""
    schools = re.search(patterns()["lacking"]["schools"], text)
    if schools and not re.search(
        r"\d[\d.~/]*(?: (?:percent|in|out|of|every|1)\b| [a-z-]+){0,4} students", text
    ):
        number = float(schools["n"])
        form = Form(schools.start(), schools.end(), Statistic.COUNT, number, step_of(schools["n"]))
        return "schools", related(text, form)
    found = forms(text)
    if len(found) != 1:
        raise Ambiguous(
            "How many students? State one number, as in these forms:",
            [
                "1.7 million students are in schools with police but no counselor",
                "3 percent of students are in schools with police but no counselor",
            ],
        )
    (form,) = found
    if form.statistic is Statistic.ONE_IN:
        share = round(100 / form.stated, 2)
        return "students", replace(
            form, statistic=Statistic.SHARE_OF_STUDENTS, stated=share,
            step=round(share - 100 / (form.stated + 1), 4),
        )  # fmt: skip
    if form.statistic not in (Statistic.COUNT, *_SHARES):
        raise Ambiguous(
            "The number of students in such schools, or their share, can be checked. State it as "
            "one of these:",
            ["1.7 million students", "3 percent of students"],
        )
    return "students", form


def _only_all_students(text: str) -> None:
    named = [one for one in lexicon.mentions(text) if one.token() not in ("all", "others")]
    if named:
        raise Ambiguous(
            "These figures count all students of a school, not one group: is the claim about all "
            "students?",
            ["all students in schools with police but no counselor"],
        )
