"""Sentences about outcomes of students, made from parts, with what each of them means.

A sentence either means one claim, written down beside it, or holds words that no figure here takes
into account; then no verdict may follow. The words come in the ways that people say them, in every
order that the templates give.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

GROUPS: dict[str, tuple[str, str, str]] = {
    "Black {n}": ("black", "all", "all"),
    "African American {n}": ("black", "all", "all"),
    "white {n}": ("white", "all", "all"),
    "Hispanic {n}": ("hispanic", "all", "all"),
    "Latino {n}": ("hispanic", "all", "all"),
    "Latinx {n}": ("hispanic", "all", "all"),
    "Asian {n}": ("asian", "all", "all"),
    "Native American {n}": ("american_indian", "all", "all"),
    "American Indian and Alaska Native {n}": ("american_indian", "all", "all"),
    "multiracial {n}": ("two_or_more", "all", "all"),
    "Black and Latino {n}": ("black+hispanic", "all", "all"),
    "Black boys": ("black", "male", "all"),
    "Black girls": ("black", "female", "all"),
    "white boys": ("white", "male", "all"),
    "white girls": ("white", "female", "all"),
    "Latino boys": ("hispanic", "male", "all"),
    "Black {n} with disabilities": ("black", "all", "idea"),
    "white {n} with disabilities": ("white", "all", "idea"),
}
NOUNS = ("students", "students", "students", "pupils", "kids", "children")
OUTCOMES = {
    "arrested": "arrests", "arrested at school": "arrests",
    "referred to law enforcement": "referrals", "referred to police": "referrals",
    "suspended out of school": "oss", "expelled": "expulsions",
}  # fmt: skip
NAMED = {
    "arrests": "arrest", "referrals": "law enforcement referral",
    "oss": "out-of-school suspension", "expulsions": "expulsion",
}  # fmt: skip
PLACES = {
    "": "US", "in Texas": "US-TX", "in Florida": "US-FL", "in Virginia": "US-VA",
    "in New York": "US-NY", "in West Virginia": "US-WV", "in North Carolina": "US-NC",
    "in CT": "US-CT", "in the United States": "US", "nationwide": "US",
}  # fmt: skip
WAVES = {
    "": "", "in 2017-18": "2017-18", "in 2015-16": "2015-16",
    "during the 2017-18 school year": "2017-18", "in the 2015-16 academic year": "2015-16",
}  # fmt: skip
HEDGES = {
    "": ("about", ""), "about ": ("about", "about"), "roughly ": ("about", "about"),
    "nearly ": ("about", "nearly"), "almost ": ("about", "nearly"),
    "more than ": ("more_than", ""), "at least ": ("at_least", ""),
    "less than ": ("less_than", ""), "only ": ("exactly", ""), "exactly ": ("exactly", ""),
}  # fmt: skip
RATIOS = {
    "2": 2.0,
    "two": 2.0,
    "three": 3.0,
    "3": 3.0,
    "2.9": 2.9,
    "four": 4.0,
    "6": 6.0,
    "1.3": 1.3,
}
RATIO_FORMS = (
    "{G} are {O} at {h}{n} times the rate of {V}{at}.",
    "{G} are {h}{n} times as likely to be {O} as {V}{at}.",
    "{G} are {h}{n} times as likely as {V} to be {O}{at}.",
    "{G} are {O} {h}{n} times as often as {V}{at}.",
    "Compared with {V}, {G} are {h}{n} times as likely to be {O}{at}.",
    "The {noun} rate for {G} is {h}{n} times the rate for {V}{at}.",
    "Schools see {G} {O} at {h}{n} times the rate of {V}{at}.",
)
DIRECTION_FORMS = {
    "{G} are more likely to be {O} than {V}{at}.": "more_than",
    "{G} are less likely to be {O} than {V}{at}.": "less_than",
    "{G} are no more likely to be {O} than {V}{at}.": "at_most",
}
SHARE_FORMS = (
    "{G} make up {h}{n} percent of students {O}{at}.",
    "{G} accounted for {h}{n}% of students {O}{at}.",
    "{h}{n} percent of students {O}{at} were {G}.",
)
LEVEL_FORMS = {
    "one_in": ("{h}one in {n} {G} was {O}{at}.", "{h}1 out of every {n} {G} was {O}{at}."),
    "rate": ("{h}{n} of every 10,000 {G} were {O}{at}.",),
    "percent": ("{h}{n} percent of {G} were {O}{at}.",),
    "count": ("{h}{n} {G} were {O}{at}.",),
}
NUMBERS = {
    "share": {"15": 15, "31": 31, "31.6": 31.6, "50": 50, "8": 8},
    "one_in": {"121": 121, "465": 465, "1,200": 1200, "940": 940},
    "rate": {"21": 21, "7.5": 7.5, "83": 83, "110": 110},
    "percent": {"1.4": 1.4, "12": 12, "3": 3, "0.2": 0.2},
    "count": {"54,321": 54_321, "2.7 million": 2_700_000, "16.5 thousand": 16_500, "900": 900},
}
CHANGES = {"rose": 1, "increased": 1, "climbed": 1, "fell": -1, "dropped": -1, "declined": -1}
NARROWING = (
    "for fighting", "for disorderly conduct", "off campus", "after school", "on weekends",
    "in rural districts", "in charter schools", "in large districts", "with asthma",
    "who are homeless", "from poor families", "adjusted for poverty", "in schools with cameras",
    "by private guards", "at age ten", "during recess", "in middle schools",
)  # fmt: skip
OTHER_HEADS = ("teachers", "athletes", "drivers", "adults", "parents", "bystanders")
OTHER_GROUPS = ("Brown", "Arab", "transgender", "homeless", "immigrant", "left-handed")
DENIALS = ("It is false that ", "It is not true that ", "It's a myth that ")


@dataclass(frozen=True, slots=True)
class Meant:
    """A sentence, and the claim that it means; None where no verdict may follow."""

    sentence: str
    form: str
    claim: dict[str, object] | None


def sentences(seed: int, many: int) -> Iterator[Meant]:
    """Make so many sentences; the same seed makes the same ones."""
    rng = random.Random(seed)
    makers = (_ratio, _ratio, _direction, _share, _level, _change, _spoiled, _spoiled)
    for at in range(many):
        yield makers[at % len(makers)](rng)


def _group(rng: random.Random, plain: bool = False) -> tuple[str, tuple[str, str, str]]:  # noqa: FBT001, FBT002
    names = [name for name in GROUPS if not plain or GROUPS[name][1:] == ("all", "all")]
    name = rng.choice(names)
    return name.format(n=rng.choice(NOUNS)), GROUPS[name]


def _other(rng: random.Random, own: tuple[str, str, str]) -> tuple[str, tuple[str, str, str]]:
    """Return another group of the same sex and disability."""
    names = [name for name, of in GROUPS.items() if of[1:] == own[1:] and of[0] not in own[0]
             and own[0] not in of[0]]  # fmt: skip
    name = rng.choice(names)
    return name.format(n=rng.choice(NOUNS)), GROUPS[name]


def _when(rng: random.Random) -> tuple[str, dict[str, object]]:
    place, wave = rng.choice(list(PLACES)), rng.choice(list(WAVES))
    at = "".join(f" {part}" for part in (place, wave) if part)
    claim: dict[str, object] = {"place": PLACES[place]}
    return at, claim | ({"wave": WAVES[wave]} if wave else {})


def _start(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _ratio(rng: random.Random) -> Meant:
    own, token = _group(rng)
    versus, other = _other(rng, token)
    done, number = rng.choice(list(OUTCOMES)), rng.choice(list(RATIOS))
    hedge, at = rng.choice(list(HEDGES)), _when(rng)
    template = rng.choice(RATIO_FORMS)
    text = template.format(
        G=own, V=versus, O=done, n=number, h=hedge, at=at[0], noun=NAMED[OUTCOMES[done]]
    )
    claim = _sides(token, OUTCOMES[done]) | at[1] | {
        "versus": other[0], "statistic": "ratio", "stated": RATIOS[number],
        "relation": HEDGES[hedge][0], "hedge": HEDGES[hedge][1],
    }  # fmt: skip
    return Meant(_start(text), "ratio", claim)


def _direction(rng: random.Random) -> Meant:
    own, token = _group(rng)
    versus, other = _other(rng, token)
    done, at = rng.choice(list(OUTCOMES)), _when(rng)
    template = rng.choice(list(DIRECTION_FORMS))
    text = template.format(G=own, V=versus, O=done, at=at[0])
    claim = _sides(token, OUTCOMES[done]) | at[1] | {
        "versus": other[0], "statistic": "ratio", "stated": 1.0,
        "relation": DIRECTION_FORMS[template],
    }  # fmt: skip
    return Meant(_start(text), "direction", claim)


def _share(rng: random.Random) -> Meant:
    own, token = _group(rng)
    done, number = rng.choice(list(OUTCOMES)), rng.choice(list(NUMBERS["share"]))
    hedge, at = rng.choice(list(HEDGES)), _when(rng)
    text = rng.choice(SHARE_FORMS).format(G=own, O=done, n=number, h=hedge, at=at[0])
    claim = _sides(token, OUTCOMES[done]) | at[1] | {
        "versus": "", "statistic": "share", "stated": NUMBERS["share"][number],
        "relation": HEDGES[hedge][0], "hedge": HEDGES[hedge][1],
    }  # fmt: skip
    return Meant(_start(text), "share", claim)


def _level(rng: random.Random) -> Meant:
    statistic = rng.choice(list(LEVEL_FORMS))
    own, token = _group(rng)
    done, number = rng.choice(list(OUTCOMES)), rng.choice(list(NUMBERS[statistic]))
    hedge, at = rng.choice(list(HEDGES)), _when(rng)
    text = rng.choice(LEVEL_FORMS[statistic]).format(G=own, O=done, n=number, h=hedge, at=at[0])
    claim = _sides(token, OUTCOMES[done]) | at[1] | {
        "versus": "", "statistic": statistic, "stated": NUMBERS[statistic][number],
        "relation": HEDGES[hedge][0], "hedge": HEDGES[hedge][1],
    }  # fmt: skip
    return Meant(_start(text), statistic, claim)


def _change(rng: random.Random) -> Meant:
    own, token = _group(rng)
    done, verb = rng.choice(list(OUTCOMES)), rng.choice(list(CHANGES))
    number = rng.choice((2, 5, 10, 25))
    place = rng.choice(list(PLACES))
    where = f" {place}" if place else ""
    text = f"The number of {own} {done}{where} {verb} {number} percent from 2015-16 to 2017-18."
    claim = _sides(token, OUTCOMES[done]) | {
        "place": PLACES[place], "wave": "2017-18", "versus": "", "statistic": "change_count",
        "stated": float(CHANGES[verb] * number),
    }  # fmt: skip
    return Meant(text, "change", claim)


def _spoiled(rng: random.Random) -> Meant:
    """Make a claim with words that no figure takes into account, or that is denied."""
    kind = rng.choice(("narrowed", "narrowed", "other head", "other group", "denied", "maybe"))
    sound = rng.choice((_ratio, _share, _level))(rng).sentence
    if kind == "denied":
        return Meant(f"{rng.choice(DENIALS)}{sound}", kind, None)
    if kind == "narrowed":
        return Meant(f"{sound.rstrip('.')} {rng.choice(NARROWING)}.", kind, None)
    times = rng.choice(list(RATIOS))
    if kind == "other head":
        head = rng.choice(OTHER_HEADS)
        text = f"Black {head} are arrested at {times} times the rate of white {head}."
        return Meant(text, kind, None)
    if kind == "other group":
        group = rng.choice(OTHER_GROUPS)
        text = f"{group} students are arrested at twice the rate of white students."
        return Meant(_start(text), kind, None)
    text = rng.choice((
        "Black students could be arrested at {n} times the rate of white students.",
        "Black students are threatened with arrest at {n} times the rate of white students.",
        "Black students fear being arrested at {n} times the rate of white students.",
        "Black students are allegedly arrested at {n} times the rate of white students.",
    )).format(n=times)  # fmt: skip
    return Meant(text, kind, None)


def _sides(token: tuple[str, str, str], measure: str) -> dict[str, object]:
    return {"measure": measure, "group": token[0], "sex": token[1], "disability": token[2]}
