"""From a sentence to a reading."""

from __future__ import annotations

import re
from dataclasses import replace

from homeroom.claims.grammar import lexicon
from homeroom.claims.grammar.account import check_all_read, without
from homeroom.claims.grammar.asking import asked_at_once
from homeroom.claims.grammar.by_place import clauses_by_place
from homeroom.claims.grammar.directions import directions_of, moves
from homeroom.claims.grammar.forms import Form, forms
from homeroom.claims.grammar.levels import levels
from homeroom.claims.grammar.numbers import plain, shown
from homeroom.claims.grammar.patterns import patterns, rewritten, word
from homeroom.claims.grammar.places import Finder, place_of, spelled_out, waves_of
from homeroom.claims.grammar.several import clauses
from homeroom.claims.grammar.sides import SidesRead, sides
from homeroom.claims.model import GIVE, Reading, Relation, Statistic
from homeroom.claims.statistics import CHANGES, COMPARED
from homeroom.claims.waves import DEFAULT
from homeroom.errors import Ambiguous, Unread
from homeroom.figures.question import Question
from homeroom.vocabulary.groups import Group
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.waves import WAVES

__all__ = ["Finder", "read"]

CHANGE = "A change is between two years: which?"
WHICH_OUTCOME = "Which outcome is meant?"
NO_YEAR = (
    f"No year is named: {DEFAULT} is taken, the latest year with official tables that is not the "
    "pandemic year."
)
NUMBERS = (
    "The words compare numbers of students, which depend on how many there are of each group, and "
    "not rates."
)
_DONE = {
    "arrests": "arrested", "referrals": "referred to law enforcement",
    "oss": "suspended out of school", "iss": "suspended in school", "expulsions": "expelled",
    "physical_restraint": "physically restrained",
    "mechanical_restraint": "mechanically restrained",
}  # fmt: skip
_OF_ANOTHER_PLACE = re.compile(
    r"\b(?:national|nationwide|nation's|country's|state(?:wide)?|u\.s\.) (?:[a-z]+ )?"
    r"(?:average|rate)\b"
    r"|\bthan the (?:nation|country|state|rest of the)\b"
)
_LEVELS = (Statistic.RATE, Statistic.PERCENT, Statistic.ONE_IN, Statistic.COUNT)
_BETWEEN = re.compile(
    r",? (?:while|whereas|compared (?:with|to)|versus|vs\.?|against|but|and) "
    r"(?=(?:only |just |about )?(?:\d|[a-z]+ ))"
)
TURNED = (
    "Schools without an officer are named first: the ratio is turned over, to schools with an "
    "officer against schools without."
)


def read(sentence: str, finder: Finder | None = None) -> Reading:
    """Read a sentence; the same sentence is always read the same way.

    Parameters
    ----------
    finder
        Finds places by name, best first: :meth:`homeroom.evidence.find.PlaceIndex.find`. Without
        one only states are known.

    Raises
    ------
    Ambiguous
        Several readings, or a part that no default can stand for; ``choices`` lists sentences
        that can be read, where there are any.
    """
    try:
        return _read(sentence, finder)
    except Ambiguous as error:
        raise asked_at_once(sentence, error, finder, _read) from error


def _read(sentence: str, finder: Finder | None = None) -> Reading:
    sentence = spelled_out(sentence)
    text = rewritten(plain(sentence))
    if parts := _by_place(sentence, text, finder):
        return replace(parts[0], also=tuple(parts[1:]))
    place, _name, place_notes = place_of(sentence, finder)
    waves, wave_notes = waves_of(sentence)
    _refuse(sentence, text)
    if place not in ("", "US") and (match := _OF_ANOTHER_PLACE.search(text)):
        raise Ambiguous(
            f"\u201c{match[0]}\u201d compares the place with another one, and a figure is of one: "
            "check each by itself.",
        )
    if parts := _of_several_or_none(sentence, text, place, waves):
        notes = (*place_notes, *wave_notes, *parts[0].conventions)
        return replace(parts[0], conventions=notes, also=tuple(parts[1:]))
    if both := levels(text, waves):
        parts = [_one(text, level.form, place, [level.wave]) for level in both]
        check_all_read(sentence, text, [both[0].form], [patterns()["levels"]])
        notes = (*place_notes, *wave_notes, *parts[0].conventions)
        return replace(parts[0], conventions=notes, also=tuple(parts[1:]))
    if directions := directions_of(text, waves):
        parts = [_one(said, form, place, waves) for said, form in directions]
        check_all_read(sentence, text, [], [patterns()["parts"]["up"], patterns()["parts"]["down"]])
        notes = (*place_notes, *wave_notes, *parts[0].conventions)
        return replace(parts[0], conventions=notes, also=tuple(parts[1:]))
    stated = forms(text) or _without_number(text)
    if not stated and len(waves) == 1 and moves(text):
        others = [wave for wave in ("2015-16", DEFAULT, "2021-22") if wave != waves[0]]
        raise Ambiguous(
            CHANGE, [f"from {min(waves[0], one)} to {max(waves[0], one)}" for one in others]
        )
    if not stated:
        raise Ambiguous(
            "The sentence states no number to check. State one, as in these forms:",
            ["three times the rate of white students", "one in 500", "31 percent of arrests"],
        )
    stated = [_of_counts(text, form) for form in stated]
    if levels_apart := _apart(text, stated):
        parts = [_one(said, form, place, waves) for said, form in levels_apart]
        check_all_read(sentence, text, stated)
        notes = (*place_notes, *wave_notes, *parts[0].conventions)
        return replace(parts[0], conventions=notes, also=tuple(parts[1:]))
    _refuse_other_whole(text, stated)
    readings = [_one(text, form, place, waves) for form in _parts(stated)]
    check_all_read(sentence, text, stated)
    notes = (*place_notes, *wave_notes)
    first = readings[0]
    return replace(
        first, conventions=(*notes, *first.conventions), also=tuple(readings[1:])
    )  # fmt: skip


