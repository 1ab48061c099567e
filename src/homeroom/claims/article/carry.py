"""What a sentence leaves to the sentences before it: place, year, group, and outcome.

What the same voice has just said in the same paragraph is carried and shown. What was said further
off is not: such a sentence is read both without it and with it, and if the two readings do not come
to the same verdict, it gets none (see :mod:`homeroom.claims.article.judging`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from homeroom.claims.article.model import Carried, Sentence
from homeroom.claims.article.words import words
from homeroom.claims.grammar import lexicon
from homeroom.claims.grammar.forms import forms
from homeroom.claims.grammar.numbers import plain
from homeroom.claims.grammar.places import Finder, place_of, spelled_out, waves_of
from homeroom.errors import Ambiguous
from homeroom.vocabulary.groups import Group
from homeroom.vocabulary.measures import MEASURES

FAR = 3
"""Paragraphs after which a place or a year is forgotten."""
_DATE = re.compile(
    r"\b(?:Jan(?:uary|\.)|Feb(?:ruary|\.)|March|April|May|June|July|Aug(?:ust|\.)|Sept(?:ember|\.)|"
    r"Oct(?:ober|\.)|Nov(?:ember|\.)|Dec(?:ember|\.))(?: \d{1,2})?,? (?:19|20)\d\d\b"
)
_PARTY = re.compile(r"\b[DRI]-[A-Z][A-Za-z.]*")
_NO_GROUP = frozenset(("others", "peers"))
_THEY = re.compile(r"\b(?:they|them)\b", re.IGNORECASE)
_THOSE = re.compile(
    r"\b(?:these|those|such) (?:students|children|kids|pupils|youths?|boys|girls)\b"
    r"(?! (?:who|with|in|of)\b)",
    re.IGNORECASE,
)
_THAT = re.compile(
    r"^(?:That|This|It)(?:['\u2019]s| is| was| means) "
    r"(?=(?:[\w./-]+ ){0,3}(?:times|twice|double|triple)\b)"
)
_SAME_PLACE = re.compile(
    r"\b(?:there|statewide|(?:in|across) the (?:same )?(?:state|district)|the state['\u2019]s|"
    r"the district['\u2019]s|that (?:state|district))\b",
    re.IGNORECASE,
)
_SAME_YEAR = re.compile(
    r"\b(?:that|(?:the|that) same|the) (?:school )?year\b(?! (?:after|before))", re.IGNORECASE
)
_COMPARED = re.compile(
    r"\b(?:than|that of|those of|rate of|rates of|to|with|versus|vs\.?|as) (?:the |their |all )*$"
)
_RATE = re.compile(
    r"\b(?:the|their|a) rate\b(?! (?:of|at which|for) (?:arrest|referral|suspen|expul))"
)
_DONE = {
    "arrests": "were arrested", "referrals": "were referred to law enforcement",
    "oss": "were suspended out of school", "iss": "were suspended in school",
    "expulsions": "were expelled",
}  # fmt: skip
_NAMED = {"arrests": "arrest", "referrals": "law enforcement referral", "expulsions": "expulsion"}


@cache
def _others() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(words('others')))})\b")


@dataclass(frozen=True, slots=True)
class Left:
    """What a sentence leaves behind for those after it."""

    sentence: Sentence
    place: str = ""
    place_said: str = ""
    wave: str = ""
    groups: tuple[str, ...] = ()
    """Groups of students it is about, in its order; not those that they are compared with."""
    first_other: bool = False
    """Whether it names others (officers, schools) before any of these groups."""
    others: bool = False
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A sentence as it is to be checked.

    Attributes
    ----------
    said
        With everything that is surely meant put in.
    carried
        What was put in.
    else_said
        Also with what may be meant; empty where nothing is open.
    else_carried
        What may be meant.
    open
        Why the sentence cannot be read: a "they" that may be several.
    choices
        What that may be.
    """

    said: str
    carried: list[Carried] = field(default_factory=list)
    else_said: str = ""
    else_carried: list[Carried] = field(default_factory=list)
    open: str = ""
    choices: list[str] = field(default_factory=list)


def left_by(one: Sentence, finder: Finder | None = None) -> Left:
    """Return what a sentence leaves behind: none of what it names twice or not clearly."""
    place, name = _place(one.said, finder)
    text = plain(one.said)
    groups, others = _groups(text)
    first = _others().search(text)
    outcomes = lexicon.outcomes(text)
    sure = len(outcomes) == 1 and len(outcomes[0]) == 1
    return Left(
        one, place, name, _wave(one.said), tuple(group for _, group in groups),
        first is not None and (not groups or first.start() < groups[0][0]), others,
        outcomes[0][0] if sure else "",
    )  # fmt: skip


def carry(one: Sentence, before: Sequence[Left], finder: Finder | None = None) -> Read:
    """Put into a sentence what it leaves to those before it.

    Parameters
    ----------
    one
        The sentence.
    before
        What the sentences before it leave behind, in order.
    finder
        Finds places by name.
    """
    said = one.said
    carried: list[Carried] = []
    near = [left for left in before if _near(left.sentence, one)]
    who = _who(said, near)
    if isinstance(who, Read):
        return who
    said, found = who
    carried += found
    said, found = _rate(said, near)
    carried += found
    may: list[Carried] = []
    for what, needed in (("place", _lacks_place(said, finder)), ("wave", not _wave(said))):
        if needed and (one_more := _where_or_when(what, one, before)):
            (carried if one_more.sure else may).append(one_more)
    sure = with_added(said, [c for c in carried if c.what in ("place", "wave")])
    if not may:
        return Read(sure, carried)
    return Read(sure, carried, with_added(sure, may), may)


