from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeroom.errors import BadInput
from homeroom.sources import widths

CELLS = st.text(st.sampled_from('a,"\n 1é'), max_size=6)
TABLES = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
)


def written(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


@given(TABLES)
def test_tables_whose_rows_are_alike_are_whole(rows):
    assert widths.check(written(rows), "x") == len(rows[0])


@given(TABLES, st.data())
def test_a_row_with_a_value_more_or_less_is_named(rows, data):
    rows = [["head"] * len(rows[0]), *rows]
    at = data.draw(st.integers(1, len(rows) - 1))
    rows[at] = [*rows[at], "1"] if data.draw(st.booleans()) else rows[at][1:]
    with pytest.raises(BadInput, match=rf"x: row {at + 1}[,:]"):
        widths.check(written(rows), "x")


def test_a_piece_may_end_within_quotes(monkeypatch):
    monkeypatch.setattr(widths, "_PIECE", 8)
    data = written([["a", "b"], *[["x\ny\nz, and", "1"], ["2", "3"]] * 20])
    assert widths.check(data, "x") == 2
    with pytest.raises(BadInput, match="row 42, the last: expected 2 values"):
        widths.check(data + b"1\n", "x")


@pytest.mark.parametrize("row", [b'"open,1\n', b'"a"b,1\n'])
def test_a_quote_that_does_not_close_is_refused(row):
    with pytest.raises(BadInput, match="row 3"):
        widths.check(b"a,b\n1,2\n" + row + b"3,4\n", "x")


def test_a_quote_within_a_word_is_no_quote():
    assert widths.check(b'a,b\nPipe 5",1\nJO "J" DOE,2\n', "x") == 2


def test_more_columns_than_a_byte_counts_are_told_apart():
    row = b",".join([b"1"] * 600) + b"\n"
    assert widths.check(row * 3, "x") == 600
    with pytest.raises(BadInput, match="row 2"):
        widths.check(row + b",".join([b"1"] * 344) + b"\n" + row, "x")
