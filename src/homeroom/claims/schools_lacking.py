"""Check claims about students in schools with police and without a counselor or other support."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from homeroom.claims import wording as words
from homeroom.claims.grammar.schools_lacking import ALL, ANY, Lacking
from homeroom.claims.model import Reading, Statistic
from homeroom.claims.multiverse import Summary
from homeroom.claims.tolerance import is_close, reaches
from homeroom.claims.verdict import Verdict, decide
from homeroom.errors import NotAvailable
from homeroom.evidence.place_ids import place_range
from homeroom.evidence.quality import POLICIES
from homeroom.evidence.store import Store
from homeroom.figures import wording
from homeroom.figures.gaps import GapFigure, police_without_support
from homeroom.vocabulary.waves import WAVES

ORIGIN = (
    "The best-known figures of this kind are the ACLU's (\u201cCops and No Counselors,\u201d March "
    "2019): 1.7 million students in schools with police but no counselor, nationwide, from the "
    "Civil Rights Data Collection 2015-16."
)
UNION = (
    "The words can mean schools that lack all four, or schools that lack at least one, which are "
    "many more. The ACLU's 14 million can only be the second: it is more than its 10 million in "
    "schools with police but no social worker."
)
POLICE = (
    "Police means at least one sworn officer, of more than 0 full-time equivalents; guards do not "
    "count. A school lacks a role if it reports 0 full-time equivalents of it."
)


_SEVERAL = {
    ALL: "and no counselor, nurse, psychologist, or social worker at all",
    ANY: "and without at least one of counselor, nurse, psychologist, and social worker",
}


@dataclass(frozen=True, slots=True)
class LackingFound:
    """The figures that a claim is held against, the stated one first, and the verdict."""

    figures: list[GapFigure]
    values: list[float]
    verdict: Verdict


def found_for(store: Store, claim: Lacking) -> LackingFound:
    """Return the figures that fit a claim: both quality policies, of each wave it leaves open."""
    q = claim.reading.question
    waves = [q.wave]
    if "wave" in claim.reading.left_open:
        waves += [w for w, of in WAVES.items() if w != q.wave and not of.pandemic]
    figures = [
        figure
        for wave in waves
        for policy in POLICIES
        for figure in _asked(store, claim, wave, policy)
    ]
    if not any(one.wave == q.wave for one in figures):  # another wave may speak for the place
        figures.sort(key=lambda one: one.wave, reverse=True)
    figures.sort(key=lambda one: not one.whole)
    values = [_value(claim, one) for one in figures]
    deciding = [
        bool(reaches(claim.reading, value))
        for figure, value in zip(figures, values, strict=True)
        if figure.whole
    ]
    near = bool(deciding) and is_close(claim.reading, values[0])
    verdict = decide(bool(deciding) and deciding[0], deciding, hangs=False, near=near)
    return LackingFound(figures, values, verdict)


def _asked(store: Store, claim: Lacking, wave: str, policy: str) -> list[GapFigure]:
    try:
        all_sets = police_without_support(store, claim.reading.question.place, wave, policy=policy)
    except NotAvailable:
        return []
    return [one for one in all_sets if one.set == claim.set]


def _value(claim: Lacking, figure: GapFigure) -> float:
    if claim.reading.statistic is Statistic.SHARE_OF_STUDENTS:
        return 100 * (figure.share or 0.0)
    return float(figure.schools if claim.unit == "schools" else figure.students)


def echo(claim: Lacking, names: dict[str, str], wave: str) -> str:
    """Return how the claim was read."""
    reading = claim.reading
    what = {"schools": "the number of schools", "students": "the number of students in schools"}
    counted = what[claim.unit]
    if reading.statistic is Statistic.SHARE_OF_STUDENTS:
        counted = "the share of all students who are in schools"
    text = (
        f"Read as: {counted} {having(claim.set)}, in {words.place(reading.question.place, names)}, "
        f"{wave}; stated: {stated(claim)}. {POLICE}"
    )
    if "wave" in reading.left_open:
        text += f" No year is named: {wave} is taken."
    return " ".join([text, *reading.conventions])


def having(name: str) -> str:
    """Return a set of schools in words: "with a police officer and no counselor"."""
    if name in _SEVERAL:
        return f"with a police officer {_SEVERAL[name]}"
    role = name.removeprefix("police_and_no_").replace("_", " ")
    return "with a police officer" + ("" if name == "police" else f" and no {role}")


def stated(claim: Lacking) -> str:
    """Return the value that the claim states."""
    said = words.stated(claim.reading)
    return said.replace("students", "schools") if claim.unit == "schools" else said


def sentence(claim: Lacking, found: LackingFound, names: dict[str, str]) -> str:
    """Return figure, scope, source, doubt, and verdict."""
    if not found.figures:
        return (
            f"The store has no staff counts of {words.place(claim.reading.question.place, names)} "
            "for a year that this claim could be about. The school files of the Civil Rights Data "
            f"Collection count them. The claim says {stated(claim)}: it cannot be tested with "
            "these data."
        )
    first = found.figures[0]
    out = [_told(claim, first, names)]
    if first.doubtful:
        out.append(wording.why_doubted(first.doubts) or "")
    if first.unknown_students:
        out.append(
            f"Schools with {first.unknown_students:,} more students may be in the set too: they "
            "did not report."
        )
    end = {
        Verdict.HOLDS: "it holds.",
        Verdict.SOME: "it holds in some of the years or counts that fit its words, but not in all.",
        Verdict.NOT: "it does not hold.",
        Verdict.CLOSE: "that is close, but not it.",
        Verdict.CANNOT: "it cannot be tested with these data, which do not cover "
        f"{wording.whole_of(place_range(first.place))}.",
    }[found.verdict]
    return " ".join([*out, f"The claim says {stated(claim)}: {end}"])


def instead(claim: Lacking, found: LackingFound, names: dict[str, str]) -> str | None:
    """Return the sentence that the figure supports, where the claim's own isn't met."""
    if found.verdict not in (Verdict.CLOSE, Verdict.NOT) or not found.figures[0].whole:
        return None
    return _told(claim, found.figures[0], names).partition(", according to")[0] + "."


def _told(claim: Lacking, figure: GapFigure, names: dict[str, str]) -> str:
    area = place_range(figure.place)
    where = words.place(figure.place, names)
    if not figure.whole:
        where = wording.scope(figure.universe, figure.coverage, wording.whole_of(area)) or where
    percent = f"{100 * figure.share:.1f} percent" if figure.share is not None else "no known share"
    return (
        f"In {figure.wave}, {figure.students:,} students were in {figure.schools:,} schools "
        f"{having(claim.set)} ({where}): {percent} of the students in the schools asked, according "
        f"to the Civil Rights Data Collection {figure.wave} of the US Department of Education's "
        "Office for Civil Rights (school files)."
    )


def summary(found: LackingFound, reading: Reading) -> Summary:
    """Sum up the figures that decide."""
    kept = [v for one, v in zip(found.figures, found.values, strict=True) if one.whole]
    if not kept:
        return Summary(0, 0, None, None, None)
    met = sum(bool(reaches(reading, value)) for value in kept)
    kept.sort()
    return Summary(len(kept), met, kept[0], kept[len(kept) // 2], kept[-1])


def evidence(found: LackingFound) -> list[dict[str, Any]]:
    """Return every figure as a line, with its scope."""
    lines = [
        f"{one.wave}, {one.policy}: {one.students:,} students in {one.schools:,} schools"
        + (f" ({one.note})" if one.note else "") + "."
        for one in found.figures
    ]  # fmt: skip
    return [
        {
            "kind": "staff_gap", "says": "Students in such schools, by year and quality policy.",
            "figures": lines, "caution": POLICE,
            "sources": list(dict.fromkeys(one.source for one in found.figures if one.source)),
        }
    ]  # fmt: skip
