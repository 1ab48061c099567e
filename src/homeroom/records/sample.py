"""A fictional state's extract, of any size: the disparities and the dirt of real data, no child."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from homeroom.errors import BadInput
from homeroom.evidence import database
from homeroom.evidence.targets import refuse_unwritable
from homeroom.records.engines import statements
from homeroom.vocabulary.states import FIPS

_MOST_LEAS = 999
"""LEA ids 99001 to 99999 of a state, which NCES gives to nobody."""
FILES = ("students", "incidents", "schools")


@dataclass(frozen=True)
class Sample:
    """What to make.

    Parameters
    ----------
    students
        Students enrolled in each year.
    leas
        LEAs, at most 999; by default one for 5,000 students, at least 12.
    years
        School years, by the calendar year in which each ends.
    state
        Whose two digits LEA ids begin with.
    actions
        Actions for 100 students and year, about.
    seed
        The same seed gives the same state.
    dirt
        Whether rows repeat, dates are none, and students are missing, as in real extracts.
    """

    students: int = 20_000
    leas: int | None = None
    years: tuple[int, ...] = (2022, 2023, 2024)
    state: str = "TX"
    actions: int = 15
    seed: int = 1
    dirt: bool = True


def write(sample: Sample, folder: Path, *, parquet: bool = False) -> list[Path]:
    """Write the files of a fictional state; return their paths.

    Parameters
    ----------
    sample
        What to make.
    folder
        Where; earlier files of a sample are replaced.
    parquet
        Whether to write Parquet instead of CSV.

    Raises
    ------
    BadInput
        A number makes no sense, or nothing can be written there.
    """
    leas = sample.leas or max(12, min(_MOST_LEAS, sample.students // 5_000))
    if sample.students < 1 or not 1 <= leas <= _MOST_LEAS or not sample.years:
        raise BadInput(
            f"Expected at least one student and year, and 1 to {_MOST_LEAS} LEAs; found "
            f"{sample.students:,} students, {len(sample.years)} years, and {leas:,} LEAs."
        )
    if sample.state not in FIPS:
        raise BadInput(f"state {sample.state!r}: expected a postal code such as TX.")
    folder.mkdir(parents=True, exist_ok=True)
    ending = "parquet" if parquet else "csv"
    paths = [folder / f"{name}.{ending}" for name in FILES]
    for path in paths:
        refuse_unwritable(path)
    database_path = folder / ".sample.duckdb"
    database_path.unlink(missing_ok=True)
    try:
        with database.opened(database_path) as connection:
            connection.execute("SET preserve_insertion_order=false")
            connection.execute("SET memory_limit='4GB'")
            connection.execute(
                "CREATE TABLE asked AS SELECT ?::BIGINT AS students, ?::INTEGER AS leas, "
                "?::DOUBLE AS actions, ?::BIGINT AS seed, ?::VARCHAR AS fips, ?::INTEGER[] AS "
                "years, ?::BOOLEAN AS dirt",
                [sample.students, leas, sample.actions / 100, sample.seed, FIPS[sample.state],
                 list(sample.years), sample.dirt],
            )  # fmt: skip
            for statement in statements("sample.sql"):
                connection.execute(statement)
            options = "FORMAT parquet, COMPRESSION zstd" if parquet else "FORMAT csv, HEADER"
            for name, path in zip(FILES, paths, strict=True):
                target = str(path).replace("'", "''")
                connection.execute(f"COPY {name}_out TO '{target}' ({options})")
    finally:
        for left in folder.glob(".sample.duckdb*"):
            left.unlink(missing_ok=True)
    return paths
