"""The evidence store of an agency's own records: figures answer from it as from any other.

It holds the public starter facts too, so that this year stands next to the last public wave and to
peers. It is marked confidential: commands show it when asked to in so many words, and the site
serves it to this machine alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from homeroom.evidence import database, store
from homeroom.evidence.build import finish
from homeroom.evidence.build_report import BuildReport
from homeroom.evidence.draft import beside, prepare
from homeroom.evidence.intake import Intake
from homeroom.records.crdc import Cells, counted
from homeroom.records.engines import opened
from homeroom.records.ids import Ids, ids_of
from homeroom.records.sealed import sealed
from homeroom.records.workspace import Workspace, private
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.vocabulary.elements import ELEMENTS
from homeroom.vocabulary.ids import school_number_of
from homeroom.vocabulary.status import BLANK
from homeroom.vocabulary.waves import admit_own

OWN = "own_records"
"""The publication of rows that were counted from records."""


@dataclass
class _Own:
    """A reader for the interface alone: records are counted, not read."""

    id: str = OWN

    def recognize(self, file: SourceFile) -> Recognized | None:  # noqa: ARG002 - as the protocol
        return None

    def read(self, recognized: Recognized) -> Iterator[Batch]:  # noqa: ARG002 - as the protocol
        return iter(())


def wave_of(year: int) -> str:
    """Return a school year as waves are called, from the calendar year in which it ends."""
    return f"{year - 1}-{year % 100:02d}"


def build_store(
    workspace: Workspace, *, state: str = "TX", engine: str = "duckdb", with_public: bool = True
) -> BuildReport:
    """Count a workspace's figures into its store; return what went in.

    Parameters
    ----------
    workspace
        Whose figures; the store lies in its folder, for its owner alone.
    state
        Postal code of the state of LEAs whose ids don't tell it.
    engine
        What counts.
    with_public
        Whether the starter facts go in beside them.

    Raises
    ------
    NotAvailable
        The folder is no workspace.
    """
    ids = ids_of(workspace, state)
    with opened(workspace, engine) as running, sealed("the workspace"):
        cells = counted(workspace, running)
    waves = {year: wave_of(year) for year in workspace.years}
    for wave in waves.values():
        admit_own(wave)
    report = BuildReport(workspace.store)
    with (
        private(),
        sealed("the store"),
        beside(workspace.store) as draft,
        database.opened(draft) as connection,
    ):
        prepare(connection)
        intake = Intake(connection, report)
        for year, wave in waves.items():
            batches = list(_batches(workspace, ids, cells, year))
            intake.take(_recognized(workspace, wave), batches)
        intake.settle()
        if with_public:
            intake.add_starter()
        about = {
            "access": store.CONFIDENTIAL,
            store.OWN_WAVES: " ".join(waves.values()),
            "own_mapping": str(workspace.manifest["mapping"]),
        }
        report.notes += list(_notes(ids, cells))
        finish(connection, intake, report, about)
    workspace.store.chmod(0o600)
    return report


def _recognized(workspace: Workspace, wave: str) -> Recognized:
    title = f"The agency's own records, {wave}, read with mapping {workspace.manifest['mapping']}"
    return Recognized(SourceFile(workspace.table("pupil")), _Own(), title, OWN, wave)


def _notes(ids: Ids, cells: Cells) -> Iterator[tuple[str, str]]:
    leas, schools = ids.made_up
    if leas or schools:
        yield (
            "ids",
            (
                f"{leas:,} LEAs and {schools:,} schools have no NCES id in the extract; the store "
                "gives them ids that NCES gives to nobody. A file of schools with NCES ids would "
                "put their public figures beside them"
            ),
        )
    if cells.outside:
        yield "cells", f"{cells.outside:,} counts of students without a race or sex are in no cell"
    for element, reason in cells.lacking.items():
        yield element, f"not counted: {reason}"


def _batches(workspace: Workspace, ids: Ids, cells: Cells, year: int) -> Iterator[Batch]:
    wave = wave_of(year)
    numbers = {school: school_number_of(combokey) for school, combokey in ids.schools.items()}
    there = cells.schools.filter(year=year)["school"].drop_nulls().to_list()
    yield Batch("school", _schools(workspace, ids, wave, there))
    asked = sorted({ELEMENTS[one].module for one in _counted(cells)})
    nos = pl.Series("school_no", [numbers[school] for school in there], pl.Int64)
    answered = [
        pl.DataFrame({"school_no": nos}).select(
            pl.lit(wave).alias("wave"), pl.lit(module).alias("module"), "school_no"
        )
        for module in asked
    ]
    if answered:
        yield Batch("answered", pl.concat(answered))
    yield Batch("unanswered", _unanswered(cells, wave, asked, nos))
    yield Batch(
        "cell",
        cells.cells.filter(year=year)
        .select(
            pl.lit(wave).alias("wave"),
            pl.col("school").replace_strict(numbers, return_dtype=pl.Int64).alias("school_no"),
            pl.col("cell_id").cast(pl.Int16),
            pl.col("value").cast(pl.Int32),
            pl.lit(None, pl.Int8).alias("code"),
        )
        .sort("cell_id", "school_no"),
    )


def _counted(cells: Cells) -> list[str]:
    return [
        one for one in ELEMENTS if one not in cells.lacking and ELEMENTS[one].module != "offenses"
    ]


def _unanswered(cells: Cells, wave: str, asked: list[str], nos: pl.Series) -> pl.DataFrame:
    """Return the blocks that an extract can't carry, in modules that it carries in part."""
    blocks = [
        (element, part)
        for element in cells.lacking
        if ELEMENTS[element].module in asked
        for part in (*ELEMENTS[element].by_race_and_sex, *ELEMENTS[element].by_sex)
    ]
    schema = {"element": pl.String, "disability": pl.String}
    return (
        pl.DataFrame(blocks, schema, orient="row")
        .join(pl.DataFrame({"school_no": nos}), how="cross")
        .select(
            pl.lit(wave).alias("wave"), "school_no", "element", "disability",
            pl.lit(BLANK, pl.Int8).alias("code"),
        )
    )  # fmt: skip


def _schools(workspace: Workspace, ids: Ids, wave: str, there: list[int]) -> pl.DataFrame:
    names = {lea["lea"]: lea["name"] or f"LEA {lea['id']}" for lea in workspace.leas}
    known = {one["school"]: one for one in workspace.manifest["schools"]}
    rows = [
        (
            wave, school_number_of(ids.schools[number]),
            _name(known[number]), names[known[number]["lea"]], ids.state(known[number]["lea"]),
            known[number]["low_grade"], known[number]["high_grade"],
        )
        for number in there
    ]  # fmt: skip
    columns = {
        "wave": pl.String, "school_no": pl.Int64, "name": pl.String, "lea_name": pl.String,
        "state": pl.String, "low_grade": pl.Int8, "high_grade": pl.Int8,
    }  # fmt: skip
    flags = ("juvenile", "alternative", "charter", "magnet", "special")
    return pl.DataFrame(rows, columns, orient="row").with_columns(
        pl.lit(None, pl.Boolean).alias(flag) for flag in flags
    )


def _name(school: dict[str, object]) -> str:
    if school["name"]:
        return str(school["name"])
    return f"School {school['id']}" if school["id"] else "School not named"


def store_of(folder: Path) -> Path:
    """Return the store of a workspace's folder."""
    return Workspace(folder).store
