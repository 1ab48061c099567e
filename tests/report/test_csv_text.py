"""CSV for people: no spreadsheet runs a cell, and no number changes."""

from __future__ import annotations

import csv
import io

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st

from homeroom.report.csv_text import csv_text

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.isascii() and text.strip() == text and "_" not in text


@given(st.lists(st.tuples(st.sampled_from(("", *RUNS)), WORDS), min_size=1, max_size=8))
@example([("=", 'HYPERLINK("http://127.0.0.1/x","see")'), ("-", "3"), ("\t", "=1+1")])
def test_no_cell_begins_as_a_formula_and_nothing_else_changes(
    cells: list[tuple[str, str]],
) -> None:
    texts = [first + rest for first, rest in cells]
    _, *rows = read(csv_text(pl.DataFrame({"name": texts, "at": range(len(texts))})))
    assert len(rows) == len(texts)
    for given_text, (written, _) in zip(texts, rows, strict=True):
        assert written in (given_text, f"'{given_text}")
        assert not written.startswith(RUNS) or is_number(written)
        assert given_text.startswith(RUNS) or written == given_text


@given(st.lists(st.integers(-(2**31), 2**31), min_size=1, max_size=8))
def test_numbers_stay_numbers(values: list[int]) -> None:
    frame = pl.DataFrame({"n": values, "told": [str(value) for value in values]})
    rows = read(csv_text(frame))[1:]
    assert rows == [[str(value), str(value)] for value in values]


def test_items_of_a_list_are_joined_before_they_are_looked_at() -> None:
    frame = pl.DataFrame({"l": [["=1+1", "b"], ["a"], None]})
    assert csv_text(frame).splitlines() == ["l", "'=1+1 b", "a", ""]


def test_the_frame_itself_is_left_alone() -> None:
    frame = pl.DataFrame({"name": ["=1"]}, schema={"name": pl.Categorical})
    assert csv_text(frame) == "name\n'=1\n"
    assert frame["name"].to_list() == ["=1"]
