"""Claims that hold a place against another: "Texas arrests at twice the national rate"."""

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
from homeroom.claims.kinds.words import words
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

_FIRST_COMPARED = re.compile(r"^(?:when )?(?:compared (?:with|to)|relative to|unlike)\b")
_BETWEEN = re.compile(r"\b(?:than|as|compared (?:with|to)|versus|vs)\b")


def _says(name: str) -> str:
    return str(words()["places"][name])


@dataclass(frozen=True, slots=True)
class _Found:
    """Two places' figures, and what is left of each without the schools in doubt."""

    figures: tuple[Figure, Figure]
    left: tuple[Figure | None, Figure | None]


def check(store: Store, said: Said) -> Checked | None:
    """Check a comparison of two places; None where the sentence compares none."""
    text = plain(spelled_out(said.sentence))
    outcomes = lexicon.outcomes(text)
    if not outcomes or not re.search(_says("links"), text):
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
    of_numbers = re.search(_says("numbers"), text) and not re.search(_says("rates"), text)
    statistic = Statistic.COUNT_RATIO if of_numbers else Statistic.RATIO
    if of_numbers and "US" in (place, other):
        return None
    check_all_read(
        spelled_out(said.sentence), text, [form],
        [*(_says(name) for name in ("up", "down", "around")),
         *(re.escape(one.said) + "(?:'s?)?" for one in named)],
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
    up, down = (re.search(_says(name), text) for name in ("up", "down"))
    match = down or up
    same = re.search(_says("same"), text)
    if match is None and same:
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
    if form.end <= first.start and _BETWEEN.search(between):
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
    meant = "number" if reading.statistic is Statistic.COUNT_RATIO else "rate"
    q = reading.question
    return Checked(
        None, said.sentence,
        " ".join([_read_as(reading, names, stated), *notes]),
        reading.stated, solid, verdict,
        " ".join([_cited(plainly, q.wave), *_doubts(found, names),
                  f"The claim says {stated}: {end}"]),
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


def _read_as(reading: Reading, names: list[str], stated: str) -> str:
    q = reading.question
    meant = "number" if reading.statistic is Statistic.COUNT_RATIO else "rate"
    return (
        f"Read as: the {meant} of {MEASURES[q.measure].label.lower()} among "
        f"{words_of.subject(q)} in {names[0]}, divided by that in {names[1]}, {q.wave}; stated: "
        f"{stated}."
    )


def _cited(plainly: str, wave: str) -> str:
    return (
        f"{plainly.removesuffix('.')}, according to the Civil Rights Data Collection {wave} of the "
        "US Department of Education's Office for Civil Rights."
    )


def _stated(reading: Reading, other: str) -> str:
    number = reading.statistic is Statistic.COUNT_RATIO
    if reading.stated == reading.base == 1:
        less = reading.relation is Relation.LESS_THAN
        way = ("smaller" if less else "larger") if number else ("lower" if less else "higher")
        return f"a {way} {'number' if number else 'rate'} than in {other}"
    said = words_of.stated(reading).removesuffix(" students")
    return f"{said.replace('as many', 'the number')} of {other}"


def _plainly(reading: Reading, found: _Found, value: float | None, names: list[str]) -> str:
    """Return both figures in a sentence, or why there is none."""
    q = reading.question
    sizes = [_size(reading.statistic, figure) for figure in found.figures]
    missing = [
        f"{name}: {one.explanation or 'there is no figure.'}"
        for one, name, size in zip(found.figures, names, sizes, strict=True)
        if size is None
    ]
    if missing:
        return " ".join(missing)
    first, second = (
        words_of.where(one, {one.question.place: name})
        for one, name in zip(found.figures, names, strict=True)
    )
    own, other = (size or 0.0 for size in sizes)
    done = MEASURES[q.measure].done or f"were counted in {MEASURES[q.measure].label.lower()}"
    who, times = words_of.subject(q), words_of.number(value or 0.0, 0.1)
    if reading.statistic is Statistic.COUNT_RATIO:
        end = f", {times} times as many" if value is not None else ""
        return f"In {q.wave}, {own:,.0f} {who} {done} in {first} and {other:,.0f} in {second}{end}."
    end = f", {times} times the rate" if value is not None else ""
    return (
        f"In {q.wave}, {own:.1f} of every 10,000 {who} {done} in {first}, against {other:.1f} in "
        f"{second}{end}."
    )


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
