"""A place in one view: students, arrests and referrals, staff, flags, what is not at hand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import duckdb
import polars as pl

from homeroom.evidence import places, quality, sql
from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.figures import overview
from homeroom.figures.overview import OUTCOMES
from homeroom.vocabulary.finance import ITEMS
from homeroom.vocabulary.groups import ALL, RACES
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.waves import WAVES

Rows = list[dict[str, Any]]
_WORKERS = ThreadPoolExecutor(2, thread_name_prefix="profile")
"""Counting students takes as long as all else on the page: the two go side by side."""


@dataclass
class Profile:
    """What a place page shows; every list may be empty."""

    facts: dict[str, Any]
    sentences: list[str] = field(default_factory=list)
    outcomes: Rows = field(default_factory=list)
    """One row a measure, wave and group: see :func:`homeroom.figures.overview.outcomes`."""
    staff: Rows = field(default_factory=list)
    context: Rows = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    def tables(self) -> list[tuple[str, Rows]]:
        """Return titled tables, groups down and waves across."""
        found = [
            (f"{MEASURES[measure].label}: students and rate per 10,000", rows)
            for measure in OUTCOMES
            if (rows := _across(self.outcomes, measure))
        ]
        if self.staff:
            found.append(
                ("Staff: full-time equivalents and students per adult", _staff_rows(self.staff))
            )
        if self.context:
            found.append(("Money and poverty", self.context))
        return found


def profile(con: duckdb.DuckDBPyConnection, place_id: str, *, policy: str = "published") -> Profile:
    """Put a place's page together.

    Raises
    ------
    NotAvailable
        The store has no such place.
    """
    area = place_range(place_id)
    facts = places.facts(con, area)
    counting = _WORKERS.submit(overview.outcomes, con.cursor(), area, policy)
    staff = overview.staff(con, area, policy)
    page = Profile(facts)
    page.facts["policy"] = policy
    page.context = _context(con, area)
    page.flags = _flags(con, area)
    page.sources = overview.sources(con, area)
    outcomes = counting.result()
    page.outcomes, page.staff = outcomes.to_dicts(), staff.to_dicts()
    page.missing = _missing(area, outcomes, staff)
    page.notes = _notes(outcomes, staff)
    page.sentences = _sentences(page)
    return page


def _sentences(page: Profile) -> list[str]:
    """Say first what most people ask: how many, who, and which adults."""
    name = page.facts["name"]
    said = []
    if page.facts["kind"] == "nation":
        name = f"the {name}"
    arrests = [r for r in page.outcomes if r["measure"] == "arrests" and r["group"] == ALL]
    latest = [r for r in arrests if r["students"] is not None]
    usual = [r for r in latest if not WAVES[r["wave"]].pandemic] or latest
    if usual:
        row = usual[-1]
        if row["count"] is None:
            said.append(f"In {row['wave']} {name} reported no arrest figure: {row['reason']}.")
        else:
            rate = (
                f", {row['rate_per_10000']:.1f} for every 10,000"
                if row["rate_per_10000"] is not None
                else ""
            )
            said.append(
                f"In {row['wave']}, {row['count']:,} of {row['students']:,} students in {name} "
                f"were arrested at school or because of it{rate}."
            )
    officers = [r for r in page.staff if r["role"] == "officer" and r["fte"] is not None]
    if officers:
        whole = [row for row in officers if not row["high_schools_only"]]
        last = (whole or officers)[-1]
        beside = {r["role"]: r for r in page.staff if r["wave"] == last["wave"]}
        counselors = beside.get("counselor", {}).get("fte")
        also = f" and {counselors:,.1f} counselors" if counselors is not None else ""
        fte = f"{last['fte']:,.1f}" if last["fte"] else "no"
        scope = " (high schools)" if last["high_schools_only"] else ""
        said.append(
            f"Its schools{scope} reported {fte} police officers{also} in {last['wave']}, "
            "in full-time equivalents."
        )
    return said


def _across(outcomes: Rows, measure: str) -> Rows:
    """Turn one measure's rows into a table with a pair of columns a wave."""
    mine = [row for row in outcomes if row["measure"] == measure]
    waves = sorted({row["wave"] for row in mine})
    found = {(row["group"], row["wave"]): row for row in mine}
    table = []
    for group in (ALL, *RACES):
        label = "All students" if group == ALL else RACES[group].label
        line: dict[str, Any] = {"group": label}
        for wave in waves:
            row = found.get((group, wave), {})
            line[wave] = row.get("count")
            line[f"{wave} rate"] = row.get("rate_per_10000")
        table.append(line)
    return table if waves else []


