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
from homeroom.vocabulary.status import (
    BLANK,
    NOT_APPLICABLE,
    explain,
    gravity,
    known_codes,
    zero_codes,
)
from homeroom.vocabulary.waves import WAVES

_ASKED = frozenset(
    ("officer", "guard", "counselor", "social_worker", "psychologist", "nurse", "teacher")
)
"""Roles that every wave asked for."""
_Places = tuple[np.ndarray, ...]
"""Columns and schools of some cells."""


def cell_batches(frame: pl.DataFrame, layout: Layout, wave: str, name: str) -> list[Batch]:
    """Return the tables answered, unanswered, zero_block and cell of one file.

    Parameters
    ----------
    frame
        One row a school, column ``school_no`` and all columns of ``layout.cells`` as Int32.

    Raises
    ------
    BadInput
        A negative number that is no reserve code of the wave.
    """
    schools = frame["school_no"].to_numpy()
    known = known_codes(wave)
    batches: list[Batch] = []
    for module, columns in layout.modules.items():
        batches.append(_batch("answered", wave, schools, module=pl.lit(module)))
        # A row a column: the cells of a block, and each column's schools, lie side by side.
        counts = frame.select(pl.col(columns).fill_null(BLANK)).to_numpy(writable=True).T
        coded = np.nonzero(counts < 0)
        _refuse_unknown(counts, coded, columns, schools, (wave, known), name)
        spoiled = _spoiled(counts, coded, columns)
        _drop_withheld(counts, columns, wave)
        at = {column: place for place, column in enumerate(columns)}
        for (element, part), block in layout.blocks.items():
            if block[0] not in at:
                continue
            places = slice(at[block[0]], at[block[-1]] + 1)
            codes = _whole_block_code(counts[places][_binary(block)])
            gone = np.flatnonzero(codes)
            counts[places, gone] = np.maximum(counts[places, gone], 0)
            zero = np.isin(codes, zero_codes(wave, element))
            if zero.any():
                zero &= _entered_zero(frame, layout.instances.get((element, part)), spoiled)
            for table, rows in (
                ("unanswered", gone[~zero[gone]]),
                ("zero_block", gone[zero[gone]]),
            ):
                if table == "unanswered" or len(rows):
                    batches.append(
                        _batch(
                            table, wave, schools[rows],
                            element=pl.lit(element), disability=pl.lit(part), code=codes[rows],
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


def _binary(columns: tuple[str, ...]) -> np.ndarray:
    """Mark the columns that are not of nonbinary students, whose codes speak for them alone."""
    return np.array([not column.endswith("_X") for column in columns])


def _drop_withheld(counts: np.ndarray, columns: tuple[str, ...], wave: str) -> None:
    """Leave out the cells of nonbinary students in a wave that withholds every one of them.

    The wave says so once (:attr:`homeroom.vocabulary.waves.Wave.sexes`), not 27 million cells.
    """
    if "nonbinary" not in WAVES[wave].sexes:
        apart = ~_binary(columns)
        counts[apart] = np.maximum(counts[apart], 0)


def _spoiled(counts: np.ndarray, coded: _Places, columns: tuple[str, ...]) -> np.ndarray:
    """Mark schools with a code other than "skipped" in a module: they did not report it whole."""
    at, school = coded
    failed = np.zeros(counts.shape[1], dtype=bool)
    failed[school[_binary(columns)[at] & (counts[coded] != NOT_APPLICABLE)]] = True
    return failed


def _entered_zero(frame: pl.DataFrame, instances: str | None, spoiled: np.ndarray) -> np.ndarray:
    """Mark schools that entered zero incidents, or may be taken to have: they reported the rest.

    Where the number of incidents is not published, a block of skips is a zero if nothing else in
    the module says that the school failed to report.
    """
    if instances is None:
        return ~spoiled
    entered: np.ndarray = (frame[instances].fill_null(BLANK) == 0).to_numpy()
    return entered


def staff_batch(frame: pl.DataFrame, layout: Layout, wave: str, name: str) -> Batch | None:
    """Return the table staff of one file, or None where it holds no staff.

    A code that stands for zero in the answers to its question (see
    :data:`homeroom.vocabulary.status.CODE_MEANINGS`) gives ``fte`` 0, and is kept in ``skip_code``.

    Raises
    ------
    BadInput
        A value that is not finite, or a negative number that is no reserve code of the wave.
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
    known = known_codes(wave)
    fit = pl.col("found").is_finite() & (
        (pl.col("found") >= 0) | pl.col("found").is_in([float(code) for code in known])
    )
    if len(bad := long.filter(~fit)):
        raise BadInput(
            f"{name}: column {bad['column'][0]}, school {combokey_of(bad['school_no'][0])}: "
            f"expected full-time equivalents or a reserve code of {wave} "
            f"({listed_codes(known)}), found {bad['found'][0]}. Take the file from its publisher "
            "again."
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
    notes = (*_skip_notes(frame, wave), *_lacking(layout))
    return Batch("staff", TABLES["staff"].conform(frame), notes)


def _lacking(layout: Layout) -> tuple[str, ...]:
    held = set(layout.staff.values())
    gone = [
        role.label[0].lower() + role.label[1:]
        for role in ROLES.values()
        if role.id not in held and role.id in _ASKED
    ]
    return (f"no column of {', '.join(gone)}: they stay unknown, not zero",) if gone else ()


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


def _refuse_unknown(
    counts: np.ndarray, coded: _Places, columns: tuple[str, ...], schools: np.ndarray,
    manual: tuple[str, frozenset[int]], name: str,
) -> None:  # fmt: skip
    wave, known = manual
    unknown = ~np.isin(counts[coded], list(known))
    if unknown.any():
        first = int(np.argmax(unknown))
        column, row = int(coded[0][first]), int(coded[1][first])
        raise BadInput(
            f"{name}: row {row + 2}, school {combokey_of(int(schools[row]))}, column "
            f"{columns[column]}: expected a count or a reserve code of {wave} "
            f"({listed_codes(known)}), found {counts[column, row]}. Take the file from its "
            "publisher again."
        )


def listed_codes(known: frozenset[int]) -> str:
    """Name codes for a message: ``-9, -5``."""
    return ", ".join(str(code) for code in sorted(known, reverse=True) if code != BLANK)


def _where(values: np.ndarray, keep: pl.Series) -> pl.Expr:
    return pl.when(pl.lit(keep)).then(pl.lit(pl.Series(values)))


def _batch(table: str, wave: str, schools: np.ndarray, **columns: pl.Expr | np.ndarray) -> Batch:
    given = {
        name: value if isinstance(value, pl.Expr) else pl.lit(pl.Series(value))
        for name, value in columns.items()
    }
    frame = pl.DataFrame({"school_no": schools}).with_columns(wave=pl.lit(wave), **given)
    return Batch(table, TABLES[table].conform(frame))
