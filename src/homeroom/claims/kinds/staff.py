"""Claims about staff: totals, students per adult, one role against another, recommended levels."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from homeroom.claims import wording as words_of
from homeroom.claims.checked import Checked
from homeroom.claims.grammar import lexicon
from homeroom.claims.grammar.forms import Form
from homeroom.claims.grammar.numbers import plain
from homeroom.claims.grammar.places import place_of, waves_of
from homeroom.claims.kinds.said import Said, asked, form_of, reading_of
from homeroom.claims.kinds.words import words
from homeroom.claims.model import Reading, Relation, Statistic
from homeroom.claims.tolerance import is_close, miss, reaches
from homeroom.claims.verdict import Verdict, together
from homeroom.claims.waves import DEFAULT
from homeroom.errors import Ambiguous
from homeroom.evidence.store import Store
from homeroom.figures import wording
from homeroom.figures.question import Question
from homeroom.figures.staffing import StaffFigure, staff_over_waves
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.waves import WAVES

_STATISTICS = {
    "per": (Statistic.COUNT, "students_per_adult"),
    "above": (Statistic.COUNT, "students_per_adult"),
    "meets": (Statistic.COUNT, "students_per_adult"),
    "ratio": (Statistic.RATIO, "staff_ratio"),
    "more": (Statistic.RATIO, "staff_ratio"),
    "fewer": (Statistic.RATIO, "staff_ratio"),
    "total": (Statistic.COUNT, "staff_total"),
}


_PER = ("per", "above", "meets")
_DIRECTIONS = ("more", "fewer", "above", "meets")
_SUBJECT = re.compile(
    r"^(?P<name>[A-Z][\w.'&-]*(?: [A-Z][\w.'&-]*)*) (?:has|had|have|employs?|employed|reported) "
)


@dataclass(frozen=True, slots=True)
class StaffClaim:
    """What a claim about staff says: of which roles, and the number that it states."""

    of: str
    role: str
    other: str
    form: Form


def check(store: Store, said: Said) -> Checked | None:
    """Check a claim about staff; None where the sentence is about something else."""
    if lexicon.outcomes(said.text):
        return None
    claims = _claims(said.text)
    if not claims:
        return None
    place, notes, subject = _place(said)
    said.all_read(
        [claim.form for claim in claims],
        [words()["staff"]["around"], rf"\b{words()['parts']['adult']}\b", *subject],
    )
    waves, wave_notes = waves_of(said.sentence)
    if len(waves) > 1:
        raise Ambiguous("Several years are named: which is meant?", waves)
    wave = waves[0] if waves else ""
    found = []
    for claim in claims:
        reading = reading_of(claim.form, Question(measure="enrollment", place=place or "US"))
        figures = _figures(store, place or "US", wave, claim)
        if not waves:
            taken = figures[0].wave if figures else DEFAULT
            wave_notes = (f"No year is named: {taken} is taken.",)
        found.append(_checked(said, claim, reading, figures, wave, (*notes, *wave_notes)))
    return _together(found)


def _place(said: Said) -> tuple[str, tuple[str, ...], list[str]]:
    """Return the place, how it was read, and the words that name it as who has the staff."""
    place, notes = said.place
    if place:
        return place, notes, []
    match = _SUBJECT.match(said.sentence)
    if match and said.finder is not None and not lexicon.mentions(plain(match["name"])):
        try:
            place, _name, notes = place_of(f"In {match['name']}, there is one.", said.finder)
        except Ambiguous:
            place = ""
    if place and match:
        return place, notes, [re.escape(plain(match["name"]))]
    return "", ("No place is named: the nation is taken.",), []


def _together(found: list[Checked]) -> Checked:
    """Make one answer of several numbers of staff that a sentence states."""
    first, *rest = found
    if rest:
        first.parts = rest
        first.verdict = together([one.verdict for one in found])
        first.sentence = " ".join(one.sentence for one in found)
        first.reading = " ".join(one.reading for one in found)
        said = [one.say_instead for one in found if one.say_instead]
        first.say_instead = " ".join(said) or None
    return first


def _claims(text: str) -> list[StaffClaim]:
    """Return what a sentence claims: one thing, or several totals ("39 officers and 5 nurses")."""
    claim = _claim(text)
    if claim is None:
        return []
    if claim.of != "total":
        return [claim]
    says = next(one["says"] for one in words()["staff"]["forms"] if one["of"] == "total")
    matches = re.finditer(rf"(?<![\d.,~/-])\b{says}\b", text)
    totals = [
        StaffClaim("total", role, "", form_of(text, match, Statistic.COUNT))
        for match in matches
        if (role := _role(match["role"]))
    ]
    return totals or [claim]


def _claim(text: str) -> StaffClaim | None:
    patterns = words()
    for entry in (one for one in patterns["staff"]["forms"] if one["of"] in _STATISTICS):
        match = re.search(rf"(?<![\d.,~/-])\b{entry['says']}\b", text)
        if match is None:
            continue
        role = _role(match["role"])
        other = _role(match["other"]) if "other" in match.groupdict() else ""
        of = entry["of"]
        if role == other or (other and not role):
            return None
        statistic = _STATISTICS[of][0]
        if of in _DIRECTIONS:
            level = float(ROLES[role].recommended or 0)
            stated = level if of in _PER else 1.0
            named = match.groupdict().get("rec")
            if not stated or (named and float(named) != level):
                continue
            relation = {"fewer": Relation.LESS_THAN, "meets": Relation.AT_MOST}.get(
                of, Relation.MORE_THAN
            )
            form = Form(
                match.start(), match.end(), statistic, stated, 0.0, relation=relation, base=1.0
            )
        else:
            form = form_of(text, match, statistic)
        return StaffClaim(of, role, other, form)
    return None


def _role(said: str) -> str:
    patterns = words()
    for role in patterns["staff"]["roles"]:
        if re.fullmatch(patterns["parts"][role], said):
            return str(role)
    return ""


def _figures(store: Store, place: str, wave: str, claim: StaffClaim) -> list[StaffFigure]:
    """Return the figures of the claim's roles in one wave; the latest whole one by default."""
    found = staff_over_waves(store, place, "published")
    wanted = [claim.role, *([claim.other] if claim.other else [])]
    by_wave: dict[str, list[StaffFigure]] = {}
    for one in found:
        if one.role in wanted and one.fte is not None:
            by_wave.setdefault(one.wave, []).append(one)
    full = {
        at: sorted(of, key=lambda one: wanted.index(one.role))
        for at, of in by_wave.items()
        if len(of) == len(wanted)
    }
    if wave:
        return full.get(wave, [])
    whole = [at for at, of in full.items() if all(one.whole for one in of)]
    normal = [at for at in whole if not WAVES[at].pandemic]
    best = max(normal or whole or list(full), default="")
    return full.get(best, [])