def with_added(said: str, added: Sequence[Carried]) -> str:
    """Return a sentence with a place and a year at its end."""
    for one in added:
        phrase = f" in {one.read_as}"
        said = re.sub(r"[.!]*\s*$", "", said) + phrase + "."
        said = _SAME_YEAR.sub("", said) if one.what == "wave" else _SAME_PLACE.sub("", said)
        said = re.sub(r"\s+", " ", re.sub(r"\b(?:in|during)\s+(?=,|in\b|$)", "", said))
        said = re.sub(r"^\s*,?\s*|\s+(?=[,.])", "", said)
        said = said[:1].upper() + said[1:]
    return said


def _near(earlier: Sentence, one: Sentence) -> bool:
    return earlier.paragraph == one.paragraph and earlier.quoted == one.quoted and (
        not one.quoted or earlier.speaker == one.speaker
    )  # fmt: skip


def _who(said: str, near: Sequence[Left]) -> Read | tuple[str, list[Carried]]:
    """Put a group in for "they" and the like; say so where it may be several."""
    that = _THAT.search(said)
    pronoun = that or _THOSE.search(said) or _THEY.search(said)
    if pronoun is None or _names_group_before(said, pronoun.start()):
        return said, []
    word = pronoun[0].strip().split(" ")[0] if that else pronoun[0]
    students = not that and _THOSE.fullmatch(pronoun[0]) is not None
    last = _antecedent(near, students=students)
    if last is None or not last.groups or (that and last.outcome not in _DONE):
        asks = "What is meant" if that else "Who is meant"
        lacks = "group of students" + (" and what happened to them" if that else "")
        why = f"{asks} by \u201c{word}\u201d? No sentence just before it names a {lacks}."
        return Read(said, open=why)
    unclear = len(set(last.groups)) > 1 or (not students and last.first_other)
    if unclear:
        offers = [
            _filled(said, pronoun, group, last.outcome) for group in dict.fromkeys(last.groups)
        ]
        return Read(
            said, open=f"\u201c{word}\u201d may be several that the sentence before names. Which "
            "is meant?", choices=offers,
        )  # fmt: skip
    group = last.groups[0]
    carried = [Carried("group", word, group, last.sentence.start, last.sentence.end)]
    if that:
        carried.append(
            Carried("outcome", word, MEASURES[last.outcome].label.lower(), last.sentence.start,
                    last.sentence.end)
        )  # fmt: skip
    return _filled(said, pronoun, group, last.outcome), carried


def _filled(said: str, pronoun: re.Match[str], group: str, outcome: str) -> str:
    if _THAT.match(said):
        group = f"{group} {_DONE[outcome]} at "
    out = said[: pronoun.start()] + group + said[pronoun.end() :]
    return out[0].upper() + out[1:]


def _antecedent(near: Sequence[Left], *, students: bool) -> Left | None:
    """Return the nearest sentence that names whom a pronoun may stand for."""
    for left in reversed(near):
        if left.groups or (left.others and not students):
            return left
    return None


def _names_group_before(said: str, at: int) -> bool:
    return bool(lexicon.mentions(plain(said[:at]))) if at else False


def _groups(text: str) -> tuple[list[tuple[int, str]], bool]:
    """Return the groups that a sentence is about, and whether it names others."""
    found = []
    for mention in lexicon.mentions(text):
        everyone = mention.race == mention.sex == mention.disability == "all"
        if everyone or not _NO_GROUP.isdisjoint(mention.race.split("+")):
            continue
        if _COMPARED.search(text[: mention.start]):
            continue
        found.append((mention.start, Group(mention.token()).people()))
    return found, bool(_others().search(text))


def _rate(said: str, near: Sequence[Left]) -> tuple[str, list[Carried]]:
    """Say which rate "the rate" is, where the sentence before names one outcome."""
    text = plain(said)
    if lexicon.outcomes(text) or not _RATE.search(said) or not near or not forms(text):
        return said, []
    last = near[-1]
    if last.outcome not in _NAMED:
        return said, []
    named = _NAMED[last.outcome]
    filled = _RATE.sub(lambda match: match[0].replace("rate", f"{named} rate"), said, count=1)
    return filled, [
        Carried("outcome", "rate", f"{named} rate", last.sentence.start, last.sentence.end)
    ]


def _where_or_when(what: str, one: Sentence, before: Sequence[Left]) -> Carried | None:
    """Return the place or year that the text named last; sure if just before, or pointed at."""
    cue = (_SAME_PLACE if what == "place" else _SAME_YEAR).search(one.said)
    for left in reversed(before):
        value = left.place if what == "place" else left.wave
        if not value or one.paragraph - left.sentence.paragraph > FAR:
            continue
        if value == "US":  # what a sentence without a place is about anyway
            return None
        told = left.place_said if what == "place" else left.wave
        sure = _near(left.sentence, one) or cue is not None
        said = cue[0] if cue else ""
        return Carried(what, said, told, left.sentence.start, left.sentence.end, sure)
    return None


def _lacks_place(said: str, finder: Finder | None) -> bool:
    try:
        return not place_of(spelled_out(said), finder)[0]
    except Ambiguous:
        return False


def _place(said: str, finder: Finder | None) -> tuple[str, str]:
    """Return the one place that a sentence names, the nation too, and its name."""
    text = spelled_out(_PARTY.sub("", said))
    try:
        place, name, _ = place_of(text, finder)
    except Ambiguous:
        return "", ""
    return place, name


def _wave(said: str) -> str:
    """Return the one school year that a sentence gives figures of; a date is none."""
    try:
        waves, _ = waves_of(_DATE.sub("", said))
    except Ambiguous:
        return ""
    return waves[0] if len(waves) == 1 else ""
