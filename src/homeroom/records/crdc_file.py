"""The flat file of the CRDC from records: a row a school, columns named as in OCR's own files.

A zero stands only where the extract collects the item; where it can't carry it, the field is empty.
Ids are text with their leading zeros: a spreadsheet that opens the file turns them into numbers.
"""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl

from homeroom.errors import BadInput
from homeroom.records.crdc import Cells
from homeroom.records.ids import Ids
from homeroom.records.reading import LONGEST_LINE
from homeroom.records.sealed import sealed
from homeroom.records.workspace import Workspace, private_file
from homeroom.sources.crdc.columns import layout
from homeroom.text_gate import shown
from homeroom.vocabulary.cells import CELLS, CellColumn
from homeroom.vocabulary.elements import ELEMENTS
from homeroom.vocabulary.groups import RACES, SEXES
from homeroom.vocabulary.measures import MEASURES

_MODULES = (
    "enrollment", "referrals_arrests", "suspensions", "expulsions", "transfers", "restraint",
)  # fmt: skip
_IDS = ("LEA_STATE", "LEAID", "LEA_NAME", "SCHID", "SCH_NAME", "COMBOKEY")
_MOST_BYTES = 1 << 30


def column_of(cell: CellColumn) -> str:
    """Return the name that OCR's files give a cell."""
    race = RACES[cell.race].element if cell.race in RACES else ""
    group = "_".join(part for part in (race, SEXES[cell.sex].element) if part)
    if cell.element == "ENR":
        stem = {"any": "SCH_ENR", "idea": "SCH_IDEAENR", "s504": "SCH_504ENR"}[cell.disability]
    elif ELEMENTS[cell.element].module == "restraint":
        stem = f"SCH_RS_{cell.disability.upper()}_{cell.element}"
    elif cell.disability == "wodis":
        stem = f"SCH_DISCWODIS_{cell.element}"
    else:
        part = "IDEA" if cell.disability == "idea" else "504"
        stem = f"SCH_DISCWDIS_{cell.element}_{part}"
    return f"{stem}_{group}"


def write(workspace: Workspace, ids: Ids, cells: Cells, year: int, out: Path) -> int:
    """Write the flat file of one school year for its owner alone; return its schools.

    Parameters
    ----------
    workspace, ids, cells
        Records, NCES ids, and counts.
    year
        The school year, by the calendar year in which it ends.
    out
        A CSV file.
    """
    columns = [cell for cell in CELLS if ELEMENTS[cell.element].module in _MODULES]
    schools = {one["school"]: one for one in workspace.manifest["schools"]}
    leas = {one["lea"]: one for one in workspace.leas}
    values: dict[int, dict[int, int]] = {}
    for school, cell, value in (
        cells.cells.filter(year=year).select("school", "cell_id", "value").iter_rows()
    ):
        values.setdefault(school, {})[cell] = value
    there = cells.schools.filter(year=year)["school"].drop_nulls().to_list()
    with private_file(out) as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow([*_IDS, *map(column_of, columns)])
        for number in sorted(there, key=lambda one: ids.schools[one]):
            school, key = schools[number], ids.schools[number]
            lea = leas[school["lea"]]
            table.writerow([
                ids.state(school["lea"]), key[:7], _safe(lea["name"] or lea["id"]), key[7:],
                _safe(school["name"] or school["id"]), key,
                *("" if cell.element in cells.lacking else values.get(number, {}).get(cell.id, 0)
                  for cell in columns),
            ])  # fmt: skip
    return len(there)


def _safe(text: object) -> str:
    """Return a name that no spreadsheet runs as a formula."""
    said = str(text or "")
    return "'" + said if said[:1] in ("=", "+", "-", "@", "\t", "\r") else said


def totals(cells: Cells, year: int) -> dict[str, int]:
    """Return students of all schools by measure, for the measures that the extract carries."""
    by_cell = dict(
        cells.cells.filter(year=year).group_by("cell_id").agg(pl.col("value").sum()).iter_rows()
    )
    return {
        measure.id: sum(
            by_cell.get(cell.id, 0)
            for cell in CELLS
            if cell.element in measure.elements and cell.disability in measure.parts
        )
        for measure in MEASURES.values()
        if measure.per == "student" and not set(measure.elements) & set(cells.lacking)
    }


def submitted(path: Path, keys: set[str]) -> dict[str, int]:
    """Return students by measure as an earlier flat file, or a file of OCR's, gives them.

    Parameters
    ----------
    path
        A CSV file with OCR's columns.
    keys
        COMBOKEYs of the schools to add up.

    Raises
    ------
    BadInput
        It is no such file.
    """
    name = shown(path.name)
    with sealed(name):
        if path.stat().st_size > _MOST_BYTES:
            raise BadInput(f"{name}: expected a flat file of at most 1 GB, found more.")
        with path.open(encoding="latin-1", newline="") as stream:
            header = stream.readline(LONGEST_LINE)
        columns = [one.strip().strip('"').lstrip("\u00ef\u00bb\u00bf") for one in header.split(",")]
        found = layout(columns)
        if not found.cells or not {"COMBOKEY", "LEAID"} & set(columns):
            raise BadInput(
                f"{name}: expected a flat file of the CRDC with COMBOKEY and columns such as "
                "SCH_DISCWODIS_ARR_BL_M, found none."
            )
        frame = pl.read_csv(path, infer_schema=False, encoding="latin-1")
        frame = frame.rename(dict(zip(frame.columns, columns, strict=True)))
        return _added(frame, found.cells, keys)


def _added(frame: pl.DataFrame, cells: dict[str, int], keys: set[str]) -> dict[str, int]:
    key = pl.col("COMBOKEY") if "COMBOKEY" in frame.columns else (
        pl.col("LEAID").str.zfill(7) + pl.col("SCHID").str.zfill(5)
    )  # fmt: skip
    ours = frame.filter(key.str.zfill(12).is_in(list(keys)))
    sums = ours.select(
        pl.when(pl.col(name).cast(pl.Int64, strict=False).is_not_null().any())
        .then(pl.col(name).cast(pl.Int64, strict=False).clip(lower_bound=0).sum())
        .alias(name)
        for name in cells
    ).row(0, named=True)
    out = {}
    for measure in MEASURES.values():
        wanted = [
            name
            for name, number in cells.items()
            if CELLS[number - 1].element in measure.elements
            and CELLS[number - 1].disability in measure.parts
        ]
        if any(sums[name] is not None for name in wanted):  # all empty: not collected
            out[measure.id] = sum(int(sums[name] or 0) for name in wanted)
    return out