def _value(claim: StaffClaim, figures: list[StaffFigure]) -> float | None:
    first = figures[0]
    if claim.of in _PER:
        return first.students_per_fte
    if claim.of == "total":
        return first.fte
    other = figures[1].fte
    return first.fte / other if first.fte is not None and other else None


def _checked(
    said: Said,
    claim: StaffClaim,
    reading: Reading,
    figures: list[StaffFigure],
    wave: str,
    notes: tuple[str, ...],
) -> Checked:
    place, statistic = reading.question.place, _STATISTICS[claim.of][1]
    names = said.name(place)
    value = _value(claim, figures) if figures else None
    solid = bool(figures) and all(one.whole for one in figures) and value is not None
    taken = figures[0].wave if figures else wave or DEFAULT
    reading = replace(reading, question=replace(reading.question, wave=taken))
    verdict = _verdict(reading, value, claim) if solid else Verdict.CANNOT
    where = words_of.place(place, names)
    text, instead = _told(claim, figures, value, where)
    stated = _stated(claim, reading)
    missed = miss(reading, value) if solid else None
    end = _end(verdict, missed is not None and missed.overstates)
    return Checked(
        None, said.sentence,
        " ".join([f"Read as: {_meant(claim)}, in {where}, {taken}; stated: {stated}.", *notes]),
        reading.stated, value if solid else None, verdict,
        f"{text} The claim says {stated}: {end}",
        sources=list(dict.fromkeys(one.source for one in figures if one.source)),
        kind="staff", asked=asked(
            reading, statistic, value if solid else None,
            measure=claim.role, versus=claim.other, wave=taken,
        ),
        say_instead=instead if verdict in (Verdict.CLOSE, Verdict.NOT) else None,
    )  # fmt: skip


