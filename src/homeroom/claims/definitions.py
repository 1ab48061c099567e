"""Every defensible definition of a claim's figure, as questions.

Two kinds of choices are told apart. *Technical* choices are those that the words of a claim leave
to whoever computes the figure: basis, quality policy, the rule for Section 504, pooled rate or
mean of school rates, regular schools or all, a wave that the claim does not name, and whether
"Black and Latino students" means both together or each. A definition that differs from the stated
one in technical choices alone still *fits* the claim. The other choices (another
outcome, comparator, place, wave or set of schools, students with disabilities alone) make
*neighboring* claims: they show what would have to be said instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from itertools import compress, product
from operator import attrgetter, ne
from typing import Any

from homeroom.claims.model import Reading, Statistic
from homeroom.claims.statistics import COMPARED, OF_COUNTS, SHARES
from homeroom.claims.waves import known_by
from homeroom.figures.availability import Availability
from homeroom.figures.question import OTHERS, Question
from homeroom.vocabulary.groups import Group
from homeroom.vocabulary.waves import WAVES

BOUNDS = ("value", "low", "high")
TECHNICAL = ("basis", "policy", "section504", "average")
_NEIGHBORING = frozenset(("measure", "versus", "comparator", "place", "sex", "disability"))
"""Fields whose change always makes another claim."""
_FAMILIES = (("arrests", "referrals"), ("iss", "oss"), ("expulsions", "zero_tolerance"))
_COUNTED = (*OF_COUNTS, *SHARES)
_OF_RATES = frozenset(("basis", "policy", "average", "schools", "section504"))
"""Choices in computing a rate that would make a count another one."""
_SCHOOLS = ("all", "regular", "high", "with_officer", "without_officer")
_FITTING_SCHOOLS = {"all": ("all", "regular")}
_LISTED = 3
"""Up to so many groups are listed by name; more are one group of many, "students of color"."""
_FIELDS = tuple(field.name for field in fields(Question))
_values = attrgetter(*_FIELDS)


@dataclass(frozen=True, slots=True)
class Definition:
    """A question, how far it is from the claim, and whether it still fits the claim's words."""

    question: Question
    changes: tuple[str, ...]
    """Fields in which it differs from the stated definition."""
    fits: bool

    @property
    def pandemic(self) -> bool:
        """Return whether the wave is that of the pandemic."""
        return WAVES[self.question.wave].pandemic


def definitions(
    reading: Reading, can: Availability, places: Iterable[str] = (), *, wide: bool = True
) -> list[Definition]:
    """List the definitions of a claim, the stated one first.

    Parameters
    ----------
    can
        Which waves and places the store can answer for, so that few questions are asked in vain.
    places
        Further places to look at; by default the nation and every state.
    wide
        Make every technical choice in every place. Otherwise they are made at the claim's place
        alone, and other places have one definition a wave.
    """
    base = reading.question
    chosen = dict.fromkeys((base.place, *(places or ("US", *can.states))))
    found = {base: None}
    waves = _waves(reading, can)
    for place in chosen:
        for wave in waves:
            if wide or place == base.place:
                found |= dict.fromkeys(_of(reading, can, place, wave))
            else:
                found |= dict.fromkeys(_elsewhere(reading, can, place, wave))
    stated, groups = _values(base), frozenset(str(group) for group in _groups(base))
    return [_definition(question, reading, stated, groups) for question in found]


def _waves(reading: Reading, can: Availability) -> list[str]:
    if reading.earlier:
        return [reading.question.wave]
    known = can.waves & known_by(reading.said_on)
    return [wave for wave in WAVES if wave in known or wave == reading.question.wave]


def _elsewhere(reading: Reading, can: Availability, place: str, wave: str) -> Iterator[Question]:
    """Yield the claim's own question for another place and wave, where there are figures."""
    base = reading.question
    tabled = can.table(place, wave, base.measure) and base.comparator == "group"
    if tabled or can.schools(place, wave, base.measure):
        basis = "" if tabled else "schools"
        yield replace(base, place=place, wave=wave, basis=basis, policy="published")


def _of(reading: Reading, can: Availability, place: str, wave: str) -> Iterator[Question]:
    """List the questions of a place and wave."""
    base = reading.question
    family = next((f for f in _FAMILIES if base.measure in f), (base.measure,))
    named = any(
        one.disability != "all"
        for side in (base.group, base.versus)
        if isinstance(side, Group)
        for one in side.crossings
    )
    splits = dict.fromkeys(
        (base.disability,) if named else (base.disability, "all", "idea", "wodis")
    )
    tabled = {one: can.table(place, wave, one) for one in family}
    by_schools = {one: can.schools(place, wave, one) for one in family}
    for measure, group, (versus, comparator) in product(
        family, _groups(base), _comparisons(reading)
    ):
        known: dict[str, Any] = {
            "measure": measure, "group": group, "versus": versus, "comparator": comparator,
            "place": place, "wave": wave, "sex": base.sex,
        }  # fmt: skip
        for disability in splits:
            rules = ("with", "without") if disability == "all" else (base.section504,)
            for rule in rules:
                split: dict[str, Any] = {"disability": disability, "section504": rule}
                if comparator == "group" and tabled[measure]:
                    yield Question(**known, **split)
                if by_schools[measure]:
                    yield from _by_schools(known | split, _averages(reading))


def _averages(reading: Reading) -> tuple[str, ...]:
    """Return the averages that a statistic has: a count has no mean of rates."""
    return ("pooled",) if reading.statistic in _COUNTED else ("pooled", "mean_of_schools")


def _by_schools(known: dict[str, Any], averages: tuple[str, ...]) -> Iterator[Question]:
    among = _SCHOOLS[:3] if known["comparator"] == "same_group" else _SCHOOLS
    for policy, average, schools in product(("published", "screened"), averages, among):
        yield Question(**known, basis="schools", policy=policy, average=average, schools=schools)


def _groups(base: Question) -> tuple[Group, ...]:
    """Return the group and, where a claim lists a few, each of them."""
    few = 1 < len(base.groups) <= _LISTED
    return (base.group, *map(Group, base.groups)) if few else (base.group,)


def _comparisons(reading: Reading) -> list[tuple[Group | str, str]]:
    base = reading.question
    stated = (base.versus, base.comparator)
    if reading.statistic not in COMPARED:
        return [stated]
    named = [stated, (Group(OTHERS), "group"), (base.versus or Group("white"), "group")]
    same = ("", "same_group")
    return list(
        dict.fromkeys(
            (*(p for p in named if base.group != "all" and p[0] not in base.groups), stated, same)
        )
    )


def _definition(
    question: Question, reading: Reading, stated: tuple[str, ...], groups: frozenset[str]
) -> Definition:
    changes = tuple(compress(_FIELDS, map(ne, _values(question), stated)))
    if reading.statistic is Statistic.COUNT and not _OF_RATES.isdisjoint(changes):
        # The published total is the number of students; a sum over some schools is another number.
        return Definition(question, changes, fits=False)
    fits = _NEIGHBORING.isdisjoint(changes) and all(
        name in TECHNICAL or _fits(name, question, reading, groups) for name in changes
    )
    return Definition(question, changes, fits)


def _fits(name: str, question: Question, reading: Reading, groups: frozenset[str]) -> bool:
    """Return whether a change of a field, not a technical one, leaves the claim's words true."""
    if name == "group":
        return question.group in groups
    if name == "schools":
        return question.schools in _FITTING_SCHOOLS.get(reading.question.schools, ())
    if name == "wave":
        return "wave" in reading.left_open and not WAVES[question.wave].pandemic
    return False
