"""CRDC cells from records: students by school, element, race, sex, and disability part.

Race and sex are the student's, the disability part is that of the event's day. A student without a
race or a sex is in no cell, as in the CRDC's own form, and is counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from homeroom.records import vocabulary as words
from homeroom.records.coverage import of_all_students
from homeroom.records.engines import Engine, statements
from homeroom.records.workspace import Workspace
from homeroom.vocabulary.cells import CELLS
from homeroom.vocabulary.elements import ELEMENTS
from homeroom.vocabulary.groups import UNPUBLISHED

_MEASURE_OF = {
    "ENR": "enrollment", "REF": "referrals", "ARR": "arrests", "ISS": "iss", "SINGOOS": "oss",
    "MULTOOS": "oss", "EXPWE": "expulsions", "EXPWOE": "expulsions", "EXPZT": "zero_tolerance",
    "TFRALT": "transfers", "MECH": "mechanical_restraint", "PHYS": "physical_restraint",
    "SECL": "seclusion",
}  # fmt: skip
"""Element to what an extract must carry for it."""
_PARTS_OF_EVENT = {0: ("wodis", "nonidea"), 1: ("idea",), 2: ("s504", "nonidea")}
_KEY = ["year", "school", "element", "disability", "race", "sex"]


@dataclass(frozen=True)
class Cells:
    """Counts of a workspace, as the CRDC asks for them.

    Attributes
    ----------
    cells
        ``year``, ``school`` (the workspace's number), ``cell_id``, ``value``: those above zero.
    schools
        ``year`` and ``school`` with any student or event.
    lacking
        Element to why it can't be counted.
    outside
        Students, summed over elements, without a race or a sex: in no cell.
    """

    cells: pl.DataFrame
    schools: pl.DataFrame
    lacking: dict[str, str]
    outside: int


def counted(workspace: Workspace, engine: Engine) -> Cells:
    """Return the cells of every school and year.

    Parameters
    ----------
    workspace
        Whose records are counted.
    engine
        What counts.
    """
    carried = workspace.manifest["carried"]
    lacking = {
        element: reason
        for element, measure in _MEASURE_OF.items()
        if (reason := carried["race"] or of_all_students(carried, measure))
    }
    enrolled, *events = (
        pl.DataFrame(pl.from_arrow(engine.table(one))) for one in statements("crdc.sql")
    )
    schools = pl.concat(
        [one.select(pl.col("year", "school").cast(pl.Int64)) for one in (enrolled, *events)]
    ).unique(maintain_order=True)
    long = pl.concat([_enrolled(enrolled), *map(_happened, events)])
    long = long.filter(~pl.col("element").is_in(list(lacking)) & (pl.col("value") > 0))
    named = _named(long)
    columns = pl.DataFrame(
        [(one.id, one.element, one.disability, one.race, one.sex) for one in CELLS],
        ["cell_id", *_KEY[2:]],
        orient="row",
    )
    found = (
        named.join(columns, on=_KEY[2:], how="inner")
        .group_by("year", "school", "cell_id")
        .agg(pl.col("value").sum())
        .sort("year", "school", "cell_id")
    )
    return Cells(found, schools.sort("year", "school"), lacking, _outside(long))


def _enrolled(frame: pl.DataFrame) -> pl.DataFrame:
    base = frame.select(
        pl.col("year", "school").cast(pl.Int64), pl.lit("ENR").alias("element"),
        pl.col("part").cast(pl.Int64), pl.col("race", "sex").cast(pl.Int64),
        pl.col("n").cast(pl.Int64).alias("value"),
    )  # fmt: skip
    parts = [
        base.with_columns(disability=pl.lit("any")),
        base.filter(part=words.IDEA).with_columns(disability=pl.lit("idea")),
        base.filter(part=words.S504).with_columns(disability=pl.lit("s504")),
    ]
    return pl.concat(parts).select(*_KEY, "value")


def _happened(frame: pl.DataFrame) -> pl.DataFrame:
    elements = [name for name in frame.columns if name in ELEMENTS]
    long = frame.unpivot(
        elements, index=["year", "school", "race", "sex", "part"], variable_name="element"
    ).with_columns(pl.exclude("element").cast(pl.Int64))
    parts = pl.DataFrame(
        [(part, name) for part, names in _PARTS_OF_EVENT.items() for name in names],
        {"part": pl.Int64, "disability": pl.String},
        orient="row",
    )
    return long.join(parts, on="part").select(*_KEY, "value")


def _named(long: pl.DataFrame) -> pl.DataFrame:
    """Return words for race and sex; a Section 504 cell of discipline has no race."""
    races = dict(enumerate(words.RACES))
    sexes = dict(enumerate(words.SEXES))
    without_race = (pl.col("disability") == "s504") & (pl.col("element") != "ENR")
    return long.with_columns(
        race=pl.when(without_race)
        .then(pl.lit(UNPUBLISHED))
        .otherwise(pl.col("race").replace_strict(races, default=None, return_dtype=pl.String)),
        sex=pl.col("sex").replace_strict(sexes, default=None, return_dtype=pl.String),
    )


def _outside(long: pl.DataFrame) -> int:
    gone = long.filter(
        (pl.col("race") == words.UNKNOWN_RACE) | (pl.col("sex") == words.UNKNOWN_SEX),
        pl.col("disability").is_in(["any", "wodis", "idea", "nonidea"]),
    )
    return int(gone["value"].sum() or 0)