def _by_place(sentence: str, text: str, finder: Finder | None) -> list[Reading]:
    """Read a sentence that states a level for each of two places; none where it isn't one."""
    found = clauses_by_place(text, sentence, finder)
    if not found:
        return []
    _refuse(sentence, text)
    waves, notes = waves_of(sentence)
    readings = []
    for clause, place in found:
        (form,) = forms(clause)
        one = _one(clause, form, place, waves)
        check_all_read(sentence, clause, [form], [patterns()["places"]["of_nation"]])
        readings.append(replace(one, conventions=(*notes, *one.conventions)))
    return readings


def _of_several_or_none(sentence: str, text: str, place: str, waves: list[str]) -> list[Reading]:
    """Read each outcome of a sentence by itself; where one can't be, the whole is asked about."""
    try:
        return _of_several(sentence, text, place, waves)
    except Ambiguous as error:
        if str(error) == WHICH_OUTCOME:
            raise
        return []


def _of_several(sentence: str, text: str, place: str, waves: list[str]) -> list[Reading]:
    """Read a sentence of several outcomes, a reading each; none where it isn't one."""
    readings = []
    for clause in clauses(text):
        found = directions_of(clause, waves) or [
            (clause, form) for form in forms(clause) or _without_number(clause)
        ]
        if len(found) != 1:
            return []
        said, form = found[0]
        readings.append(_one(said, _of_counts(said, form), place, waves))
        check_all_read(sentence, said, [form])
    return readings


def _refuse(sentence: str, text: str) -> None:
    """Ask about words that would otherwise be passed over."""
    if match := word("unknown").search(text):
        narrowing = [found[0] for found in word("unknown").finditer(text)]
        raise Unread(
            f"\u201c{match[0]}\u201d narrows the claim in a way that figures here do not, so there "
            "is no verdict. Without those words the claim would be:",
            [without(sentence, narrowing)],
            words=narrowing,
        )
    if re.search(r"\bbrown\b", text):
        raise Unread(
            "\u201cBrown\u201d is no group that the data tell apart: who is meant?",
            ["Latino", "Latino and Native American"], words=["brown"], said="brown",
        )  # fmt: skip
    if match := word("denied").search(text):
        raise Ambiguous(
            "The sentence denies a claim. This is the claim that can be checked:",
            [re.sub(word("denied"), "", sentence).strip()],
        )
    if word("denial").search(text):
        raise Ambiguous(
            "The sentence denies something: state what is to be checked without \u201cnot\u201d.",
            [without(sentence, ["not"])] if re.search(r"\bnot\b", sentence) else [],
        )


def _refuse_other_whole(text: str, stated: list[Form]) -> None:
    """Ask where a share is said to be of students, and the sentence names an outcome as well."""
    if [form.statistic for form in stated] != [Statistic.SHARE_OF_STUDENTS]:
        return
    if found := lexicon.outcomes(text):
        raise Ambiguous(
            "Is this a share of all students, or of those counted in an outcome?",
            ["all students", *(MEASURES[name].label for name in found[0])],
        )


def _of_counts(text: str, form: Form) -> Form:
    """Tell "three times as many Black students", which compares numbers, from a rate."""
    per_head = word("per_head").search(text)
    if form.statistic is Statistic.COUNT_RATIO and per_head:
        return replace(form, statistic=Statistic.RATIO)
    if form.statistic is not Statistic.RATIO or per_head:
        return form
    said = text[form.start : form.end] + " " + text[form.end :].strip()
    if word("as_many").search(said) is None:
        return form
    return replace(form, statistic=Statistic.COUNT_RATIO, conventions=(*form.conventions, NUMBERS))


