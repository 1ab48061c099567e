from __future__ import annotations

import csv
import json
from datetime import date

import pytest

from homeroom.context import federal_money as money
from homeroom.errors import BadInput


def test_the_two_measures_of_obligations_stand_apart():
    sam = money.figure("84.184", 2023)
    spending = money.figure("84.184", 2023, "obligation:usa_spending_actual")
    assert (sam.dollars, round(spending.dollars)) == (177_485_443, 360_916_797)
    assert sam.measure_label != spending.measure_label


def test_the_cancellations_and_rulings_of_2025_are_dated_and_cited():
    found = money.events()
    assert [one.date for one in found] == sorted(one.date for one in found)
    assert found[0].date == "2025-04-29"
    assert "223 of 339" in found[0].fact
    assert all(one.url.startswith("http") for one in found)
    assert any("permanent injunction" in one.fact for one in found)


def test_a_day_knows_only_what_had_happened():
    assert "No cancellation" in money.standing(date(2025, 1, 1))
    assert "2025-10-27: Preliminary injunction" in money.standing(date(2025, 11, 1))


def test_a_partial_year_says_so_and_a_chart_that_cannot_be_read_singly_is_left_out():
    line = money.figure("84.424", 2025, "obligation:usa_spending_actual")
    assert "partial" in line.measure_label
    assert not any("chart" in one.measure for one in money.by_year())


def test_no_figure_is_no_zero():
    assert money.figure("16.071", 2010) is None
    with pytest.raises(BadInput, match=r"16\.710"):
        money.by_year("99.999")
    with pytest.raises(BadInput, match="expected a measure"):
        money.figure("16.710", 2023, "guess")


@pytest.mark.shared
def test_obligations_and_outlays_are_those_of_the_inventory(shared_data):
    folder = shared_data / "federal_programs"
    if not folder.is_dir():
        pytest.skip("the inventory is not beside the project")
    for path in folder.glob("*.json"):
        inventory = json.loads(path.read_text(encoding="utf-8"))
        published = {
            round(value, 2)
            for year in (*inventory.get("obligations", []), *inventory.get("outlays", []))
            for value in year.values()
            if isinstance(value, int | float)
        }
        for line in money.lines():
            if line.aln == path.stem and line.measure.startswith(("obligation", "outlay")):
                assert round(line.dollars, 2) in published, line.line_id


@pytest.mark.shared
def test_every_line_that_was_collected_is_kept(shared_data):
    path = shared_data.parent / "reference" / "state_law" / "federal_money.csv"
    if not path.is_file():
        pytest.skip("the table is not beside the project")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(money.lines())
    for row, line in zip(rows, money.lines(), strict=True):
        assert (row["year"], row["aln"]) == (line.year, line.aln)
        assert (float(row["amount_usd"]) if row["amount_usd"] else None) == line.dollars
