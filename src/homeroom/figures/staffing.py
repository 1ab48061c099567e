"""Adults beside students: full-time equivalents, students per adult, recommended levels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from homeroom.evidence import sql
from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.evidence.quality import check_policy
from homeroom.evidence.store import Store
from homeroom.figures import wording
from homeroom.figures.backing import Backing
from homeroom.figures.coverage import EVERY, Universe, place_students
from homeroom.figures.doubts import Doubt
from homeroom.figures.missing import no_figure
from homeroom.figures.query_cache import QueryCache, ScopeCache
from homeroom.figures.rows import column
from homeroom.figures.scope import in_list
from homeroom.figures.standing import Standing
from homeroom.vocabulary.ids import STATE_SPAN
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.states import POSTAL_OF_FIPS
from homeroom.vocabulary.status import Status, explain
from homeroom.vocabulary.waves import WAVES, check_wave

_UNIT = 10_000
NONE_REPORTED = "The schools reported none of the role, so students per adult is undefined."
NO_ENROLLMENT = "No enrollment of these schools is in the store, so there is nothing to divide."
DOUBTED = "Reported, but left out: a quality rule doubts every figure of the role."


@dataclass(frozen=True, slots=True)
class StaffFigure(Backing):
    """Adults of one role in one place and wave.

    Attributes
    ----------
    fte
        Full-time equivalents in the schools that reported; None where none did.
    students
        Students in those schools, as far as the store has their enrollment.
    students_per_fte
        Students per adult over the schools with both figures.
    short
        Full-time equivalents below the recommended level, school by school: one school's surplus
        doesn't fill another's gap.
    schools, schools_with, schools_without, schools_unknown
        Schools asked; that reported any, or none; that did not report or are doubted.
    """

    place: str
    wave: str
    policy: str
    role: str
    fte: float | None
    students: int | None
    students_per_fte: float | None
    short: float | None
    status: str
    reason: str | None
    schools: int
    schools_with: int
    schools_without: int
    schools_unknown: int


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Adults of one role beside students."""

    place: str = column("Place id")
    wave: str = column("CRDC wave")
    role: str = column("Role id")
    fte: float | None = column("Full-time equivalents in the schools that reported; null if none")
    students: int | None = column("Students in the schools that reported the role")
    students_per_fte: float | None = column("Students per adult; null where undefined")
    recommended: int | None = column("Recommended students per adult, where a body gives a level")
    recommended_by: str | None = column("That body")
    short: float | None = column("Full-time equivalents below that level, school by school")
    status: str = column("observed, missing, or suppressed")
    reason: str | None = column("Why a figure is missing or undefined")
    schools: int = column("Schools in the scope")
    schools_with: int = column("Schools that reported any of the role")
    schools_without: int = column("Schools that reported none")
    schools_unknown: int = column("Schools that did not report, or are doubted (screened)")
    policy: str = column("published or screened")
    coverage: float | None = column("Share of the place's students in schools that reported")
    universe: str | None = column("Which schools the figure speaks for, where they are not all")
    doubts: str | None = column("Ids of the quality rules and errata that doubt the figure")
    note: str | None = column("Scope and doubt in words, where they matter")
    source: str = column("Publication, file and SHA-256")


def staffing(
    store: Store, place: str, wave: str, *, policy: str = "published"
) -> list[StaffFigure]:
    """Return adults and students per adult, role by role.

    Raises
    ------
    BadInput
        An unknown place, wave, or policy.
    NotAvailable
        The store holds no staff of the place and wave.
    """
    check_wave(wave)
    area = place_range(place)
    found = staff_over_waves(store, place, policy, (wave,))
    if not found:
        raise no_figure(area, wave, "Staff")
    return found


def staff_over_waves(
    store: Store, place: str, policy: str = "published", waves: Iterable[str] = tuple(WAVES)
) -> list[StaffFigure]:
    """Return adults of every wave in the store: by wave, then by role."""
    check_policy(policy)
    area, asked = place_range(place), tuple(waves)
    if area.state is None:
        return _figures(store, area, policy, asked)
    # States and the nation are few, and sum many schools.
    key = ("staff", area.place_id, policy, asked)
    return store.cache.get(key, lambda: _figures(store, area, policy, asked))