def _apart(text: str, stated: list[Form]) -> list[tuple[str, Form]]:
    """Return each clause of a sentence that states one level a group: "one in 465 ..., one in 90".

    A clause that names no outcome takes that of the sentence.
    """
    if len(stated) < 2 or any(form.statistic not in _LEVELS for form in stated):
        return []
    found = []
    for clause in _BETWEEN.split(text):
        inside = forms(clause)
        if len(inside) != 1 or not lexicon.mentions(clause):
            return []
        said = clause if lexicon.outcomes(clause) else f"{clause} {_outcome_words(text)}"
        found.append((said, inside[0]))
    return found if len(found) == len(stated) else []


def _outcome_words(text: str) -> str:
    for entry in patterns()["outcomes"]:
        if match := re.search(entry["says"], text):
            return match[0]
    return ""


def _parts(stated: list[Form]) -> list[Form]:
    """Allow several parts only where they are shares, as of arrests and of students."""
    shares = (Statistic.SHARE, Statistic.SHARE_OF_STUDENTS)
    if len(stated) > 1 and not all(form.statistic in shares for form in stated):
        raise Ambiguous(
            "The sentence states several numbers: check one at a time.",
            [f"{shown(form.stated)} ({form.statistic})" for form in stated],
        )
    order = {Statistic.SHARE: 0, Statistic.SHARE_OF_STUDENTS: 1}
    return sorted(stated, key=lambda form: order.get(form.statistic, 0))


def _without_number(text: str) -> list[Form]:
    """Read "more likely than" as more than once the rate."""
    if limit := word("no_more").search(text):
        relation = Relation.AT_MOST if limit["way"] == "more" else Relation.AT_LEAST
        note = f"\u201cNo {limit['way']} likely\u201d allows the same rate, to a twentieth."
        return [
            Form(
                limit.start(), limit.end(), Statistic.RATIO, 1.0, 0.1, relation=relation,
                conventions=(note,),
            )
        ]  # fmt: skip
    match = word("more").search(text)
    if match is None:
        return _beside_others(text) or _same(text)
    fewer = match[0].startswith(("less", "lower")) or match[0].endswith("less")
    relation = Relation.LESS_THAN if fewer else Relation.MORE_THAN
    note = (
        "No number is stated: any rate "
        + ("below" if fewer else "above")
        + " the other's supports the claim."
    )
    return [
        Form(
            match.start(),
            match.end(),
            Statistic.RATIO,
            1.0,
            0.0,
            relation=relation,
            base=1.0,
            conventions=(note,),
        )
    ]


_REPRESENTED = re.compile(
    r"\b(?:over-?represented|disproportionate(?:ly)?|(?P<under>under-?represented))\b"
)
_MORE_OF = re.compile(r"\b(?P<way>more|fewer) (?:[a-z-]+ ){1,5}?than (?=[a-z])")


def _beside_others(text: str) -> list[Form]:
    """Read "overrepresented" and "more boys than girls", which state a direction alone."""
    if match := _REPRESENTED.search(text):
        relation = Relation.LESS_THAN if match["under"] else Relation.MORE_THAN
        note = "Read as a share of those counted beside the share of all students."
        return [
            Form(match.start(), match.end(), Statistic.INDEX, 1.0, 0.0, relation=relation,
                 base=1.0, conventions=(note,))
        ]  # fmt: skip
    match = _MORE_OF.search(text)
    if match is None or len(lexicon.mentions(text)) != 2:
        return []
    relation = Relation.LESS_THAN if match["way"] == "fewer" else Relation.MORE_THAN
    return [
        Form(match.start("way"), match.end("way"), Statistic.COUNT_RATIO, 1.0, 0.0,
             relation=relation, base=1.0, conventions=(NUMBERS,))
    ]  # fmt: skip


def _same(text: str) -> list[Form]:
    """Read "at the same rate as" and "equally likely" as once the rate, to a tenth."""
    match = word("same").search(text)
    if match is None:
        return []
    note = "No number is stated: a rate within 5 percent of the other's counts as the same."
    return [
        Form(
            match.start(), match.end(), Statistic.RATIO, 1.0, 0.1, give=GIVE,
            conventions=(note,),
        )
    ]  # fmt: skip


