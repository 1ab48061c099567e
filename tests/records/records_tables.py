"""Small extracts, written as text where a test wants to see every row."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from homeroom.records.engines import opened, statements
from homeroom.records.importing import Extract, import_records
from homeroom.records.workspace import Workspace

STUDENTS = "student_id,school_year,leaid,school_id,race,sex,age,idea,disability,setting,section_504"


def write(folder: Path, name: str, *lines: str) -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def imported(folder: Path, mapping: str = "standard", **kwargs: object) -> Workspace:
    made, _ = import_records(
        Extract((folder,), mapping, **{k: v for k, v in kwargs.items() if k != "allow_unmapped"}),
        folder.parent / f"{folder.name}-workspace",
        allow_unmapped=bool(kwargs.get("allow_unmapped")),
    )
    return made


def rows(workspace: Workspace, table: str) -> list[dict[str, object]]:
    return pq.read_table(workspace.table(table)).to_pylist()


def removed(workspace: Workspace) -> list[dict[str, object]]:
    """The counts of categories 10 to 14."""
    with opened(workspace) as engine:
        return engine.table(statements()[1]).to_pylist()


def problems(workspace: Workspace) -> dict[str, int]:
    return {one["id"]: one["rows"] for one in workspace.manifest["problems"]}
