"""What a store was made from: its files, what each changed, what was refused, and conflicts."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import duckdb
import polars as pl

from homeroom.evidence import sql
from homeroom.evidence.build_report import BuildReport
from homeroom.evidence.schema import STORE_TABLES

_SECTIONS = {
    "files": "SELECT * FROM build_file",
    "changes": "SELECT * FROM build_change",
    "conflicts": "SELECT * FROM build_conflict",
    "notes": "SELECT * FROM build_note",
    "sources": "SELECT * FROM source_file ORDER BY source_id",
}


def tables(report: BuildReport) -> dict[str, pl.DataFrame]:
    """Return the tables of the store that keep what its build did."""
    files = [
        (found.file.name, "read", found.title, found.file.sha256) for found in report.recognized
    ] + [
        (one.name, "left out" if one.expected else "refused", one.reason, None)
        for one in report.refused
    ]
    rows = {
        "build_file": files,
        "build_change": [astuple(change) for change in report.changes],
        "build_conflict": [astuple(conflict) for conflict in report.conflicts],
        "build_note": report.notes,
    }
    return {
        table: pl.DataFrame(
            rows[table],
            {column.name: column.type for column in STORE_TABLES[table].columns},
            orient="row",
        )
        for table in rows
    }


def made_from(con: duckdb.DuckDBPyConnection, meta: dict[str, str]) -> dict[str, Any]:
    """Return what a store was made from, ready for JSON.

    Returns
    -------
    dict
        ``store``: versions and time of the build. ``files``: what was given and what became of it.
        ``changes``: schools added, replaced, and kept by file and module. ``conflicts``: figures
        that two files gave differently. ``notes``: repairs. ``sources``: every file behind the
        rows, those of the starter facts included.
    """
    about = {key: value for key, value in meta.items() if not key.startswith("checksum")}
    return {"store": about} | {
        section: sql.frame(con, query).to_dicts() for section, query in _SECTIONS.items()
    }
