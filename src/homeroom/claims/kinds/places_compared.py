"""Claims that hold one place against another: "Texas arrests students at twice the national rate"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from homeroom.claims import wording as words_of
from homeroom.claims.checked import Checked
from homeroom.claims.grammar import lexicon
from homeroom.claims.grammar.account import check_all_read
from homeroom.claims.grammar.forms import Form, forms
from homeroom.claims.grammar.numbers import plain
from homeroom.claims.grammar.places import NamedPlace, ids_of, places_in, spelled_out, waves_of
from homeroom.claims.kinds.said import Said, asked, reading_of
from homeroom.claims.model import Reading, Relation, Statistic
from homeroom.claims.tolerance import is_close, miss, reaches
from homeroom.claims.verdict import Verdict
from homeroom.claims.waves import DEFAULT
from homeroom.errors import Ambiguous
from homeroom.evidence.place_ids import place_range
from homeroom.evidence.store import Store
from homeroom.figures import wording
from homeroom.figures.engine import answer
from homeroom.figures.figure import Figure
from homeroom.figures.question import Question
from homeroom.figures.screened import without_doubt
from homeroom.vocabulary.groups import Group
from homeroom.vocabulary.measures import MEASURES

_UP = r"\b(?:more|higher|greater|larger|bigger|above|over|likelier|exceed(?:s|ed)?|surpass(?:es|ed)?|outpace[sd]?)\b"
_DOWN = r"\b(?:fewer|lower|less|smaller|below|under)\b"
_LINKS = re.compile(
    r"\b(?:than|as|compared (?:with|to)|versus|vs\.?|of|to|above|below|over|exceed(?:s|ed)?|outpace[sd]?"
    r"|surpass(?:es|ed)?|times|twice|double|triple|like(?:ly)?)\b"
)
_FIRST_COMPARED = re.compile(r"^(?:when )?(?:compared (?:with|to)|relative to|unlike)\b")
_NUMBERS = re.compile(
    r"\b(?:as many|(?:more|fewer) (?:[a-z-]+ ){0,3}?(?:students?|pupils|kids|children|boys|girls|arrests"
    r"|referrals|suspensions|expulsions)|number of)\b"
    r"|\b(?:arrests|referrals|suspensions|expulsions)\b.*\b(?:is|are|was|were) (?:higher|lower)\b"
)
_RATES = re.compile(
    r"\b(?:rates?|likely|likelier|often|frequently|per capita|share|percentage|average)\b"
)
_AROUND = (
    _UP, _DOWN, r"\bas a whole\b", r"\b(?:the )?same\b", r"\baverages?\b", r"\bmost|least\b", r"\bthat (?:of|in)\b",
    r"\bdo(?:es)?\b", r"\bnation'?s?|country'?s?|national|nationwide|nationally|state'?s?|statewide\b",
    r"\boverall|elsewhere\b", r"\bstudents'\b",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Found:
    """Two places' figures, and what is left of each without the schools in doubt."""

    figures: tuple[Figure, Figure]
    left: tuple[Figure | None, Figure | None]


def check(store: Store, said: Said) -> Checked | None:
    """Check a comparison of two places; None where the sentence compares none."""
    text = plain(spelled_out(said.sentence))
    outcomes = lexicon.outcomes(text)
    if not outcomes or not _LINKS.search(text):
        return None
    named = places_in(text, said.sentence)
    if len(named) != 2:
        return None
    form = _form(text)
    if form is None or len(outcomes) > 1 or len(outcomes[0]) > 1:
        return None
    sides = _sides(text, named, form)
    if not sides:
        return None
    place, other = ids_of(sides, said.finder)
    if place == other:
        return None
    races = {one.token() for one in lexicon.mentions(text)} - {"all", "others", "peers"}
    if len(races) > 1:
        raise Ambiguous(
            "The sentence compares two places and two groups of students: compare one at a time."
        )
    of_numbers = _NUMBERS.search(text) and not _RATES.search(text)
    statistic = Statistic.COUNT_RATIO if of_numbers else Statistic.RATIO
    if of_numbers and "US" in (place, other):
        return None
    check_all_read(
        spelled_out(said.sentence), text, [form],
        [*_AROUND, *(re.escape(one.said) + "(?:'s?)?" for one in named)],
    )  # fmt: skip
    waves, notes = waves_of(said.sentence)
    if len(waves) > 1:
        raise Ambiguous("Several years are named: which is meant?", waves)
    question = Question(
        measure=outcomes[0][0], group=Group(next(iter(races), "all")), place=place,
        wave=waves[0] if waves else DEFAULT,
    )  # fmt: skip
    if not waves:
        notes = (*notes, f"No year is named: {question.wave} is taken.")
    reading = reading_of(replace(form, statistic=statistic), question)
    return _checked(said, reading, _figures(store, question, other), other, notes)


