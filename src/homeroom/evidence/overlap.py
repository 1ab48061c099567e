"""Schools that two files give: alike, so that one is taken, or differently, so that none is."""

from __future__ import annotations

import duckdb
import polars as pl

from homeroom.evidence.build_report import Conflict
from homeroom.vocabulary.cells import CELLS
from homeroom.vocabulary.elements import ELEMENTS
from homeroom.vocabulary.ids import combokey_of

MODULE_OF_ELEMENT = {element.id: element.module for element in ELEMENTS.values()}
MODULE_OF_CELL = {cell.id: MODULE_OF_ELEMENT[cell.element] for cell in CELLS}
_ITEMS = {
    cell.id: " ".join(
        part for part in (cell.element, cell.disability, cell.race, cell.sex) if part != "none"
    )
    for cell in CELLS
}
_PART = "element || ' ' || disability"
_WHICH = {"cell": "cell_id", "unanswered": _PART, "zero_block": _PART}


def module_of(table: str) -> pl.Expr:
    """Return the module of each row of answered, unanswered, zero_block, or cell."""
    if table == "answered":
        return pl.col("module")
    if table in ("unanswered", "zero_block"):
        return pl.col("element").replace_strict(MODULE_OF_ELEMENT)
    return pl.col("cell_id").replace_strict(MODULE_OF_CELL)


def differences(
    connection: duckdb.DuckDBPyConnection,
    frames: dict[str, pl.DataFrame],
    schools: pl.Series,
    wave: str,
    module: str,
    earlier: int,
) -> pl.DataFrame:
    """Return the figures of ``schools`` in which a file differs from what another one gave.

    Parameters
    ----------
    frames
        The tables cell and unanswered of the file.
    earlier
        Number of the file whose rows are in the store already.

    Returns
    -------
    polars.DataFrame
        Columns ``school_no``, ``item``, ``old``, and ``new``; values as text, a code with its sign.
    """
    connection.register("common", pl.DataFrame({"school_no": schools}).to_arrow())
    found = []
    for table, frame in frames.items():
        mine = frame.filter(
            (pl.col("wave") == wave) & (module_of(table) == module)
            & pl.col("school_no").is_in(schools.implode())
        )  # fmt: skip
        value = "coalesce(value, code)" if table == "cell" else "code"
        joined = _compared(connection, mine, table, value, (wave, module, earlier))
        if table == "cell":
            item = pl.col("which").cast(pl.Int16).replace_strict(_ITEMS, return_dtype=pl.String)
            joined = joined.with_columns(which=item)
        absent = "0" if table == "cell" else "answered"
        found.append(
            joined.with_columns(pl.col(c).cast(pl.String).fill_null(absent) for c in ("old", "new"))
        )
    connection.unregister("common")
    return pl.concat(found).rename({"which": "item"}).sort("school_no", "item")


def _compared(
    connection: duckdb.DuckDBPyConnection,
    mine: pl.DataFrame,
    table: str,
    value: str,
    earlier: tuple[str, str, int],
) -> pl.DataFrame:
    wave, module, source = earlier
    column = "cell_id" if table == "cell" else "element"
    connection.register("mine", mine.to_arrow())
    found: pl.DataFrame = connection.sql(
        f"""
        WITH theirs AS (
            SELECT school_no, ({_WHICH[table]})::VARCHAR AS which, ({value})::BIGINT AS old
            FROM {table} SEMI JOIN common USING (school_no)
            WHERE wave = ? AND source_id = ? AND {column} IN
                (SELECT {column} FROM cell_column WHERE module = ?)),
        ours AS (
            SELECT school_no, ({_WHICH[table]})::VARCHAR AS which, ({value})::BIGINT AS new
            FROM mine)
        SELECT school_no, which, old, new FROM theirs FULL JOIN ours USING (school_no, which)
        WHERE old IS DISTINCT FROM new
        """,
        params=[wave, source, module],
    ).pl()
    connection.unregister("mine")
    return found


def conflicts(found: pl.DataFrame, wave: str, first: str, second: str) -> list[Conflict]:
    """Return a conflict for each row of :func:`differences`."""
    return [
        Conflict(wave, f"school {combokey_of(school)}", item, first, old, second, new)
        for school, item, old, new in found.select("school_no", "item", "old", "new").rows()
    ]
