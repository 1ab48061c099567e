"""A file to keep: rows as CSV or Parquet that say themselves what they are.

Parquet has room for it in its metadata: title, data version, citation, and what each column means.
CSV has none, so each of its rows names the data version, and its name says the rest.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from homeroom.figures.columns import meaning
from homeroom.report.csv_text import csv_text
from homeroom.version import __version__

VERSION = "data_version"
_NAMED = (
    "measure", "measures", "group", "figure", "place", "places", "within", "state", "level",
    "wave", "waves", "by", "item", "theme", "domain", "year", "intervention", "outcome",
)  # fmt: skip
"""Parts of a question that a file's name tells, in this order, where the question has them."""
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself.

    Attributes
    ----------
    title
        What the rows are.
    data_version
        Version of the data that they were made from.
    citation
        How to cite them; empty where there is no address.
    asked
        The question: names and values of its parts.
    columns
        Meaning of columns that the vocabulary doesn't know.
    """

    title: str
    data_version: str
    citation: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)

    def metadata(self) -> dict[str, str]:
        """Return what a Parquet file carries beside its columns."""
        question = "; ".join(f"{name}={value}" for name, value in sorted(_told(self.asked).items()))
        return {
            "title": self.title, VERSION: self.data_version, "homeroom_version": __version__,
            "citation": self.citation, "question": question,
        }  # fmt: skip


def csv_file(rows: pl.DataFrame, about: About) -> str:
    """Return rows as CSV, the data version in their last column where there is one."""
    if not about.data_version:
        return csv_text(rows)
    return csv_text(rows.with_columns(pl.lit(about.data_version).alias(VERSION)))


def parquet_file(rows: pl.DataFrame, about: About) -> bytes:
    """Return rows as a Parquet file whose metadata say what file and columns are."""
    table = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
    out = io.BytesIO()
    pq.write_table(table.cast(described(table.schema, about)), out, compression="zstd")
    return out.getvalue()


def described(schema: pa.Schema, about: About) -> pa.Schema:
    """Return a schema with the meaning of its columns, and what the file is."""
    fields = []
    for one in schema:
        said = about.columns.get(one.name) or meaning(one.name)
        fields.append(one.with_metadata({"description": said}) if said else one)
    return pa.schema(fields, metadata=about.metadata())


def file_name(what: str, about: About, form: str, rows: pl.DataFrame | None = None) -> str:
    """Return a file's name: what it is, of which question, and its data version.

    Parameters
    ----------
    what
        Kind of answer or chart.
    form
        Ending, without the dot.
    rows
        What is not asked but holds for every row, such as the wave, is told too.
    """
    told = _told(about.asked)
    for name in ("measure", "place", "wave"):
        if rows is not None and name in rows.columns and name not in told:
            values = rows[name].unique().to_list()
            told |= {name: values[0]} if len(values) == 1 and values[0] is not None else {}
    parts = [what, *(str(told[name]) for name in _NAMED if name in told)]
    stem = re.sub(r"[^A-Za-z0-9]+", "-", "-".join(parts)).strip("-")[:_LONGEST]
    return f"homeroom-{stem}-{about.data_version}.{form}"


def _told(asked: Mapping[str, Any]) -> dict[str, Any]:
    paging = ("limit", "offset", "format", "theme", "size", "title", VERSION)
    return {
        name: ",".join(map(str, value)) if isinstance(value, tuple) else value
        for name, value in asked.items()
        if value not in (None, "", ()) and name not in paging
    }
