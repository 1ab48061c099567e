"""Rates over waves, cut into segments: no line runs across a break without saying so."""

from __future__ import annotations

import duckdb
import polars as pl

from homeroom.evidence.place_ids import place_range
from homeroom.figures import overview
from homeroom.figures.scope import measure_of
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.waves import WAVES

COLUMNS = {
    "place": "Place id",
    "measure": "Measure id",
    "group": "Race id, or all",
    "wave": "CRDC wave",
    "students": "Students in schools that reported",
    "count": "Students counted",
    "rate_per_10000": "Rate",
    "coverage": "Share of the place's students that the figure speaks for",
    "reason": "Why there is no figure",
    "basis": "state_table or schools",
    "segment": "Points of one segment may be joined by a line; points of two may not",
    "break_before": "Why this wave cannot be held against the one before, or null",
    "note": "What to know of the wave",
}


def trend(
    con: duckdb.DuckDBPyConnection, measure: str, place: str, *, policy: str = "published"
) -> pl.DataFrame:
    """Return a measure's rates over every wave at hand, by race, with breaks marked.

    A break stands where the definition, the privacy method or the year itself makes two waves
    incomparable, where a wave between them is not at hand, and where one wave is a state table and
    the next a sum over schools.
    """
    measure_of(measure)
    return segments(overview.outcomes(con, place_range(place), policy, (measure,)), place)


def segments(outcomes: pl.DataFrame, place: str) -> pl.DataFrame:
    """Cut the rows of one measure, as :func:`overview.outcomes` gives them, into segments."""
    frame = outcomes.sort("group", "wave")
    rows, last, segment = [], None, 0
    for row in frame.iter_rows(named=True):
        if last is None or last["group"] != row["group"]:
            why, segment = None, 0
        else:
            why = _break(last, row)
            segment += why is not None
        rows.append(
            row
            | {
                "place": place,
                "segment": segment,
                "break_before": why,
                "note": WAVES[row["wave"]].note,
            }
        )
        last = row
    if not rows:
        return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    return (
        pl.DataFrame(rows, infer_schema_length=None)
        .select(list(COLUMNS))
        .sort(pl.col("group") != ALL, "group", "wave")
    )


def _break(before: dict[str, object], now: dict[str, object]) -> str | None:
    wave = WAVES[str(now["wave"])]
    if before["basis"] != now["basis"]:
        return "One figure is OCR's state table, the other a sum over schools."
    why = " ".join(wave.breaks if now["basis"] == "schools" else wave.table_breaks)
    if why:
        return why
    order = list(WAVES)
    between = order[order.index(str(before["wave"])) + 1 : order.index(wave.id)]
    if between:
        return f"The wave {', '.join(between)} lies between and is not at hand."
    return None