def _form(text: str) -> Form | None:
    """Return how one place's figure is said to stand to the other's."""
    stated = forms(text, counts=False)
    if stated:
        known = len(stated) == 1 and stated[0].statistic in (Statistic.RATIO, Statistic.COUNT_RATIO)
        return stated[0] if known else None
    up, down = re.search(_UP, text), re.search(_DOWN, text)
    match = down or up
    if match is None and (
        same := re.search(r"\b(?:(?:about |roughly )?(?:the )?same|equals?)\b", text)
    ):
        return Form(same.start(), same.end(), Statistic.RATIO, 1.0, 0.1)
    if match is None or (up and down) or re.search(r"\bno (?:more|higher|fewer|less)\b", text):
        return None
    return Form(
        match.start(), match.end(), Statistic.RATIO, 1.0, 0.0, base=1.0,
        relation=Relation.LESS_THAN if down else Relation.MORE_THAN,
    )  # fmt: skip


def _sides(text: str, named: list[NamedPlace], form: Form) -> list[NamedPlace]:
    """Return the place that is spoken of, and the one that it is held against; else nothing."""
    first, second = named
    if _FIRST_COMPARED.search(text):
        return [second, first]
    if first.start < form.start and form.start <= second.start:
        return named
    # "There are twice as many arrests in Texas as in Florida."
    between = text[first.end : second.start]
    if form.end <= first.start and re.search(
        r"\b(?:than|as|compared (?:with|to)|versus|vs)\b", between
    ):
        return named
    return []


def _figures(store: Store, question: Question, other: str) -> _Found:
    found = answer(store, [question, replace(question, place=other)])
    left = without_doubt(store, found)
    return _Found((found[0], found[1]), (left[0], left[1]))


def _value(statistic: Statistic, first: Figure | None, second: Figure | None) -> float | None:
    if first is None or second is None:
        return None
    one, other = (_size(statistic, figure) for figure in (first, second))
    return one / other if one is not None and other else None


def _size(statistic: Statistic, figure: Figure) -> float | None:
    if statistic is Statistic.COUNT_RATIO:
        counted = figure.all_events if figure.all_events is not None else figure.group.count
        return None if counted is None else float(counted)
    return figure.value


def _checked(
    said: Said, reading: Reading, found: _Found, other: str, notes: tuple[str, ...]
) -> Checked:
    first, second = found.figures
    value = _value(reading.statistic, first, second)
    verdict = _verdict(reading, value, found)
    solid = value if first.whole and second.whole else None
    names = [_name(said, one.question.place) for one in found.figures]
    stated = _stated(reading, names[1])
    missed = miss(reading, value) if verdict is Verdict.CLOSE else None
    end = {
        Verdict.HOLDS: "it holds.", Verdict.NOT: "it does not hold.",
        Verdict.CLOSE: "that is close, but it "
        f"{'overstates' if missed and missed.overstates else 'understates'} the difference.",
        Verdict.CANNOT: "it cannot be tested with these data" + (
            ", since the answer hangs on figures that we doubt." if solid is not None else "."
        ),
    }[verdict]  # fmt: skip
    plainly = _plainly(reading, found, value, names)
    what = MEASURES[reading.question.measure].label.lower()
    meant = "number" if reading.statistic is Statistic.COUNT_RATIO else "rate"
    q = reading.question
    return Checked(
        None, said.sentence,
        " ".join([f"Read as: the {meant} of {what} among {words_of.subject(q)} in {names[0]}, "
                  f"divided by that in {names[1]}, {q.wave}; stated: {stated}.", *notes]),
        reading.stated, solid, verdict,
        " ".join([f"{plainly.removesuffix('.')}, according to the Civil Rights Data Collection "
                  f"{q.wave} of the US Department of Education's Office for Civil Rights.",
                  *_doubts(found, names), f"The claim says {stated}: {end}"]),
        sources=list(dict.fromkeys(one.source for one in found.figures if one.source)),
        figure=first, kind="places",
        asked=asked(
            reading, "place_count_ratio" if meant == "number" else "place_ratio", solid,
            group=str(q.group), versus=other, comparator="place",
        ),
        say_instead=plainly if verdict in (Verdict.CLOSE, Verdict.NOT) else None,
    )  # fmt: skip


