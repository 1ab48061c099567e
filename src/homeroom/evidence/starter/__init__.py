"""The starter facts that ship with the package: tables of the store as Parquet files."""

from __future__ import annotations

import io
from importlib.resources import files

import polars as pl


def tables() -> list[str]:
    """Name the tables that ship, source_file apart."""
    names = (entry.name for entry in files("homeroom.evidence.starter").iterdir())
    found = sorted(name.removesuffix(".parquet") for name in names if name.endswith(".parquet"))
    return [name for name in found if name != "source_file"]


def load(table: str) -> pl.DataFrame:
    """Read one table."""
    data = (files("homeroom.evidence.starter") / f"{table}.parquet").read_bytes()
    return pl.read_parquet(io.BytesIO(data))
