"""Deriving the starter facts from the agencies' files: a store, written out as Parquet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from homeroom.evidence import sql, store
from homeroom.evidence.build import Progress, build
from homeroom.evidence.build_report import BuildReport
from homeroom.evidence.schema import STORE_TABLES
from homeroom.sources.tables import TABLES

_ORDER = {"cell": ["wave", "cell_id", "school_no"], "answered": ["wave", "module", "school_no"]}
"""Sort orders that compress best; the others keep their key's."""


def compile_facts(
    paths: Iterable[Path], folder: Path, *, progress: Progress, level: int = 19
) -> BuildReport:
    """Build a store from ``paths`` alone and write its tables to ``folder`` as Parquet.

    The same files give the same tables, whatever order they are named in.

    Parameters
    ----------
    paths
        Files, ZIPs, and folders.
    folder
        Where the tables go.
    progress
        Told what is being done.
    level
        How hard to compress, from 1 (quick) to 22 (small).
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "store.duckdb"
        report = build(sorted(paths), path, with_starter=False, progress=progress)
        for name, frame in tables_of(path).items():
            draft = folder / f".{name}.parquet"
            frame.write_parquet(
                draft, compression="zstd", compression_level=level, statistics=False
            )
            draft.replace(folder / f"{name}.parquet")
    return report


def tables_of(path: Path) -> dict[str, pl.DataFrame]:
    """Return the tables of a store that ship, in a fixed order of rows and sources."""
    with store.connect(path) as con:
        sources = sql.frame(con, "SELECT * FROM source_file ORDER BY name, sha256, title")
        numbers = sources.select("source_id").with_row_index("fixed", offset=1)
        fixed = {
            "source_file": sources.with_columns(
                source_id=numbers["fixed"].cast(STORE_TABLES["source_file"].columns[0].type)
            )
        }
        renumber = dict(zip(numbers["source_id"], numbers["fixed"], strict=True))
        for name in TABLES:
            order = ", ".join(_ORDER.get(name, STORE_TABLES[name].key))
            frame = sql.frame(con, f"SELECT * FROM {name} ORDER BY {order}")
            if len(frame):
                fixed[name] = frame.with_columns(
                    pl.col("source_id").replace_strict(renumber, return_dtype=pl.Int16)
                )
    return fixed