def _staff_rows(staff: Rows) -> Rows:
    waves = sorted({row["wave"] for row in staff})
    found = {(row["role"], row["wave"]): row for row in staff}
    table = []
    for role in ROLES.values():
        line: dict[str, Any] = {"role": role.label, "recommended": role.recommended}
        for wave in waves:
            row = found.get((role.id, wave), {})
            line[wave] = row.get("fte")
            line[f"{wave} students each"] = row.get("students_per_fte")
        table.append(line)
    return table


def _context(con: duckdb.DuckDBPyConnection, area: PlaceRange) -> Rows:
    if area.kind != "district":
        return []
    leaid = area.place_id.removeprefix("lea:")
    money = sql.rows(
        con,
        "SELECT fiscal_year, item, amount FROM finance WHERE leaid = ? AND amount IS NOT NULL "
        "ORDER BY fiscal_year, item",
        [leaid],
    )
    poor = sql.rows(
        con,
        "SELECT year, children, children_poverty FROM poverty WHERE leaid = ? ORDER BY year",
        [leaid],
    )
    wanted = ("V33", "TOTALEXP", "TCURELSC", "E17")
    rows = [
        {"fact": f"{ITEMS[item]}, fiscal year {year}", "figure": amount}
        for year, item, amount in money
        if item in wanted
    ]
    for year, children, in_poverty in poor:
        rows.append(
            {"fact": f"Children 5 to 17 in the district's area, {year}", "figure": children}
        )
        rows.append({"fact": f"Of those, in families in poverty, {year}", "figure": in_poverty})
    return rows


def _flags(con: duckdb.DuckDBPyConnection, area: PlaceRange) -> list[str]:
    """Say quality flags in words: with the figures for a school, counted for larger places."""
    found = sql.rows(
        con,
        """
        SELECT rule, wave, subject, count(*), any_value(detail) FROM quality_flag
        WHERE school_no BETWEEN ? AND ? GROUP BY ALL ORDER BY wave, rule, subject
        """,
        [area.low, area.high],
    )
    said = []
    for rule, wave, subject, schools, detail in found:
        label = MEASURES[subject].label if subject in MEASURES else ROLES[subject].label
        sentence = quality.rules()[rule].sentence
        where = f" ({detail})" if schools == 1 and detail != sentence else f" ({schools:,} schools)"
        said.append(f"{wave}, {label.lower()}: {sentence}{where}")
    return said


def _missing(area: PlaceRange, outcomes: pl.DataFrame, staff: pl.DataFrame) -> list[str]:
    """Say plainly what is not at hand, and which official file brings it."""
    have = set(outcomes["wave"]) if len(outcomes) else set()
    said = [
        f"Arrests and referrals of {wave.id} are not at hand here. "
        f"`homeroom download --wave {wave.id}` fetches the official file ({wave.archive}); "
        "`homeroom build --from` adds it."
        for wave in WAVES.values()
        if wave.archive and wave.id not in have
    ]
    if not len(staff):
        said.append(f"No officers or counselors of {area.place_id} are at hand.")
    return said


def _notes(outcomes: pl.DataFrame, staff: pl.DataFrame) -> list[str]:
    waves = sorted(
        {*(outcomes["wave"] if len(outcomes) else ()), *(staff["wave"] if len(staff) else ())}
    )
    return [f"{wave}: {WAVES[wave].note}" for wave in waves]
