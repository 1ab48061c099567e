"""From a wide school file to tidy rows, keeping only what says something.

Nine cells in ten are zero, so zeros are not written: a school's row in ``answered`` says that it
reported, and ``unanswered`` says which parts it did not.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.base import Batch
from homeroom.sources.crdc.columns import Layout
from homeroom.sources.tables import TABLES
from homeroom.vocabulary.ids import combokey_of
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.status import BLANK, explain, gravity, zero_codes

_LOWEST_CODE = -99


def cell_batches(frame: pl.DataFrame, layout: Layout, wave: str, name: str) -> list[Batch]:
    """Return the tables answered, unanswered and cell of one file.

    Parameters
    ----------
    frame
        One row a school, column ``school_no`` and all columns of ``layout.cells`` as Int32.

    Raises
    ------
    BadInput
        A negative number that cannot be a reserve code.
    """
    schools = frame["school_no"].to_numpy()
    batches: list[Batch] = []
    for module, columns in layout.modules.items():
        batches.append(_batch("answered", wave, schools, module=pl.lit(module)))
        # A row a column: the cells of a block, and each column's schools, lie side by side.
        counts = frame.select(pl.col(columns).fill_null(BLANK)).to_numpy(writable=True).T
        _refuse_impossible(counts, columns, name)
        at = {column: place for place, column in enumerate(columns)}
        for (element, part), block in layout.blocks.items():
            if block[0] not in at:
                continue
            places = slice(at[block[0]], at[block[-1]] + 1)
            codes = _whole_block_code(counts[places])
            gone = np.flatnonzero(codes)
            counts[places, gone] = 0
            batches.append(
                _batch(
                    "unanswered", wave, schools[gone],
                    element=pl.lit(element), disability=pl.lit(part), code=codes[gone],
                )
            )  # fmt: skip
        school, column, found = _not_zero(counts)
        numbers = np.array([layout.cells[c] for c in columns], dtype=np.int16)
        positive = pl.Series(found) > 0
        batches.append(
            _batch(
                "cell", wave, schools[school], cell_id=numbers[column],
                value=_where(found, positive), code=_where(found, ~positive),
            )
        )  # fmt: skip
    return batches


def staff_batch(frame: pl.DataFrame, layout: Layout, wave: str, name: str) -> Batch | None:
    """Return the table staff of one file, or None where it holds no staff.

    A code that stands for zero in the answers to its question (see
    :data:`homeroom.vocabulary.status.CODE_MEANINGS`) gives ``fte`` 0, and is kept in ``skip_code``.

    Raises
    ------
    BadInput
        A value that is not finite, or a negative number that cannot be a reserve code.
    """
    if not layout.staff:
        return None
    # In the store's order, by school and role, so that nothing is left to sort.
    columns = sorted(layout.staff, key=layout.staff.__getitem__)
    long = frame.select(
        "school_no",
        column=pl.lit(columns),
        role=pl.lit([layout.staff[c] for c in columns]),
        found=pl.concat_list(pl.col(columns).fill_null(float(BLANK))),
    ).explode("column", "role", "found").with_columns(wave=pl.lit(wave))  # fmt: skip
    fit = pl.col("found").is_finite() & (
        (pl.col("found") >= 0) | pl.col("found").is_between(_LOWEST_CODE, -1)
        | (pl.col("found") == BLANK)
    )  # fmt: skip
    if len(bad := long.filter(~fit)):
        raise BadInput(
            f"{name}: column {bad['column'][0]}, school {combokey_of(bad['school_no'][0])}: "
            f"expected full-time equivalents or a reserve code, found {bad['found'][0]}. "
            "Take the file from its publisher again."
        )
    number, code = pl.col("found") >= 0, pl.col("found").cast(pl.Int8, strict=False)
    skipped = pl.any_horizontal(
        pl.lit(False),  # noqa: FBT003 - where no column has such a code
        *(
            (pl.col("column") == column) & (pl.col("found") == meaning)
            for column in columns
            for meaning in zero_codes(wave, column)
        ),
    )
    frame = long.select(
        "wave", "school_no", "role",
        fte=pl.when(number).then("found").when(skipped).then(0.0),
        code=pl.when(~number & ~skipped).then(code), skip_code=pl.when(skipped).then(code),
    )  # fmt: skip
    notes = _skip_notes(frame, wave)
    return Batch("staff", TABLES["staff"].conform(frame), notes)


def _skip_notes(staff: pl.DataFrame, wave: str) -> tuple[str, ...]:
    skipped = staff.filter(pl.col("skip_code").is_not_null())
    counted = skipped.group_by("role", "skip_code").len("schools").sort("role", "skip_code")
    return tuple(
        f"{ROLES[role].label}: code {code} in {schools:,} schools, "
        f"{explain(code, wave, ROLES[role].element)[1]}"
        for role, code, schools in counted.rows()
    )


def _whole_block_code(block: np.ndarray) -> np.ndarray:
    """Return for each school the code of a block that holds nothing but reserve codes, else 0.

    Where the codes differ, the gravest speaks for the block (``GRAVEST_FIRST`` in
    :mod:`homeroom.vocabulary.status`).
    """
    highest = block.max(axis=0)
    codes = np.where((highest < 0) & (block.min(axis=0) == highest), highest, 0)
    for school in np.flatnonzero((highest < 0) & (codes == 0)):
        codes[school] = min(block[:, school].tolist(), key=lambda code: (gravity(code), code))
    return codes


def _not_zero(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return school, column and value of what is not zero, school by school.

    The store keeps this order: a place is a range of schools, so that few of its rows are read.
    """
    by_school = np.ascontiguousarray(counts.T)
    at = np.flatnonzero(by_school != 0)
    school, column = np.divmod(at, len(counts))
    return school, column, by_school.ravel()[at]


def _refuse_impossible(counts: np.ndarray, columns: tuple[str, ...], name: str) -> None:
    impossible = (counts < _LOWEST_CODE) & (counts != BLANK)
    if impossible.any():
        column, row = np.argwhere(impossible)[0]
        raise BadInput(
            f"{name}: row {row + 2}, column {columns[column]}: expected a count or a reserve code "
            f"from -1 to {_LOWEST_CODE}, found {counts[column, row]}. "
            "Take the file from its publisher again."
        )


def _where(values: np.ndarray, keep: pl.Series) -> pl.Expr:
    return pl.when(pl.lit(keep)).then(pl.lit(pl.Series(values)))


def _batch(table: str, wave: str, schools: np.ndarray, **columns: pl.Expr | np.ndarray) -> Batch:
    given = {
        name: value if isinstance(value, pl.Expr) else pl.lit(pl.Series(value))
        for name, value in columns.items()
    }
    frame = pl.DataFrame({"school_no": schools}).with_columns(wave=pl.lit(wave), **given)
    return Batch(table, TABLES[table].conform(frame))
