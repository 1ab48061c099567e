"""Writing a release: a folder that can be published as it is, whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import polars as pl

from homeroom.errors import BadInput, Unwritten
from homeroom.records.publish.cells import TOTAL
from homeroom.records.publish.reading import COUNT
from homeroom.records.publish.release import Release, Table
from homeroom.report import engines
from homeroom.report.csv_text import csv_text
from homeroom.report.release.statement import statement
from homeroom.text_gate import check, shown

MOST_ROWS = 3000
"""Rows of a table in the HTML and the PDF; a longer table is in the CSV alone."""


def write_release(release: Release, folder: Path, title: str, grid: bool = False) -> None:  # noqa: FBT001, FBT002
    """Write a release's files into a new folder.

    Parameters
    ----------
    release
        Audited.
    folder
        Must not exist, or be empty.
    title
        Of the HTML and the PDF.
    grid
        Whether the counts came as a grid of rows and columns: the CSV then is one, too.

    Raises
    ------
    BadInput
        The folder holds something, or can't be made.
    Unwritten
        The disk is full.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(
            f"{shown(str(folder))}: expected a new or empty folder, found one that holds "
            "something. Name another; nothing was written."
        )
    name = check(title, "title")
    made: dict[str, bytes] = {
        "release.html": as_html(release, name).encode(),
        "release.pdf": as_pdf(release, name),
        "policy.json": (json.dumps(_policy(release), indent=2) + "\n").encode(),
    }
    for at, table in enumerate(release.tables, 1):
        made[f"table-{at}.csv"] = as_csv(release, table).encode()
        if grid:
            made[f"grid-{at}.csv"] = csv_text(pl.DataFrame(_grid(release, table))).encode()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise BadInput(
            f"{shown(str(folder))}: expected a place to write to, found none ({error.strerror})."
        ) from error
    try:
        for file, data in made.items():
            (draft / file).write_bytes(data)
        draft.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except OSError as error:
        raise Unwritten(f"The release was not written: {error.strerror}.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def as_csv(release: Release, table: Table) -> str:
    """Return a table as CSV, a row a cell, safe to open in a spreadsheet.

    Parameters
    ----------
    release, table
        Of which one.
    """
    rows = [row | {COUNT: str(row[COUNT])} for row in release.rows(table)]
    return csv_text(pl.DataFrame(rows))


def as_html(release: Release, title: str) -> str:
    """Return a release as one HTML file that needs nothing else.

    Parameters
    ----------
    release, title
        What is published, and under which name.
    """
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    page = environment.from_string(_template("release.html.jinja"))
    return page.render(page=_content(release, title), style=_template("release.css"))


def as_pdf(release: Release, title: str) -> bytes:
    """Return a release as tagged pages (PDF/UA-1).

    Parameters
    ----------
    release, title
        What is published, and under which name.
    """
    return engines.typeset(_template("release.typ"), json.dumps(_content(release, title)))


def _template(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _policy(release: Release) -> dict[str, Any]:
    audit = release.audit
    return {
        "policy": release.policy.as_dict(),
        "statement": list(statement(release)),
        "audit": {
            "passed": True,
            "cells": audit.cells,
            "hidden": audit.hidden,
            "witnesses": audit.witnesses,
            "narrowest": audit.narrowest,
        },
    }


def _content(release: Release, title: str) -> dict[str, Any]:
    """Return everything a page shows, as plain text."""
    made = []
    for table in release.tables:
        rows = _grid(release, table)
        long = len(rows) > MOST_ROWS
        head = [] if long or not rows else list(rows[0])
        labels = len(head) - sum(1 for name in head if name not in table.columns)
        made.append(
            {
                "title": _title(table),
                "labels": labels,
                "head": [name.replace("_", " ") for name in head],
                "rows": [] if long else [[str(one) for one in row.values()] for row in rows],
                "note": f"{len(rows):,} rows: see the CSV file." if long else "",
            }
        )
    return {"title": title, "statement": list(statement(release)), "tables": made}


def _title(table: Table) -> str:
    if table.columns == ("row", "column"):
        return "Counts"
    return f"Counts by {', '.join(name.replace('_', ' ') for name in table.columns)}"


def _grid(release: Release, table: Table) -> list[dict[str, str]]:
    """Return a table with the values of its last column side by side, for people."""
    *outer, last = table.columns
    found: dict[tuple[str, ...], dict[str, str]] = {}
    names: dict[str, None] = {}
    for row in release.rows(table):
        name = f"{last} {TOTAL}" if row[last] in outer else str(row[last])
        names[name] = None
        found.setdefault(tuple(row[one] for one in outer), {})[name] = str(row[COUNT])
    return [
        dict(zip(outer, labels, strict=True)) | {name: cells.get(name, "") for name in names}
        for labels, cells in found.items()
    ]
