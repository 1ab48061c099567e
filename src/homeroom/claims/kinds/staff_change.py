"""Claims that staff grew or shrank: "Texas had 500 more counselors in 2020-21 than in 2017-18"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from homeroom.claims import wording as words_of
from homeroom.claims.checked import Checked
from homeroom.claims.grammar import lexicon
from homeroom.claims.grammar.forms import Form
from homeroom.claims.grammar.places import waves_of
from homeroom.claims.kinds.said import Said, asked, form_of, reading_of
from homeroom.claims.kinds.words import words
from homeroom.claims.model import RELATION_WORDS, Reading, Relation, Statistic
from homeroom.claims.tolerance import is_close, reaches
from homeroom.claims.verdict import Verdict
from homeroom.errors import Ambiguous
from homeroom.evidence.store import Store
from homeroom.figures import wording
from homeroom.figures.question import Question
from homeroom.figures.staffing import StaffFigure, staff_over_waves
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.waves import WAVES

_OVER_TIME = ("change", "change_number")


def check(store: Store, said: Said) -> Checked | None:
    """Check a change of staff between two years; None where the sentence is about something else.

    Raises
    ------
    Ambiguous
        Words that were not read.
    """
    waves, notes = _waves(said)
    if len(waves) != 2 or lexicon.outcomes(said.text):
        return None
    for entry in words()["staff"]["forms"]:
        match = re.search(rf"(?<![\d.,~/-])\b{entry['says']}", said.text)
        if match and entry["of"] in _OVER_TIME and (role := _role(match["role"])):
            return _check(store, said, entry, match, role, waves, notes)
    return None


def _waves(said: Said) -> tuple[list[str], tuple[str, ...]]:
    try:
        return waves_of(said.sentence)
    except Ambiguous:  # asked about by whoever reads the sentence
        return [], ()


def _role(said: str) -> str:
    patterns = words()
    known = patterns["staff"]["roles"]
    return next((str(one) for one in known if re.fullmatch(patterns["parts"][one], said)), "")


def _check(
    store: Store,
    said: Said,
    entry: dict[str, Any],
    match: re.Match[str],
    role: str,
    waves: list[str],
    notes: tuple[str, ...],
) -> Checked:
    form = _form(said.text, match, entry)
    backwards = waves[0] > waves[1] and " than " not in said.text
    parts = words()["parts"]
    said.all_read(
        [replace(form, statistic=Statistic.COUNT)],  # its numbers alone: what is between is read
        [words()["staff"]["around"], rf"\b{parts['adult']}\b", rf"\b{parts['up']}\b",
         rf"\b{parts['down']}\b", words()["staff"]["over_time"]],
    )  # fmt: skip
    if backwards:
        raise Ambiguous("The later year is named first: from which year to which is meant?", waves)
    place, place_notes = said.place
    if not place:
        place_notes = ("No place is named: the nation is taken.",)
    before, after = min(waves), max(waves)
    if " than " in said.text and waves[0] < waves[1]:  # "more in 2015-16 than in 2017-18"
        form = replace(form, stated=-form.stated, relation=_turned(form.relation))
    reading = reading_of(form, Question(measure="enrollment", place=place or "US", wave=after))
    figures = {
        one.wave: one
        for one in staff_over_waves(store, place or "US", "published", (before, after))
        if one.role == role
    }
    pair = [figures.get(before), figures.get(after)]
    return _checked(said, reading, role, pair, (before, after), (*place_notes, *notes))


def _form(text: str, match: re.Match[str], entry: dict[str, Any]) -> Form:
    down = entry["way"] == "down"
    statistic = (
        Statistic.CHANGE_NUMBER if entry["of"] == "change_number" else Statistic.CHANGE_COUNT
    )
    if not match.groupdict().get("n"):
        relation = Relation.LESS_THAN if down else Relation.MORE_THAN
        return Form(match.start(), match.end(), statistic, 0.0, 0.0, relation=relation)
    form = form_of(text, match, statistic)
    return replace(form, stated=-form.stated) if down else form


def _turned(relation: Relation) -> Relation:
    turns = {Relation.MORE_THAN: Relation.LESS_THAN, Relation.LESS_THAN: Relation.MORE_THAN}
    return turns.get(relation, relation)


def _checked(
    said: Said,
    reading: Reading,
    role: str,
    pair: list[StaffFigure | None],
    waves: tuple[str, str],
    notes: tuple[str, ...],
) -> Checked:
    first, second = pair
    label = ROLES[role].label.lower()
    where = words_of.place(reading.question.place, said.name(reading.question.place))
    stated = _stated(reading, label)
    value = _value(reading, first, second)
    solid = value is not None and all(one is not None and one.whole for one in pair)
    verdict = Verdict.CANNOT
    if solid and not any(one is not None and one.doubtful for one in pair):
        verdict = _verdict(reading, value)
    plainly = _plainly(pair, waves, label, where, value)
    end = {
        Verdict.HOLDS: "it holds.", Verdict.NOT: "it does not hold.",
        Verdict.CLOSE: "that is close, but not it.",
        Verdict.CANNOT: "it cannot be tested with these data" + (
            ", since the answer hangs on figures that we doubt." if solid else "."
        ),
    }[verdict]  # fmt: skip
    pandemic = [f"{wave} was the pandemic year." for wave in waves if WAVES[wave].pandemic]
    return Checked(
        None, said.sentence,
        " ".join([_read_as(label, where, waves, stated), *notes]),
        reading.stated, value if solid else None, verdict,
        " ".join([plainly, *_caveats(pair), *pandemic, f"The claim says {stated}: {end}"]),
        sources=list(dict.fromkeys(one.source for one in pair if one and one.source)),
        kind="staff",
        asked=asked(reading, "staff_change", value if solid else None, measure=role),
        say_instead=plainly if verdict in (Verdict.NOT, Verdict.CLOSE) else None,
    )  # fmt: skip


def _read_as(label: str, where: str, waves: tuple[str, str], stated: str) -> str:
    return (
        f"Read as: the change of {label} in full-time equivalents in {where} from {waves[0]} to "
        f"{waves[1]}; stated: {stated}."
    )


def _verdict(reading: Reading, value: float | None) -> Verdict:
    if bool(reaches(reading, value)):
        return Verdict.HOLDS
    near = reading.step > 0 and is_close(reading, value)
    return Verdict.CLOSE if near else Verdict.NOT


def _value(reading: Reading, first: StaffFigure | None, second: StaffFigure | None) -> float | None:
    if first is None or second is None or first.fte is None or second.fte is None:
        return None
    if reading.statistic is Statistic.CHANGE_NUMBER:
        return second.fte - first.fte
    return 100 * (second.fte / first.fte - 1) if first.fte else None


def _stated(reading: Reading, label: str) -> str:
    if reading.step == 0:
        return f"that {label} {'fell' if reading.relation is Relation.LESS_THAN else 'rose'}"
    relation = "" if reading.relation is Relation.ABOUT else f"{RELATION_WORDS[reading.relation]} "
    size = f"{relation}{words_of.number(abs(reading.stated))}"
    unit = " percent" if reading.statistic is Statistic.CHANGE_COUNT else f" {label}"
    return f"a {'fall' if reading.stated < 0 else 'rise'} of {size}{unit}"


def _plainly(
    pair: list[StaffFigure | None],
    waves: tuple[str, str],
    label: str,
    where: str,
    value: float | None,
) -> str:
    known = [one for one in pair if one is not None and one.fte is not None]
    if len(known) < len(waves):
        lacking = [wave for wave, one in zip(waves, pair, strict=True) if one not in known]
        return f"The store has no {label} of {where} in {' and '.join(lacking)}."
    told = " and ".join(f"{one.fte:,.1f} in {one.wave}" for one in known)
    change = "" if value is None else (
        f": {'no change' if not value else 'a rise' if value > 0 else 'a fall'}"
    )  # fmt: skip
    return f"Schools of {where} reported {told} {label} in full-time equivalents{change}."


def _caveats(pair: list[StaffFigure | None]) -> list[str]:
    out = []
    for one in pair:
        if one is not None and not one.whole:
            out.append(f"{one.wave}: {one.note}.")
        elif one is not None and one.doubtful:
            out.append(f"{one.wave}: {wording.why_doubted(one.doubts)}")
    return out