def _figures(
    store: Store, area: PlaceRange, policy: str, waves: tuple[str, ...]
) -> list[StaffFigure]:
    cache = QueryCache.of(store)
    narrow = high_school_waves(store) if area.kind == "nation" else frozenset()
    standing, scope = Standing(cache), cache.cache_of(cache.scope([area]))
    schools = staff_of_schools(store, area, waves, policy)
    return [
        _figure(standing, scope, area, row, policy, narrow)
        for row in staff_sums(schools, cache).to_dicts()
    ]


def high_school_waves(store: Store) -> frozenset[str]:
    """Return the waves whose national staff must be read from the high-school files alone.

    The full files of a few states must not be mixed into the high schools of all the others: they
    would weigh too much.
    """

    def make() -> frozenset[str]:
        totals = {str(w) for (w,) in sql.rows(store.con, "SELECT DISTINCT wave FROM school_total")}
        files = QueryCache.of(store).availability.files
        return frozenset(
            wave
            for wave in totals
            if sum((w, m) == (wave, "enrollment") for _, w, m in files) < EVERY
        )

    return store.cache.get("high school waves", make)


def staff_of_schools(
    store: Store,
    area: PlaceRange,
    waves: Sequence[str],
    policy: str = "published",
    *,
    as_one: bool = True,
) -> pl.DataFrame:
    """Return each school's adults.

    Parameters
    ----------
    as_one
        Whether the schools are to be summed as one place: the nation's are then its high schools
        alone in waves of which the store has the full files of a few states only.

    Returns
    -------
    polars.DataFrame
        wave, school_no, role, fte (null: unknown), code, source_id, students (null: the store has
        no enrollment of the school).
    """
    within = f"wave IN ({in_list(waves)}) AND school_no BETWEEN {area.low} AND {area.high}"
    frame = sql.frame(
        store.con,
        f"SELECT wave, school_no, role, fte, code, source_id FROM staff WHERE {within}",
    )
    sizes = sql.frame(
        store.con,
        f"SELECT wave, school_no, students FROM school_size WHERE {within} AND students > 0",
    )
    narrow = high_school_waves(store) if as_one and area.kind == "nation" else frozenset()
    if narrow:
        high = sql.frame(store.con, f"SELECT wave, school_no FROM school_total WHERE {within}")
        others = frame.filter(~pl.col("wave").is_in(sorted(narrow)))
        frame = pl.concat([frame.join(high, on=["wave", "school_no"], how="semi"), others])
        frame = frame.unique(["wave", "school_no", "role"], maintain_order=True)
    if policy == "screened":
        doubted = sql.frame(
            store.con,
            "SELECT DISTINCT wave, school_no, subject AS role, TRUE AS doubted "
            f"FROM quality_flag WHERE {within}",
        )
        frame = frame.join(doubted, on=["wave", "school_no", "role"], how="left").with_columns(
            fte=pl.when(pl.col("doubted").is_null()).then("fte")
        )
        frame = frame.drop("doubted")
    return frame.join(sizes, on=["wave", "school_no"], how="left")


