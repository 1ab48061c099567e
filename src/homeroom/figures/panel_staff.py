"""The staff of a panel: full-time equivalents by role, beside each place and wave."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.evidence.store import Store
from homeroom.figures import wording
from homeroom.figures.by_unit import place_of
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.scope import WIDTH
from homeroom.figures.staffing import staff_of_schools, staff_over_waves, staff_sums
from homeroom.figures.standing import Standing
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.waves import WAVES

_RECORD = {
    "place": pl.String, "wave": pl.String, "role": pl.String, "fte": pl.Float64,
    "students": pl.Int64, "coverage": pl.Float64, "universe": pl.String, "doubts": pl.String,
}  # fmt: skip


def staff_columns() -> dict[str, str]:
    """Return the columns of staff and what they mean."""
    found: dict[str, str] = {}
    for role in ROLES.values():
        found[f"{role.id}_fte"] = (
            f"{role.label}: full-time equivalents in the schools that reported; null if none did"
        )
        found[f"{role.id}_students"] = (
            f"Students in the schools that reported the role: the denominator of {role.id}_fte"
        )
    return found | {
        "staff_coverage": "Share of the place's students in schools that reported staff; the "
        "least of the roles",
        "staff_universe": "Which schools the staff are of, where they are not all",
        "staff_doubts": "Ids of the quality rules and errata that doubt a role, after the role",
    }


def with_staff(
    rows: pl.DataFrame, store: Store, level: str, area: PlaceRange, policy: str
) -> pl.DataFrame:
    """Add the staff of each row's place and wave."""
    waves = sorted(set(rows["wave"]))
    if level in ("nation", "state"):
        records = _of_figures(store, dict.fromkeys(rows["place"]), waves, policy)
    else:
        records = _of_units(store, level, area, waves, policy)
    wide = (
        records.group_by("place", "wave", maintain_order=True)
        .agg(
            *(
                pl.col(value).filter(pl.col("role") == role).first().alias(f"{role}_{value}")
                for role in ROLES
                for value in ("fte", "students")
            ),
            staff_coverage=pl.col("coverage").min(),
            staff_universe=pl.col("universe").drop_nulls().unique().sort().str.join("; "),
            staff_doubts=pl.col("doubts").drop_nulls().str.join("; "),
        )
        .with_columns(
            pl.when(pl.col(name) != "").then(name).alias(name)
            for name in ("staff_universe", "staff_doubts")
        )
    )
    return rows.join(wide, on=["place", "wave"], how="left", maintain_order="left")


def _of_figures(store: Store, places: Iterable[str], waves: list[str], policy: str) -> pl.DataFrame:
    """Return the staff of states and the nation: few places, each answered alone."""
    known = [wave for wave in WAVES if wave in waves]
    return pl.DataFrame(
        [
            (
                one.place, one.wave, one.role, one.fte, one.students, one.coverage,
                wording.scope(
                    one.universe, None if one.universe.high_schools else one.coverage,
                    wording.whole_of(place_range(one.place)),
                ),
                _told(one.role, [doubt.rule for doubt in one.doubts]),
            )
            for place in places
            for one in staff_over_waves(store, place, policy, known)
        ],
        schema=_RECORD,
        orient="row",
    )  # fmt: skip


def _of_units(
    store: Store, level: str, area: PlaceRange, waves: list[str], policy: str
) -> pl.DataFrame:
    """Return the staff of every district or school at once."""
    width = WIDTH[level]
    schools = staff_of_schools(store, area, waves, policy, as_one=False).with_columns(
        unit=pl.col("school_no") // width
    )
    sums = staff_sums(schools, QueryCache.of(store), ["unit"])
    units = sums["unit"].unique()
    ids = pl.DataFrame({"unit": units, "place": [place_of(int(one), level) for one in units]})
    share = pl.when(pl.col("enrolled") > 0).then(pl.col("students") / pl.col("enrolled"))
    told = sums.join(ids, on="unit", how="left", maintain_order="left").with_columns(
        coverage=pl.when("compiled").then(None).otherwise(share.fill_null(0.0)),
        universe=pl.when("compiled").then(pl.lit("high schools only")),
        students=pl.when(pl.col("fte").is_not_null()).then("students"),
    )
    doubts = _doubts(store, level, told, policy)
    return told.join(doubts, on=["unit", "wave", "role"], how="left", maintain_order="left").select(
        *_RECORD
    )


def _doubts(store: Store, level: str, sums: pl.DataFrame, policy: str) -> pl.DataFrame:
    """Return what rules doubt of the units' staff: few of them are flagged at all."""
    empty = pl.DataFrame(
        schema={"unit": sums.schema["unit"], "wave": pl.String, "role": pl.String,
                "doubts": pl.String}
    )  # fmt: skip
    if policy != "published":
        return empty
    cache = QueryCache.of(store)
    standing, scope = Standing(cache), cache.every(level)
    flagged = scope.doubts(store).select("unit", "wave", role="subject").unique()
    mine = sums.select("unit", "wave", "role", "place", "fte").join(
        flagged, on=["unit", "wave", "role"], how="semi"
    )
    rows = []
    for unit, wave, role, place, fte in mine.rows():
        found = standing.doubts(place_range(place), wave, (role,), scope, {role: fte or 0.0})
        rows.append((unit, wave, role, _told(role, [doubt.rule for doubt in found])))
    return pl.DataFrame(rows, schema=empty.schema, orient="row") if rows else empty


def _told(role: str, found: list[str]) -> str | None:
    """Return the ids of rules with the role that they doubt."""
    return f"{role}: {', '.join(dict.fromkeys(found))}" if found else None