def _verdict(reading: Reading, value: float | None, claim: StaffClaim) -> Verdict:
    if bool(reaches(reading, value)):
        return Verdict.HOLDS
    directional = claim.of in _DIRECTIONS
    return Verdict.CLOSE if not directional and is_close(reading, value) else Verdict.NOT


def _end(verdict: Verdict, overstates: bool) -> str:  # noqa: FBT001
    return {
        Verdict.HOLDS: "it holds.",
        Verdict.CLOSE: "that is close, but it "
        f"{'overstates' if overstates else 'understates'} the figure.",
        Verdict.NOT: "it does not hold.",
        Verdict.CANNOT: "it cannot be tested with these data.",
    }[verdict]


def _label(role: str) -> str:
    return ROLES[role].label.lower()


def _meant(claim: StaffClaim) -> str:
    if claim.other:
        return f"{_label(claim.role)} per full-time equivalent of {_label(claim.other)}"
    if claim.of == "total":
        return f"{_label(claim.role)} in full-time equivalents"
    return f"students per full-time equivalent of {_label(claim.role)}"


def _stated(claim: StaffClaim, reading: Reading) -> str:
    if claim.of == "more":
        return f"that there are more {_label(claim.role)} than {_label(claim.other)}"
    if claim.of == "fewer":
        return f"that there are fewer {_label(claim.role)} than {_label(claim.other)}"
    if claim.of == "meets":
        return f"at most the recommended {reading.stated:,.0f} students per adult"
    if claim.of == "above":
        return f"more students per adult than the recommended {reading.stated:,.0f}"
    number = words_of.stated(reading)
    if claim.of == "ratio":
        return number.replace("times the rate", "times as many")
    return number if claim.of == "per" else number.replace("students", _label(claim.role))


def _told(
    claim: StaffClaim, figures: list[StaffFigure], value: float | None, where: str
) -> tuple[str, str | None]:
    """Return the figure in a sentence with scope, doubt, and source, and without them."""
    if not figures:
        return (
            f"The store has no staff counts of {where} for a year that this claim could be about. "
            "The school files of the Civil Rights Data Collection count them."
        ), None
    first = figures[0]
    said = _figure(claim, figures, value)
    plainly = f"In {where} in {first.wave}, {said}."
    cited = (
        f"according to the Civil Rights Data Collection {first.wave} of the US Department of "
        "Education's Office for Civil Rights (school files)."
    )
    out = [f"{plainly.removesuffix('.')}, {cited}"]
    for one in figures:
        if not one.whole:
            out.append(f"{ROLES[one.role].label}: {one.note}.")
        elif one.doubtful:
            out.append(wording.why_doubted(one.doubts) or "")
    recommended = ROLES[claim.role].recommended
    if claim.of in _PER and recommended:
        out.append(f"Recommended: {ROLES[claim.role].recommended_by}.")
    return " ".join(dict.fromkeys(out)), plainly


def _figure(claim: StaffClaim, figures: list[StaffFigure], value: float | None) -> str:
    first = figures[0]
    if claim.of in _PER:
        per = "an unknown number of" if value is None else f"{value:,.0f}"
        return f"there were {per} students for each full-time equivalent of {_label(claim.role)}"
    counted = f"schools reported {first.fte:,.0f} {_label(claim.role)}"
    if claim.of == "total":
        return f"{counted} in full-time equivalents"
    other = figures[1]
    times = f", {value:,.1f} times as many" if value is not None else ""
    return f"{counted} and {other.fte:,.0f} {_label(claim.other)} in full-time equivalents{times}"