def _name(said: Said, place: str) -> str:
    return words_of.place(place, said.name(place))


def _verdict(reading: Reading, value: float | None, found: _Found) -> Verdict:
    if value is None or not all(one.whole for one in found.figures):
        return Verdict.CANNOT
    if any(one.reason == "few_events" for one in found.figures):
        return Verdict.CANNOT
    met = bool(reaches(reading, value))
    if any(one.doubtful for one in found.figures):
        kept = [
            left if one.doubtful else one
            for one, left in zip(found.figures, found.left, strict=True)
        ]
        other = _value(reading.statistic, *kept)
        if other is None or bool(reaches(reading, other)) != met:
            return Verdict.CANNOT
    if met:
        return Verdict.HOLDS
    near = reading.stated != reading.base and is_close(reading, value)
    return Verdict.CLOSE if near else Verdict.NOT


def _stated(reading: Reading, other: str) -> str:
    meant = "number" if reading.statistic is Statistic.COUNT_RATIO else "rate"
    if reading.stated == reading.base == 1:
        less = reading.relation is Relation.LESS_THAN
        return f"a {('smaller' if meant == 'number' else 'lower') if less else ('larger' if meant == 'number' else 'higher')} {meant} than in {other}"
    return f"{words_of.stated(reading).removesuffix(' students')} of {other}".replace(
        "as many of", "the number of"
    )


def _plainly(reading: Reading, found: _Found, value: float | None, names: list[str]) -> str:
    first, second = found.figures
    q = reading.question
    done = MEASURES[q.measure].done or f"were counted in {MEASURES[q.measure].label.lower()}"
    missing = [
        f"{name}: {one.explanation or 'there is no figure.'}"
        for one, name in zip(found.figures, names, strict=True)
        if _size(reading.statistic, one) is None
    ]
    if missing:
        return " ".join(missing)
    one, other = (_size(reading.statistic, figure) or 0.0 for figure in found.figures)
    times = f", {words_of.number(value, 0.1)} times" if value is not None else ""
    if reading.statistic is Statistic.COUNT_RATIO:
        return (
            f"In {q.wave}, {one:,.0f} {words_of.subject(q)} {done} in {words_of.where(first, _named(first, names[0]))} "
            f"and {other:,.0f} in {words_of.where(second, _named(second, names[1]))}{times and times + ' as many'}."
        )
    return (
        f"In {q.wave}, {one:.1f} of every 10,000 {words_of.subject(q)} {done} in "
        f"{words_of.where(first, _named(first, names[0]))}, against {other:.1f} in "
        f"{words_of.where(second, _named(second, names[1]))}{times and times + ' the rate'}."
    )


def _named(figure: Figure, name: str) -> dict[str, str]:
    return {figure.question.place: name}


def _doubts(found: _Found, names: list[str]) -> list[str]:
    """Say what is in doubt, and what the figure would be without it."""
    out = []
    for one, left, name in zip(found.figures, found.left, names, strict=True):
        if one.reason and one.value is not None and one.explanation:
            out.append(f"{name}: {one.explanation}")
        if not one.doubtful:
            continue
        out.append(f"{name}: {wording.why_doubted(one.doubts) or 'the figure is in doubt.'}")
        if left is not None and left.value is not None:
            out.append(f"Without the schools in doubt it's {left.value:.1f} for every 10,000.")
    for one, name in zip(found.figures, names, strict=True):
        if not one.whole and one.value is not None:
            area = place_range(one.question.place)
            scope = wording.scope(one.universe, one.coverage, wording.whole_of(area))
            out.append(f"{name}: {scope or 'only a part of the place is covered'}.")
    return out