def _one(text: str, form: Form, place: str, waves: list[str]) -> Reading:
    if form.unclear:
        raise Ambiguous("Percent or percentage points of what?", list(form.unclear))
    measure, notes = _measure(text, form)
    named = [one for one in lexicon.mentions(text) if not _counted(one, form)]
    who = sides(text, named, form)
    wave, earlier, left_open, wave_notes = _waves(form, waves)
    open_fields = [*left_open]
    if not place:
        open_fields.append("place")
        wave_notes = (*wave_notes, "No place is named: the nation is taken.")
    schools = who.schools
    if word("high").search(text):
        if schools != "all":
            raise Ambiguous("Which schools are meant?", ["high schools", schools.replace("_", " ")])
        schools = "high"
        notes = (*notes, "High schools are read as schools that offer grade 12.")
    form = _changed(text, _forwards(text, form, waves))
    form = _turned(form, who)
    question = Question(
        measure=measure, group=Group(who.group), versus=who.versus, comparator=who.comparator,
        place=place or "US", wave=wave, sex=who.sex, disability=who.disability,
        schools=schools,
    )  # fmt: skip
    if form.statistic is Statistic.SHARE and who.group == "all":
        raise Ambiguous(
            "Whose share is meant?", ["Black students", "Hispanic students", "white students"]
        )
    return Reading(
        question, form.statistic, form.stated, form.relation, form.step, form.upper, form.hedge,
        form.give, form.base, earlier,
        tuple(open_fields),
        (*form.conventions, *notes, *who.conventions, *wave_notes), form.alternatives,
    )  # fmt: skip


def _counted(mention: lexicon.Mention, form: Form) -> bool:
    """Return whether "all students" names those whom a share is of, not the group."""
    return mention.race == "all" and form.start <= mention.start < form.end


def _measure(text: str, form: Form) -> tuple[str, tuple[str, ...]]:
    found = lexicon.outcomes(text)
    if form.statistic is Statistic.SHARE_OF_STUDENTS:
        return "enrollment", ()
    if not found and (match := re.search(r"\breferrals?\b", text)):
        raise Ambiguous(WHICH_OUTCOME, [f"{match[0]} to law enforcement"], said=match[0])
    if not found:
        raise Ambiguous(
            WHICH_OUTCOME,
            [MEASURES[name].label for name in ("arrests", "referrals", "oss", "expulsions")],
        )
    if len(found) > 1:
        raise Ambiguous(
            "The sentence names several outcomes: check one at a time.",
            [MEASURES[name].label for names in found for name in names],
        )
    if len(found[0]) > 1:
        said = next(
            match[0] for entry in patterns()["outcomes"]
            if tuple(entry["is"]) == found[0] and (match := re.search(entry["says"], text))
        )  # fmt: skip
        raise Ambiguous(WHICH_OUTCOME, [_DONE.get(name, name) for name in found[0]], said=said)
    return found[0][0], ()


def _waves(form: Form, waves: list[str]) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    """Return wave, earlier wave, what was left open, and what was agreed."""
    if form.statistic in CHANGES:
        if len(waves) == 2:
            return max(waves), min(waves), (), ()
        raise Ambiguous(
            CHANGE,
            ["from 2015-16 to 2017-18", "from 2011-12 to 2017-18", "from 2017-18 to 2021-22"],
        )
    if len(waves) > 1:
        raise Ambiguous("Several years are named: which is meant?", waves)
    if waves:
        note = (WAVES[waves[0]].note,) if WAVES[waves[0]].pandemic else ()
        return waves[0], "", (), note
    return DEFAULT, "", ("wave",), (NO_YEAR,)


def _forwards(text: str, form: Form, waves: list[str]) -> Form:
    """Reverse a change that starts from the later year: "lower in 2015-16 than in 2017-18"."""
    if form.statistic not in CHANGES or len(waves) != 2 or waves[0] > waves[1]:
        return form
    if not re.search(r"\bthan (?:it was |they were |there were )?(?:in|during) ", text):
        return form
    if form.statistic in (Statistic.CHANGE_NUMBER, Statistic.GAP_CHANGE):
        return replace(form, stated=-form.stated)
    return replace(form, stated=round((1 / (1 + form.stated / 100) - 1) * 100, 2))


def _changed(text: str, form: Form) -> Form:
    """Tell a change of the rate from one of the number."""
    if form.statistic is not Statistic.CHANGE_COUNT:
        return form
    if word("rate").search(text[: form.start]):
        return replace(form, statistic=Statistic.CHANGE_RATE)
    return replace(
        form,
        conventions=(*form.conventions, "The number of students is meant, not their rate."),
        alternatives=(*form.alternatives, "the rate per student changed so much"),
    )


def _turned(form: Form, who: SidesRead) -> Form:
    if not who.swapped or form.statistic not in COMPARED:
        return form
    flipped = {
        Relation.MORE_THAN: Relation.LESS_THAN, Relation.LESS_THAN: Relation.MORE_THAN,
        Relation.AT_LEAST: Relation.AT_MOST, Relation.AT_MOST: Relation.AT_LEAST,
    }  # fmt: skip
    return replace(
        form,
        stated=round(1 / form.stated, 4),
        relation=flipped.get(form.relation, form.relation),
        step=0.1,
        conventions=(
            *form.conventions,
            TURNED,
        ),
    )
