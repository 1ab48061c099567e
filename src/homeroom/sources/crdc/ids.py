"""COMBOKEY, the school id of the CRDC: 7 characters of LEAID, then 5 digits of SCHID.

Documented damage: the 2015-16 file went through a spreadsheet (COMBOKEY in scientific notation),
so the key is rebuilt from LEAID and SCHID. In some 2017-18 modules SCHID is wrong while COMBOKEY
is right. So COMBOKEY is taken where it is whole and begins with the LEAID; where it is not whole,
it is rebuilt; where a whole COMBOKEY contradicts its LEAID, the file is refused.
"""

from __future__ import annotations

import polars as pl

from homeroom.errors import BadInput
from homeroom.vocabulary.ids import COMBOKEY, LEAID, STATE_SPAN, combokey_of, school_number
from homeroom.vocabulary.states import POSTAL_OF_FIPS

_WHOLE = 12


def _clean(column: str, width: int) -> pl.Expr:
    text = pl.col(column).str.strip_chars().str.strip_prefix("'").str.replace(r"\.0+$", "")
    return text.str.to_uppercase().str.zfill(width)


def check_states(frame: pl.DataFrame, number: pl.Series, name: str) -> None:
    """Refuse a row whose id begins with no state's number, or with another state's than named.

    Parameters
    ----------
    frame
        Column LEA_STATE, the postal code.
    number
        The rows' school numbers.

    Raises
    ------
    BadInput
        The message names the first such row.
    """
    states = pl.DataFrame(
        {"fips": [int(fips) for fips in POSTAL_OF_FIPS], "postal": list(POSTAL_OF_FIPS.values())}
    )
    found = pl.DataFrame(
        {"fips": number // STATE_SPAN, "said": frame["LEA_STATE"].str.strip_chars()}
    ).with_row_index("row", offset=2)
    joined = found.join(states, on="fips", how="left", maintain_order="left")
    if len(wrong := joined.filter(pl.col("postal").is_null())):
        row, fips, *_ = wrong.row(0)
        raise BadInput(
            f"{name}: row {row}, school {combokey_of(number[row - 2])}: expected an id that begins "
            f"with the FIPS number of a state, found {fips:02d}. Take the file from its publisher "
            "again."
        )
    if len(wrong := joined.filter(pl.col("said").str.to_uppercase() != pl.col("postal"))):
        row, _, said, postal = wrong.row(0)
        raise BadInput(
            f"{name}: row {row}, school {combokey_of(number[row - 2])}: LEA_STATE is {said}, but "
            f"the id begins with the number of {postal}: expected one state. Take the file from "
            "its publisher again."
        )


def without_ids(frame: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Return the frame with an id for schools that NCES gave none, and how many there were.

    In 2023-24, 1,179 rows have none. Each gets the highest number below 99999 that its LEA does
    not use, in the order of school names: the same in every module, since each lists every school.
    """
    lacking = (
        pl.col("SCHID").fill_null("").str.strip_chars().is_in(["", "NA", "N/A", "."])
        & (pl.col("COMBOKEY").fill_null("").str.strip_chars().str.len_chars() < _WHOLE)
        & pl.col("LEAID").is_not_null()
    )
    rows = frame.with_row_index("_row").filter(lacking).sort("LEAID", "SCH_NAME", "_row")
    if rows.is_empty():
        return frame, 0
    taken: dict[str, set[str]] = {}
    for lea, school in frame.filter(~lacking).select("LEAID", "SCHID").iter_rows():
        taken.setdefault(str(lea), set()).add(str(school).strip().zfill(5))
    given: dict[int, str] = {}
    for row, lea in rows.select("_row", "LEAID").iter_rows():
        used = taken.setdefault(str(lea), set())
        free = next(f"{n:05d}" for n in range(99_999, 0, -1) if f"{n:05d}" not in used)
        used.add(free)
        given[row] = free
    places = pl.Series(list(given), dtype=pl.UInt32)
    schools = frame["SCHID"].scatter(places, pl.Series(list(given.values())))
    keys = frame["COMBOKEY"].scatter(places, pl.Series([None] * len(given), dtype=pl.String))
    return frame.with_columns(schools, keys), len(given)


def school_numbers(frame: pl.DataFrame, name: str) -> tuple[pl.Series, int]:
    """Return each row's school number, and how many keys were rebuilt from LEAID and SCHID.

    Parameters
    ----------
    frame
        Columns LEAID, SCHID and COMBOKEY, all strings.
    name
        The file, for error messages.

    Raises
    ------
    BadInput
        A row whose school cannot be told, or whose COMBOKEY contradicts its LEAID.
    """
    # Nearly every row of nearly every file is whole; only the others need looking at.
    sound = _whole(frame)
    rest = frame.select("LEAID", "SCHID", "COMBOKEY").with_row_index("row").filter(sound.is_null())
    if rest.is_empty():
        return sound, 0
    numbers, rebuilt = _repaired(rest, name)
    return sound.scatter(rest["row"], numbers), rebuilt


def _whole(frame: pl.DataFrame) -> pl.Series:
    """Return the numbers of keys that are 12 digits and begin with a whole LEAID, else null."""
    key, lea = pl.col("COMBOKEY"), pl.col("LEAID")
    digits = pl.when(
        (key.str.len_bytes() == 12) & (lea.str.len_bytes() == 7) & key.str.starts_with(lea)
        & ~key.str.starts_with("+")
    ).then(key).cast(pl.Int64, strict=False)  # fmt: skip
    # Two digits of state, five of agency, five of school: one digit more for the agency's number.
    number = digits // 10**10 * 10**11 + digits % 10**10
    return frame.select(school_no=pl.when(digits >= 0).then(number))["school_no"]


def _repaired(frame: pl.DataFrame, name: str) -> tuple[pl.Series, int]:
    parts = frame.lazy().select(
        "row", key=_clean("COMBOKEY", 12), lea=_clean("LEAID", 7), school=_clean("SCHID", 5)
    ).with_columns(
        key=pl.when(pl.col("key").str.contains(COMBOKEY)).then("key"),
        lea=pl.when(pl.col("lea").str.contains(LEAID)).then("lea"),
        school=pl.when(pl.col("school").str.contains(r"^\d{5}$")).then("school"),
    ).with_columns(
        # A key that a spreadsheet rounded ends in zeros and has lost its LEAID.
        key=pl.when(
            pl.col("key").str.ends_with("00000") & (pl.col("key").str.slice(0, 7) != pl.col("lea"))
        ).then(None).otherwise(pl.col("key")),
        rebuilt=pl.col("lea") + pl.col("school"),
    ).collect()  # fmt: skip
    final = parts.select(final=pl.coalesce("key", "rebuilt"))["final"]
    if final.null_count():
        at = final.is_null().arg_true()[0]
        found = dict(frame.select("LEAID", "SCHID", "COMBOKEY").row(at, named=True))
        raise BadInput(
            f"{name}: row {parts['row'][at] + 2} names no school: expected a 12-digit COMBOKEY, "
            f"or LEAID and SCHID in digits; found {found}. Take the file from its publisher "
            "again, without opening it in a spreadsheet."
        )
    wrong = parts.select(
        wrong=(pl.col("key").str.slice(0, 7) != pl.col("lea")).fill_null(value=False)
    )
    if wrong["wrong"].any():
        at = wrong["wrong"].arg_true()[0]
        raise BadInput(
            f"{name}: row {parts['row'][at] + 2} has COMBOKEY {parts['key'][at]} but LEAID "
            f"{parts['lea'][at]}: expected a COMBOKEY that begins with the LEAID. The rows look "
            "shuffled within columns; take the file from its publisher again."
        )
    numbers = final.to_frame().select(school_no=school_number(pl.col("final")))["school_no"]
    return numbers, parts["key"].null_count()
