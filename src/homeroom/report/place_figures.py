"""The figures of a place page: groups with intervals, adults against ratios, waves with breaks.

Rows come from :mod:`homeroom.figures`; here they are put side by side and told in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from homeroom.figures.rates import PER
from homeroom.statistics import comparison, risk
from homeroom.statistics.reasons import REASONS
from homeroom.statistics.statistic import Statistic
from homeroom.vocabulary.groups import ALL, RACES
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.roles import ROLES

Rows = list[dict[str, Any]]
REFERENCE = "white"
"""The group that OCR's own tables and most public claims compare with; the page says so."""
TOO_FEW = "too few students"
_SHORT = {
    "too_few_students": TOO_FEW,
    "no_students_in_group": "no students",
    "no_students_in_comparison": "no students to compare with",
    "not_reported": "not reported",
    "exceeds_students": "more students counted than enrolled",
    "no_events": "none counted in either group",
    "no_events_in_comparison": "none counted in the comparison group",
    "few_events": "few events: read the interval",
}


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group's count, rate and ratio to the comparison group, each with its interval."""

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


@dataclass(frozen=True, slots=True)
class OutcomeTable:
    """One outcome in one wave, by group."""

    measure: str
    wave: str
    rows: list[GroupRow]
    basis: str
    coverage: float | None
    reason: str | None

    @property
    def label(self) -> str:
        """The outcome in words."""
        return MEASURES[self.measure].label

    def row(self, group: str) -> GroupRow:
        """Return a group's row."""
        return next(row for row in self.rows if row.id == group)


def waves_of(outcomes: Rows, measure: str) -> list[str]:
    """List the waves in which a measure is at hand."""
    return sorted({row["wave"] for row in outcomes if row["measure"] == measure})


def outcome_table(outcomes: Rows, measure: str, wave: str) -> OutcomeTable:
    """Put one outcome of one wave together, with intervals and ratios to the reference group."""
    found = {r["group"]: r for r in outcomes if (r["measure"], r["wave"]) == (measure, wave)}
    groups = [group for group in (ALL, *RACES) if group in found]
    counts = [_number(found[group]["count"]) for group in groups]
    students = [_number(found[group]["students"]) for group in groups]
    rates = risk.risk(counts, students, per=PER)
    base = found.get(REFERENCE, {"count": None, "students": None})
    ratios = comparison.compare(
        "ratio", counts, students, _number(base["count"]), _number(base["students"])
    )
    rows = [
        _row(group, found[group], at, rates, ratios) for at, group in enumerate(groups)
    ]  # fmt: skip
    whole: dict[str, Any] = found.get(ALL, {"basis": "", "coverage": None, "reason": None})
    return OutcomeTable(measure, wave, rows, whole["basis"], whole["coverage"], whole["reason"])


def _row(group: str, row: dict[str, Any], at: int, rates: Statistic, ratios: Statistic) -> GroupRow:
    compared = group not in (ALL, REFERENCE)
    ratio, ratio_low, ratio_high, ratio_note = (
        figure_at(ratios, at) if compared else (None, None, None, "")
    )
    rate, low, high, note = figure_at(rates, at)
    return GroupRow(
        group, label_of(group), row["students"], row["count"], rate, low, high,
        row["reason"] or note, ratio, ratio_low, ratio_high, ratio_note,
    )  # fmt: skip


def label_of(group: str) -> str:
    """Return a group's label."""
    return "All students" if group == ALL else RACES[group].label


def _number(value: int | None) -> float:
    return np.nan if value is None else float(value)


def figure_at(figures: Statistic, at: int) -> tuple[float | None, float | None, float | None, str]:
    """Return a figure, its interval, and what is to be said of it; None where there is none."""
    value, low, high = (
        None if np.isnan(part[at]) else float(part[at])
        for part in (figures.value, figures.low, figures.high)
    )
    reason = REASONS[int(figures.reason[at])]
    note = "" if reason.id == "ok" else _SHORT.get(reason.id, reason.sentence)
    return value, low, high, note


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A role in one wave."""

    role: str
    label: str
    fte: float | None
    each: float | None
    recommended: int | None
    recommended_by: str | None
    without: int
    schools: int
    unknown: int

    @property
    def verdict(self) -> str:
        """Say how the figure stands to the recommended ratio."""
        if self.fte is None:
            return "not reported"
        if self.each is None:
            return "none reported"
        if self.recommended is None:
            return "no ratio to hold it against"
        return "meets the ratio" if self.each <= self.recommended else "short of the ratio"


def staff_rows(staff: Rows, wave: str) -> list[StaffRow]:
    """Return the roles of one wave in their fixed order."""
    found = {row["role"]: row for row in staff if row["wave"] == wave}
    return [
        StaffRow(
            role.id, role.label, row["fte"], row["students_per_fte"], role.recommended,
            role.recommended_by, row["schools_without"], row["schools"], row["schools_unknown"],
        )
        for role in ROLES.values()
        if (row := found.get(role.id))
    ]  # fmt: skip


def staff_wave(staff: Rows) -> str | None:
    """Choose the wave to show first: the latest that covers all schools, else the latest."""
    whole = sorted({row["wave"] for row in staff if not row["high_schools_only"]})
    every = sorted({row["wave"] for row in staff})
    waves: list[str] = whole or every
    return waves[-1] if waves else None


def high_schools_only(staff: Rows, wave: str | None) -> bool:
    """Return whether the wave's figures speak for high schools alone."""
    return any(row["high_schools_only"] for row in staff if row["wave"] == wave)
