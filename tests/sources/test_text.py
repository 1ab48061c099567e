from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeroom.errors import BadInput
from homeroom.sources.text import (
    decode,
    header,
    one_each,
    parse_numbers,
    read_csv,
    repair_id,
    school_year,
)


def test_utf8_with_mark_and_cp1252_are_read():
    assert decode("\ufeffPeña".encode(), "x") == "Peña"
    assert decode("Peña".encode("cp1252"), "x") == "Peña"


def test_bytes_that_are_neither_are_refused():
    with pytest.raises(BadInput, match=r"x\.csv: expected text in UTF-8 or cp1252"):
        decode(b"a\x81\xff", "x.csv")


def test_columns_are_picked_by_name_and_empty_is_null():
    frame = read_csv(b' b ,a\n"x\ny",\n2,"q ""r"""\n', "x", ["a", "b"])
    assert frame.rows() == [(None, "x\ny"), ('q "r"', "2")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"a,b\n1\n2,3\n", "as wide as the header"),
        (b"a,b\n1,2,3\n", "as wide as the header"),
        (b"a,a\n1,2\n", "'a' twice"),
        (b"a,c\n1,2\n", "expected column b"),
        (b"", "expected column a"),
    ],
)
def test_broken_layouts_are_refused(data, why):
    with pytest.raises(BadInput, match=why):
        read_csv(data, "x", ["a", "b"])


@given(st.binary(max_size=200))
def test_header_of_garbage_never_fails(data):
    assert all(isinstance(name, str) for name in header(data))


@given(st.integers(0, 10**7 - 1))
def test_a_leaid_survives_a_spreadsheet(number):
    damaged = pl.Series("LEAID", [str(number), f"{number}.0", f" {number:07d} "])
    assert repair_id(damaged, 7).to_list() == [f"{number:07d}"] * 3


@pytest.mark.parametrize("bad", ["4.8E+11", "48x", "-4", "12345678", "", None, "4.5", "٤٨"])
def test_what_is_no_id_is_refused_with_row_and_column(bad):
    with pytest.raises(BadInput, match=r"f: row 5, column LEAID: .* at most 7 digits, found"):
        repair_id(pl.Series("LEAID", ["1", bad]), 7, name="f", first_row=4)


def test_numbers_keep_null_and_refuse_the_rest():
    found = parse_numbers(
        pl.Series("n", ["1", None, " 3.0", "1,000", "nan", "."]), pl.Int64, name="f"
    )
    assert found.to_list() == [1, None, 3, 1000, None, None]
    for bad in ("1,00", "x", "1.5", "inf", "99999999999999999999"):
        with pytest.raises(BadInput, match="row 3, column n: expected a whole number"):
            parse_numbers(pl.Series("n", ["1", bad]), pl.Int64, name="f")
    for bad in ("1,000", "inf", "x"):
        with pytest.raises(BadInput, match="row 2, column n: expected a number"):
            parse_numbers(pl.Series("n", [bad]), pl.Float64, name="f")


def test_a_row_given_twice_is_dropped_and_a_contradiction_refused():
    frame = pl.DataFrame({"id": ["a", "b", "a"], "v": [1, 2, 1]})
    kept, notes = one_each(frame, "id", "f")
    assert kept.rows() == [("a", 1), ("b", 2)]
    assert notes == ("1 rows that repeat another were dropped",)
    with pytest.raises(BadInput, match="one row for each id, found a twice"):
        one_each(frame.with_columns(v=pl.Series([1, 2, 3])), "id", "f")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2018-2019", "2018-19"),
        (" 1999-2000", "1999-00"),
        ("2018-2020", None),
        ("2018", None),
        (None, None),
        ("٢٠١٨-٢٠١٩", None),
    ],
)
def test_school_years(text, year):
    assert school_year(text) == year
