"""Who is counted, and who is compared with: the two sides of a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from homeroom.claims.grammar.forms import Form
from homeroom.claims.grammar.lexicon import Mention
from homeroom.claims.grammar.patterns import patterns, word
from homeroom.claims.statistics import COMPARED
from homeroom.errors import Ambiguous

OFFICERS = (
    "Schools with an officer report more than 0 full-time equivalents of sworn officers, schools "
    "without one report 0; the difference is an association, not an effect."
)


@dataclass(frozen=True, slots=True)
class SidesRead:
    """Groups as a question writes them, and what was agreed in reading them."""

    group: str
    versus: str = ""
    comparator: str = "group"
    schools: str = "all"
    sex: str = "all"
    disability: str = "all"
    swapped: bool = False
    conventions: tuple[str, ...] = ()


def sides(text: str, found: list[Mention], form: Form) -> SidesRead:
    """Tell the group from whom it is compared with.

    Raises
    ------
    Ambiguous
        Nobody to compare with, or more groups than two sides.
    """
    officers = _officers(text)
    others = [one for one in found if _is_comparison(text, one, form)]
    own = [one for one in found if one not in others]
    if form.statistic not in COMPARED:
        return _alone(own or others, officers)
    if officers == "both" and len({one.token() for one in found}) < 2:
        return _same_group(text, found)
    if len(own) > 1 and not others and len(own) == 2:
        raise Ambiguous(
            "Two groups are named, but not which is compared with which:",
            [
                f"{own[0].token()} against {own[1].token()}",
                f"{own[1].token()} against {own[0].token()}",
            ],
        )
    if len(own) > 1 or len(others) > 1:
        raise Ambiguous(
            "More than two groups are named: state one comparison at a time.",
            [one.token() for one in found],
        )
    if not others:
        raise Ambiguous("Compared with whom?", _offers(own))
    if not own:
        own = [Mention(0, 0, "all")]
    return _two(own[0], others[0], officers)


def _two(own: Mention, other: Mention, officers: str) -> SidesRead:
    if other.race == "peers" and other.disability == "all":
        raise Ambiguous("Who are the peers?", _offers([own]))
    notes = _notes(own, other)
    schools = {"with": "with_officer", "without": "without_officer"}.get(officers, "all")
    if other.race == "others":
        bare = Mention(0, 0, own.race)
        if own.race == "all":
            return SidesRead(own.token(), "others", schools=schools, conventions=notes)
        return SidesRead(
            bare.token(),
            "others",
            schools=schools,
            sex=own.sex,
            disability=own.disability,
            conventions=notes,
        )
    if own.sex == other.sex and own.disability == other.disability:
        mine, their = (
            replace(own, sex="all", disability="all"),
            replace(other, sex="all", disability="all"),
        )
        if mine.token() == their.token():
            raise Ambiguous(
                "Both sides of the comparison are the same group: whom is meant?", _offers([own])
            )
        return SidesRead(
            mine.token(),
            their.token(),
            schools=schools,
            sex=own.sex,
            disability=own.disability,
            conventions=notes,
        )
    race = other.race
    if (
        race in ("all", "peers")
        and own.race != "all"
        and (other.sex, other.disability) != ("all", "all")
    ):
        named = (
            own.token(),
            replace(other, race=own.race).token(),
            replace(other, race="all").token(),
        )
        raise Ambiguous(
            "Is the comparison within the group, or with all such students?",
            [f"{named[0]} against {named[1]}", f"{named[0]} against {named[2]}"],
        )
    return SidesRead(own.token(), other.token(), schools=schools, conventions=notes)


def _alone(own: list[Mention], officers: str) -> SidesRead:
    if len({one.token() for one in own}) == 1:
        own = own[:1]
    if len(own) > 1:
        raise Ambiguous(
            "Several groups are named: of which is the figure?", [o.token() for o in own]
        )
    one = own[0] if own else Mention(0, 0, "all")
    if one.race in ("others", "peers"):
        one = Mention(0, 0, "all")
    schools = {"with": "with_officer", "without": "without_officer"}.get(officers, "all")
    bare = replace(one, sex="all", disability="all")
    if one.race == "all" and one.token() != "all":
        return SidesRead(one.token(), schools=schools, conventions=_notes(one))
    return SidesRead(
        bare.token(),
        schools=schools,
        sex=one.sex,
        disability=one.disability,
        conventions=_notes(one),
    )


def _same_group(text: str, own: list[Mention]) -> SidesRead:
    if len({one.token() for one in own}) > 1:
        raise Ambiguous(
            "Several groups are named: of which is the comparison?", [o.token() for o in own]
        )
    one = own[0] if own else Mention(0, 0, "all")
    first, second = word("with_officer").search(text), word("without_officer").search(text)
    swapped = bool(first and second and second.start() < first.start())
    notes = (
        *_notes(one),
        OFFICERS,
    )
    return SidesRead(
        replace(one, sex="all", disability="all").token(), "", "same_group",
        sex=one.sex, disability=one.disability, swapped=swapped, conventions=notes,
    )  # fmt: skip


def _officers(text: str) -> str:
    having, lacking = (
        bool(word("with_officer").search(text)),
        bool(word("without_officer").search(text)),
    )
    if having and lacking:
        return "both"
    return "with" if having else "without" if lacking else ""


def _is_comparison(text: str, one: Mention, form: Form) -> bool:
    before = text[: one.start]
    if re.search(patterns()["comparison"]["always"], before):
        return True
    if form.statistic not in COMPARED:
        return False
    if text[form.end : one.start] == " the ":  # "three times the white rate"
        return True
    return one.start >= form.end and bool(
        re.search(patterns()["comparison"]["after"], before[form.end - 1 :])
    )


def _offers(own: list[Mention]) -> list[str]:
    name = own[0].race.replace("+", " and ") if own and own[0].race != "all" else ""
    offers = ["white students", "all other students", "students overall"]
    if own and own[0].disability == "idea":
        offers.insert(0, "students without disabilities")
    if own and own[0].race == "white":
        offers = ["Black students", *offers[1:]]
    if name:
        offers.append(f"{name} students in schools without an officer")
    return offers


def _notes(*sides_: Mention) -> tuple[str, ...]:
    out = []
    if any("+" in one.race and one.race.count("+") < 3 for one in sides_):
        out.append("The groups joined by \u201cand\u201d are taken together.")
    if any(one.race.count("+") >= 3 for one in sides_):
        out.append("Students of color are read as all groups other than white.")
    if any(one.disability == "idea" for one in sides_):
        out.append("Students with disabilities are read as those served under IDEA.")
    return tuple(out)