def staff_sums(schools: pl.DataFrame, cache: QueryCache, by: Sequence[str] = ()) -> pl.DataFrame:
    """Sum schools by wave and role, in the order of the waves and roles.

    Full-time equivalents are added as whole ten-thousandths, so that the same question gives the
    same bytes whatever the order of the rows.

    Parameters
    ----------
    by
        Further columns of ``schools`` to sum by, as the district.
    """
    compiled = [
        number for number, found in cache.sources.items()
        if found.publication == "crdc_high_schools"
    ]  # fmt: skip
    fte, students = pl.col("fte"), pl.col("students")
    level = pl.col("role").replace_strict(
        {role.id: role.recommended for role in ROLES.values() if role.recommended}, default=None
    )
    units = (fte * _UNIT).round().cast(pl.Int64)
    lacking = pl.max_horizontal(students / level - fte, pl.lit(0.0))
    missing = fte.is_null() | students.is_null() | level.is_null()
    return (
        schools.group_by(*by, "wave", "role")
        .agg(
            fte=pl.when(fte.count() > 0).then(units.sum()) / _UNIT,
            students=pl.when((fte.is_not_null() & students.is_not_null()).any()).then(
                students.filter(fte.is_not_null()).sum()
            ),
            matched=units.filter(students.is_not_null()).sum() / _UNIT,
            enrolled=students.sum(),
            schools=pl.len(),
            schools_with=(fte > 0).sum(),
            schools_without=(fte == 0).sum(),
            schools_unknown=fte.is_null().sum(),
            code=pl.col("code").drop_nulls().mode().sort().first(),
            compiled=pl.col("source_id").is_in(compiled).all(),
            files=pl.col("source_id").unique().sort(),
            states=(pl.col("school_no") // STATE_SPAN).unique().sort(),
            short=pl.when((~missing).any()).then(
                pl.when(~missing).then((lacking * _UNIT).round().cast(pl.Int64)).sum() / _UNIT
            ),
        )
        .sort(*by, "wave", pl.col("role").replace_strict({r: at for at, r in enumerate(ROLES)}))
    )


def _figure(
    standing: Standing,
    scope: ScopeCache,
    area: PlaceRange,
    row: dict[str, Any],
    policy: str,
    narrow: frozenset[str],
) -> StaffFigure:
    wave, role, cache = str(row["wave"]), str(row["role"]), standing.cache
    official = cache.official.of(area.state, wave) if area.state else None
    enrolled = float(row["enrolled"] or 0)
    high = bool(row["compiled"]) or wave in narrow
    whole = place_students(enrolled, official)
    share = enrolled / whole if whole else None
    universe = _universe(area, row["states"], high=high, share=share)
    coverage = float(row["students"] or 0) / whole if whole else None
    doubts: tuple[Doubt, ...] = ()
    if policy == "published":
        totals = {role: float(row["fte"] or 0)}
        doubts = standing.doubts(area, wave, (role,), scope, totals)
    status, reason = _status(row, wave)
    return StaffFigure(
        universe=universe, coverage=coverage, doubts=doubts,
        sources=tuple(cache.sources[number] for number in row["files"]),
        note=wording.note(universe, None if high else coverage, doubts, wording.whole_of(area)),
        place=area.place_id, wave=wave, policy=policy, role=role, fte=row["fte"],
        students=row["students"] if row["fte"] is not None else None,
        students_per_fte=_each(row), short=row["short"], status=str(status), reason=reason,
        schools=row["schools"], schools_with=row["schools_with"],
        schools_without=row["schools_without"], schools_unknown=row["schools_unknown"],
    )  # fmt: skip


def _universe(
    area: PlaceRange, fips: Sequence[int], *, high: bool, share: float | None
) -> Universe:
    if high or area.kind != "nation" or len(fips) >= EVERY:
        return Universe(high_schools=high, students=share)
    return Universe(tuple(sorted(POSTAL_OF_FIPS[f"{one:02d}"] for one in fips)), students=share)


def _each(row: dict[str, Any]) -> float | None:
    return row["students"] / row["matched"] if row["students"] and row["matched"] else None


def _status(row: dict[str, Any], wave: str) -> tuple[Status, str | None]:
    if row["fte"] is None:
        return explain(row["code"], wave) if row["code"] is not None else (Status.MISSING, DOUBTED)
    if row["fte"] == 0:
        return Status.OBSERVED, NONE_REPORTED
    return Status.OBSERVED, None if row["students"] else NO_ENROLLMENT


def staff_rows(figures: Iterable[StaffFigure]) -> list[StaffRow]:
    """Return figures as rows."""
    return [
        StaffRow(
            one.place, one.wave, one.role, one.fte, one.students, one.students_per_fte,
            ROLES[one.role].recommended, ROLES[one.role].recommended_by, one.short, one.status,
            one.reason, one.schools, one.schools_with, one.schools_without, one.schools_unknown,
            one.policy, one.coverage,
            wording.scope(
                one.universe, None if one.universe.high_schools else one.coverage,
                wording.whole_of(place_range(one.place)),
            ),
            "; ".join(dict.fromkeys(d.rule for d in one.doubts)) or None, one.note, one.source,
        )
        for one in figures
    ]  # fmt: skip
