from __future__ import annotations

import polars as pl
import pytest

from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.wholeness import (
    check_end,
    check_rows,
    check_sums,
    known_rows,
    known_sums,
)


def ids(publication: str, year: str, states=None, keep=None) -> pl.Series:
    """Made-up ids, as many as published, that begin with the published first one."""
    found = []
    for fips, state in known_rows(publication, year).items():
        if states is None or fips in states:
            rows = [state.first, *(f"{fips}{n:05d}" for n in range(state.rows - 1))]
            found += rows[:keep]
    return pl.Series(found)


@pytest.mark.parametrize(
    ("publication", "year", "rows"),
    [
        ("saipe", "2017", 13_223),
        ("saipe", "2023", 13_144),
        ("f33", "2018", 18_715),
        ("edge", "2018-19", 19_840),
        ("ccd_lea", "2023-24", 19_627),
        ("high_schools", "2020-21", 26_293),
        ("high_schools", "2021-22", 26_838),
    ],
)
def test_known_rows_are_those_that_the_publisher_states(publication, year, rows):
    assert sum(state.rows for state in known_rows(publication, year).values()) == rows
    assert check_rows(ids(publication, year), publication, year, "x") == ()


def test_whole_states_are_an_extract():
    notes = check_rows(ids("saipe", "2023", {"08", "48"}), "saipe", "2023", "x")
    assert notes == ("an extract: 2 of 52 states in full",)
    assert check_rows(ids("saipe", "2023", {"01"}), "saipe", "2023", "x")


def test_a_few_districts_are_an_extract():
    some = pl.Series(["4800001x", "4812345", "4899999"])
    assert check_rows(some, "saipe", "2023", "x")[0].startswith("an extract: 3 of 1,0")


@pytest.mark.parametrize("keep", [0.4, 0.99])
def test_a_cut_is_refused(keep):
    whole = ids("saipe", "2023")
    with pytest.raises(BadInput, match="cut off or lost rows"):
        check_rows(whole[: int(len(whole) * keep)], "saipe", "2023", "x")


def test_one_lost_row_is_refused():
    whole = ids("f33", "2018")
    for at in (0, 9_000, len(whole) - 1):
        with pytest.raises(BadInput, match="lost rows"):
            check_rows(pl.concat([whole[:at], whole[at + 1 :]]), "f33", "2018", "x")


def test_a_cut_between_two_states_is_refused():
    first = sorted(known_rows("saipe", "2023"))[:20]
    with pytest.raises(BadInput, match="found the first 20 of them, AL to"):
        check_rows(ids("saipe", "2023", set(first)), "saipe", "2023", "x")


def test_years_that_were_not_counted_are_not_judged():
    assert check_rows(pl.Series(["0100001"]), "saipe", "2011", "x") == ()


def end(tmp_path, data: bytes, separator: str = ",") -> tuple[str, ...]:
    (tmp_path / "x").write_bytes(data)
    return check_end(SourceFile(tmp_path / "x"), separator)


@pytest.mark.parametrize("line_break", [b"\n", b"\r\n", b"\r"])
def test_a_line_break_ends_a_file(tmp_path, line_break):
    assert end(tmp_path, b"A,B\n1,28990" + line_break) == ()


@pytest.mark.parametrize(
    "data", [b"A,B\n1,31320\n2,2899", b"A,B\n" + b"1,13\n" * 60 + b"1,1",
             b"A,B\n" + b"1,13\n" * 60 + b"1,"],
)  # fmt: skip
def test_a_last_value_that_may_be_cut_short_is_refused(tmp_path, data):
    with pytest.raises(BadInput, match="line break after the last row"):
        end(tmp_path, data)


def test_a_last_value_as_long_as_all_others_is_whole(tmp_path):
    assert end(tmp_path, b"A,B\n" + b"1,13\n1,14\n" * 30 + b"1,36")
    assert end(tmp_path, b'A,B\n1,"a"\n2,"bc"')
    assert end(tmp_path, b"A\tB\n" + b"1\tN\n" * 60 + b"1\tN", "\t")


def high_schools(rows: int, **changed: float) -> pl.DataFrame:
    """Return as many rows as published, whose columns add up as published but for the changed."""
    known = known_sums("high_schools", "2020-21")
    first = dict(known) | changed
    rest = dict.fromkeys(first, -9.0)
    return pl.DataFrame([first, *[rest] * (rows - 1)])


def test_a_whole_file_that_adds_up_to_something_else_is_refused():
    published = ("high_schools", "2020-21", "k12.parquet")
    columns = tuple(high_schools(1).columns)
    check_sums(high_schools(26_293), columns, *published)
    check_sums(high_schools(100, fte_police=1.0), columns, *published)  # an extract
    with pytest.raises(BadInput, match=r"add up to 11,661\.01 in fte_police, found 11,661\.02"):
        check_sums(high_schools(26_293, fte_police=11_661.02), columns, *published)
