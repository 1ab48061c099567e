"""What a CRDC file says of a school or LEA itself: name, state, grades, kind."""

from __future__ import annotations

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.base import Batch
from homeroom.sources.tables import TABLES
from homeroom.sources.text import read_csv, repair_id

_LEVELS = ("PS", "KG", *(f"G{grade:02d}" for grade in range(1, 13)))
GRADES = {f"SCH_GRADE_{level}": grade for grade, level in enumerate(_LEVELS, start=-1)}
_YES, _NO = ("Yes", "yes", "YES"), ("No", "no", "NO")
STATUS = {
    "JJ": "juvenile",
    "SCH_STATUS_ALT": "alternative",
    "SCH_STATUS_CHARTER": "charter",
    "SCH_STATUS_MAGNET": "magnet",
    "SCH_STATUS_SPED": "special",
}


def _yes(column: str) -> pl.Expr:
    """Yes or no as a truth value; a reserve code or a blank is null."""
    said = pl.col(column)
    yes, no = (pl.any_horizontal(said == form for form in forms) for forms in (_YES, _NO))
    return pl.when(yes).then(True).when(no).then(False)  # noqa: FBT003


def school_batch(frame: pl.DataFrame, wave: str, notes: tuple[str, ...]) -> Batch:
    """Return the table school: id columns in every file, grades and kind where it has them."""
    grades = [
        pl.when(_yes(column)).then(grade)
        for column, grade in GRADES.items()
        if column in frame.columns
    ]
    span = (
        {"low_grade": pl.min_horizontal(grades), "high_grade": pl.max_horizontal(grades)}
        if grades
        else {}
    )
    kinds = {name: _yes(column) for column, name in STATUS.items() if column in frame.columns}
    return Batch(
        "school",
        TABLES["school"].conform(
            frame.select(
                "school_no",
                wave=pl.lit(wave),
                name=pl.col("SCH_NAME").str.strip_chars(),
                lea_name=pl.col("LEA_NAME").str.strip_chars(),
                state=pl.col("LEA_STATE").str.strip_chars(),
                **span,
                **kinds,
            )
        ),
        notes,
    )


def district_batch(data: bytes, name: str, wave: str) -> Batch:
    """Return the table district from an LEA Characteristics file."""
    frame = read_csv(data, name, ["LEA_STATE", "LEAID", "LEA_NAME", "LEA_CITY"])
    frame = frame.with_columns(repair_id(frame["LEAID"], 7).alias("leaid"))
    if frame["leaid"].n_unique() < len(frame):
        raise BadInput(
            f"{name}: expected one row an LEA, found one twice. Take the file from its publisher "
            "again."
        )
    return Batch(
        "district",
        TABLES["district"].conform(
            frame.select(
                "leaid", year=pl.lit(wave), name="LEA_NAME", state="LEA_STATE", city="LEA_CITY"
            )
        ),
    )
