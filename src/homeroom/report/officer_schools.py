"""Schools with a sworn officer beside schools without one: students, arrests, and support staff.

Worded as an association. What a picture's note says is true of every place that it is drawn for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homeroom.evidence.place_ids import place_range
from homeroom.figures import wording
from homeroom.figures.gaps import GapFigure
from homeroom.figures.officers import Contrast
from homeroom.figures.wording import percent
from homeroom.report.bars import Bar, Bars
from homeroom.report.sentences import figure, reach
from homeroom.statistics.reasons import RULES
from homeroom.vocabulary.groups import ALL, Group

_NOTE = (
    "Schools with officers can differ from the others in size, grade levels, and place. This shows "
    "where arrests were made, not what officers change."
)
_STUDIES = ("/research?intervention=sro_presence", "What studies find")
_NEARLY, _MOST = 0.9, 0.5


@dataclass(frozen=True, slots=True)
class Sides:
    """All students in schools with an officer, and in schools without one."""

    withs: Contrast
    without: Contrast

    @property
    def arrests(self) -> int:
        """Arrests in both."""
        return (self.withs.pooled.group.count or 0) + (self.without.pooled.group.count or 0)

    @property
    def students(self) -> int:
        """Students in both."""
        both = (self.withs.pooled.group.students, self.without.pooled.group.students)
        return sum(one or 0 for one in both)


def sides(found: Sequence[Contrast], group: str = ALL) -> Sides | None:
    """Return both kinds of schools for a group; None where there is only one kind, or no rate."""
    by_kind = {one.officer: one for one in found if str(one.pooled.question.group) == group}
    if len(by_kind) < 2 or any(one.pooled.value is None for one in by_kind.values()):
        return None
    return Sides(by_kind["with"], by_kind["without"])


def picture(name: str, found: Sequence[Contrast]) -> Bars | None:
    """Draw the share of students in schools with an officer beside the share of arrests there.

    Returns
    -------
    Bars or None
        None where schools are of one kind, arrests are few, or rules doubt the figures.
    """
    both = sides(found)
    if both is None or both.arrests < RULES.few_events or not both.students:
        return None
    if any(one.pooled.doubtful for one in (both.withs, both.without)):
        return None
    pooled = both.withs.pooled
    count, students = pooled.group.count or 0, pooled.group.students or 0
    of_arrests, of_students = count / both.arrests, students / both.students
    schools = both.withs.schools
    some = "the 1 school" if schools == 1 else f"the {schools:,} schools"
    which = f"{some} with a sworn officer"
    where = "" if pooled.whole else f" in {reach(name, pooled)}"
    how = (
        "Nearly all arrests" if of_arrests >= _NEARLY else
        "Most arrests" if of_arrests > _MOST else f"{percent(of_arrests)} of arrests"
    )  # fmt: skip
    return Bars(
        f"{how} were in {which}{where}",
        _NOTE,
        (
            Bar("Students", f"{percent(of_students)} attend a school with an officer", "officer",
                100 * of_students),
            Bar("Arrests", f"{percent(of_arrests)}: {count:,} of {both.arrests:,}", "officer",
                100 * of_arrests),
        ),
        link=_STUDIES,
    )  # fmt: skip


def said(name: str, found: Sequence[Contrast]) -> str:
    """Say how many arrests, and for how many students, in either kind of school; or nothing."""
    both = sides(found)
    if both is None:
        return ""
    withs, without = both.withs.pooled, both.without.pooled
    where = reach(name, withs)
    doubt = wording.because(withs.doubts) or wording.because(without.doubts)
    rates = (
        f"{figure(withs.value or 0)} for every 10,000 students, against "
        f"{figure(without.value or 0)} in the {both.without.schools:,} without one"
    )
    tail = f" ({doubt})" if doubt else ""
    return (
        f"In {withs.question.wave}, {withs.group.count:,} of {both.arrests:,} arrests in {where} "
        f"were in the {both.withs.schools:,} schools that reported an officer: {rates}{tail}. "
        "That is an association; it doesn't show what officers change."
    )


def table(found: Sequence[Contrast]) -> list[tuple[str, str, str, str, str]]:
    """Return a row a group: its name, then count and rate with, and without, an officer."""
    rows = []
    groups = dict.fromkeys(str(one.pooled.question.group) for one in found)
    by_kind = {(str(one.pooled.question.group), one.officer): one for one in found}
    for group in groups:
        cells = [
            cell for kind in ("with", "without") for cell in _cells(by_kind.get((group, kind)))
        ]
        rows.append((Group(group).label, *cells))
    return rows  # type: ignore[return-value]


def _cells(one: Contrast | None) -> tuple[str, str]:
    if one is None or one.pooled.group.students is None:
        return ("–", "–")
    side = one.pooled.group
    counted = "–" if side.count is None else f"{side.count:,} of {side.students:,}"
    rate = "–" if one.pooled.value is None else figure(one.pooled.value)
    return (counted, f"{rate} (doubtful)" if one.pooled.doubtful and rate != "–" else rate)


_LACKING = {
    "police_and_no_social_worker": "no social worker",
    "police_and_no_counselor": "no counselor",
    "police_and_no_psychologist": "no psychologist",
    "police_and_no_nurse": "no nurse",
}


def support(name: str, sets: Mapping[str, GapFigure]) -> Bars | None:
    """Draw the share of students in schools with police, and of those without support staff.

    Parameters
    ----------
    sets
        The sets of schools by id; a place without a school that reported police has no picture.
    """
    police = sets.get("police")
    if police is None or police.share is None or not police.students:
        return None
    where = wording.schools_of(name, police, place_range(police.place), police.policy)
    shown = [("Police", police)]
    shown += [(label, sets[one]) for one, label in _LACKING.items() if one in sets]
    bars = tuple(
        Bar(
            label, f"{percent(one.share or 0)}: {one.students:,}" if one.students else "none",
            "officer" if one is police else "support", 100 * (one.share or 0),
            doubt=wording.doubt(one.doubts) or "",
        )
        for label, one in shown
    )  # fmt: skip
    note = "Schools that didn't report are in no line"
    unknown = max(one.unknown_students for _, one in shown)
    note += f": {unknown:,} students at most are in such schools." if unknown else "."
    doubt = wording.doubt(police.doubts)
    if doubt:
        note = f"Doubtful{doubt.removeprefix('doubtful')}. {note}"
    title = f"Students whose school has police, and no support staff: {where}, {police.wave}"
    return Bars(title, note, bars)


def gap_card(sets: Mapping[str, GapFigure]) -> GapFigure | None:
    """Return the set that the first screen names: no social worker, or no counselor."""
    if "police" not in sets or not sets["police"].students:
        return None
    for one in ("police_and_no_social_worker", "police_and_no_counselor"):
        if one in sets and sets[one].share is not None:
            return sets[one]
    return None
