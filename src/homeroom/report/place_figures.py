"""The figures of a place page: groups with intervals, adults beside recommended levels.

Figures come from :mod:`homeroom.figures`; here they are put side by side, none of them changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from homeroom.figures.figure import Figure
from homeroom.figures.outcomes import ratios_to
from homeroom.figures.staffing import StaffFigure
from homeroom.vocabulary.groups import ALL, RACES, Group
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.roles import ROLES

REFERENCE = "white"
"""The group that OCR's own tables and most public claims compare with; the page says so."""
TOO_FEW = "too few students"
_SHORT = {
    "too_few_students": TOO_FEW,
    "no_students_in_group": "no students",
    "no_students_in_comparison": "no students to compare with",
    "not_reported": "not reported",
    "exceeds_students": "more students counted than enrolled",
    "no_events": "none reported in either group",
    "no_events_in_comparison": "none reported in the comparison group",
    "few_events": "few events: read the interval",
    "no_enrollment": "no enrollment in the store to divide by",
    "nobody_enrolled": "nobody enrolled on the day of the count",
    "not_published": "not published",
    "suppressed": "withheld by the publication",
    "doubted": "reported, but doubted and left out",
}


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group's count, rate, and ratio to the comparison group, each with its interval.

    ``figure`` is the rate; ``ratio_figure`` the ratio, None for all students and the reference.
    """

    id: str
    label: str
    students: int | None
    count: int | None
    rate: float | None
    low: float | None
    high: float | None
    note: str
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    ratio_note: str
    figure: Figure
    ratio_figure: Figure | None

    @property
    def few(self) -> bool:
        """Whether so few events were counted that the interval must be read, not the rate."""
        return self.figure.reason == "few_events"


@dataclass(frozen=True, slots=True)
class OutcomeTable:
    """One outcome in one wave, by group.

    Attributes
    ----------
    rows
        All students first; empty where there is no figure.
    screened
        The table without the figures that rules doubt, where that is known and differs.
    """

    measure: str
    wave: str
    rows: list[GroupRow]
    basis: str
    coverage: float | None
    reason: str | None
    screened: OutcomeTable | None = None

    @property
    def label(self) -> str:
        """The outcome in words."""
        return MEASURES[self.measure].label

    @property
    def whole_figure(self) -> Figure:
        """The rate of all students."""
        return self.row(ALL).figure

    @property
    def note(self) -> str | None:
        """Scope and doubt of the table in words, or None where it is plain."""
        return self.whole_figure.note if self.rows else None

    @property
    def doubtful(self) -> bool:
        """Whether rules doubt so much that no rank or verdict may rest on the table."""
        return bool(self.rows) and self.whole_figure.doubtful

    def row(self, group: str) -> GroupRow:
        """Return a group's row."""
        return next(row for row in self.rows if row.id == group)


def waves_of(figures: Iterable[Figure], measure: str) -> list[str]:
    """Return the waves that have figures of a measure, in order."""
    return sorted({one.question.wave for one in figures if one.question.measure == measure})


def outcome_table(
    figures: Sequence[Figure], measure: str, wave: str, screened: Sequence[Figure] = ()
) -> OutcomeTable:
    """Put one outcome of one wave together, with ratios to the reference group.

    Parameters
    ----------
    figures
        Rates by race of one place, all students among them.
    screened
        The same under policy ``screened``, to show beside doubtful figures.
    """
    found = _of_groups(figures, measure, wave)
    base = found.get(REFERENCE)
    compared = [one for group, one in found.items() if group not in (ALL, REFERENCE)]
    ratios = ratios_to(compared, base) if base and compared else []
    by_group = {str(one.question.group): one for one in ratios}
    rows = [_row(group, one, by_group.get(group)) for group, one in found.items()]
    whole = found.get(ALL)
    if whole is None:
        return OutcomeTable(measure, wave, [], "", None, None)
    without = None
    if whole.doubtful and _of_groups(screened, measure, wave):
        without = outcome_table(screened, measure, wave)
    reason = whole.explanation if whole.value is None else None
    return OutcomeTable(measure, wave, rows, whole.basis, whole.coverage, reason, without)


def _of_groups(figures: Iterable[Figure], measure: str, wave: str) -> dict[str, Figure]:
    found = {
        str(one.question.group): one
        for one in figures
        if (one.question.measure, one.question.wave) == (measure, wave)
    }
    return {group: found[group] for group in (ALL, *RACES) if group in found}


def _row(group: str, one: Figure, ratio: Figure | None) -> GroupRow:
    value, low, high = (ratio.value, ratio.low, ratio.high) if ratio else (None, None, None)
    return GroupRow(
        group, label_of(group), one.group.students, one.group.count, one.value, one.low, one.high,
        why(one), value, low, high, why(ratio) if ratio else "", one, ratio,
    )  # fmt: skip


def why(one: Figure) -> str:
    """Return in a few words why a figure is missing or weak; empty where neither."""
    if one.reason is None:
        return ""
    return _SHORT.get(one.reason) or one.explanation or one.reason.replace("_", " ")


def label_of(group: str) -> str:
    """Return a group's label."""
    return Group(group).label


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A role in one wave; ``screened`` is the figure without what rules doubt, where it differs."""

    role: str
    label: str
    fte: float | None
    each: float | None
    recommended: int | None
    recommended_by: str | None
    without: int
    schools: int
    unknown: int
    figure: StaffFigure
    screened: StaffFigure | None = None

    @property
    def verdict(self) -> str:
        """How the figure stands to the recommended level; no verdict on a doubtful figure."""
        if self.fte is None:
            return "not reported"
        if self.figure.doubtful:
            return "doubtful"
        if self.fte == 0:
            return "none reported"
        if self.each is None:
            return "no enrollment to divide by"
        if self.recommended is None:
            return "no ratio to hold it against"
        return "meets the ratio" if self.each <= self.recommended else "short of the ratio"


def staff_rows(
    staff: Iterable[StaffFigure], wave: str, screened: Iterable[StaffFigure] = ()
) -> list[StaffRow]:
    """Return the roles of one wave in their fixed order.

    Parameters
    ----------
    screened
        The same figures under policy ``screened``, to show beside doubtful ones.
    """
    found = {one.role: one for one in staff if one.wave == wave}
    without = {one.role: one for one in screened if one.wave == wave}
    return [
        StaffRow(
            role.id, role.label, one.fte, one.students_per_fte, role.recommended,
            role.recommended_by, one.schools_without, one.schools, one.schools_unknown, one,
            without.get(role.id) if one.doubtful else None,
        )
        for role in ROLES.values()
        if (one := found.get(role.id))
    ]  # fmt: skip


def staff_wave(staff: Sequence[StaffFigure]) -> str | None:
    """Return the wave to show first: the latest of the place's own schools, all of them.

    Where there is none, the latest of every high school; a few states are no nation.
    """
    whole = {one.wave for one in staff if one.whole or not _part(one)}
    high = {one.wave for one in staff if one.universe.high_schools}
    every = {one.wave for one in staff}
    return max(whole or high or every, default=None)


def _part(one: StaffFigure) -> bool:
    return one.universe.high_schools or bool(one.universe.states)


def high_schools_only(staff: Iterable[StaffFigure], wave: str | None) -> bool:
    """Return whether the wave's figures speak for high schools alone."""
    return any(one.universe.high_schools for one in staff if one.wave == wave)
