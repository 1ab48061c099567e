"""OCR's own workbooks: published figures, and sums that every one of them must keep."""

from __future__ import annotations

import polars as pl
import pytest

from homeroom.errors import BadInput
from homeroom.sources.base import Batch, SourceFile
from homeroom.sources.ocr_estimations import OcrEstimations, settle

pytestmark = pytest.mark.shared

KEY = ["wave", "state", "element", "disability", "race", "sex"]
BROKEN = "in_school_suspension.xlsx"
WITHOUT_PARTS = {
    # OCR's sheets with and without disabilities do not give the total: read off the real files.
    ("iss", "US", 255), ("iss", "IL", 255),
    ("oss", "US", 387), ("oss", "IL", 192), ("oss", "MI", 121), ("oss", "NJ", 74),
    ("referrals", "US", 324), ("referrals", "MN", 324),
}  # fmt: skip


@pytest.fixture(scope="module")
def batches(shared_data) -> dict[str, Batch]:
    found = {}
    for path in sorted((shared_data / "crdc" / "state_tables").rglob("*.xlsx")):
        recognized = None if path.name == BROKEN else OcrEstimations().recognize(SourceFile(path))
        if recognized:
            (batch,) = recognized.read()
            found[f"{path.parent.name}/{path.name}"] = batch
    return found


@pytest.fixture(scope="module")
def rows(batches) -> pl.DataFrame:
    return pl.concat(b.frame.with_columns(file=pl.lit(name)) for name, b in batches.items())


@pytest.fixture(scope="module")
def table(rows) -> pl.DataFrame:
    return settle(rows.drop("file"))[0]


@pytest.fixture(scope="module")
def midpoints(rows) -> pl.DataFrame:
    """As OCR added them: 2 for a figure published as 1-3 (footnote of the 2011-12 tables)."""
    masked = pl.col("note") == "1-3"
    return rows.with_columns(value=pl.when(masked).then(2).otherwise("value"))


def value(table: pl.DataFrame, wave: str, state: str, element: str, race="all", *, part="all"):
    return (
        table.filter(wave=wave, state=state, element=element, race=race, disability=part, sex="all")
        .select("value")
        .item()
    )


def test_every_workbook_is_read(batches, rows, table):
    assert len(batches) == 11 + 8 + 12
    assert len(rows) == 84_460
    assert len(table) == 83_353
    assert table.select(KEY).is_duplicated().sum() == 0


def test_the_page_saved_as_a_workbook_is_refused(shared_data):
    path = shared_data / "crdc" / "state_tables" / "2011-12" / BROKEN
    with pytest.raises(BadInput, match="404 - File or directory not found"):
        OcrEstimations().recognize(SourceFile(path))


@pytest.mark.parametrize(
    ("wave", "element", "total"),
    [
        ("2011-12", "arrests", 64_218),
        ("2015-16", "arrests", 51_780),
        ("2017-18", "arrests", 54_321),
        ("2015-16", "referrals", 204_497),
        ("2017-18", "referrals", 229_470),
        ("2015-16", "enrollment", 50_452_567),
        ("2017-18", "enrollment", 50_922_024),
        ("2011-12", "corporal_punishment", 166_807),
        ("2011-12", "zero_tolerance", 29_677),
        ("2017-18", "expulsions", 101_652),
        ("2017-18", "iss", 2_636_363),
        ("2017-18", "BATT", 13_114),
        ("2017-18", "ATTWOW", 844_435),
    ],
)
def test_national_totals(table, wave, element, total):
    assert value(table, wave, "US", element) == total


@pytest.mark.parametrize(
    ("wave", "element", "rates", "ratios"),
    [
        ("2015-16", "arrests", ("23.52", "9.33", "6.80"), ("3.460", "1.373", "2.154")),
        ("2017-18", "arrests", ("21.49", "9.97", "7.47"), ("2.876", "1.335", "1.885")),
        ("2015-16", "referrals", ("79.39", "38.31", "29.73"), ("2.671", "1.289", "1.806")),
        ("2017-18", "referrals", ("82.55", "41.04", "34.75"), ("2.375", "1.181", "1.607")),
    ],
)
def test_rates_per_10000_and_ratios(table, wave, element, rates, ratios):
    events, students = (
        [value(table, wave, "US", what, race) for race in ("black", "hispanic", "white")]
        for what in (element, "enrollment")
    )
    rate = [10_000 * e / s for e, s in zip(events, students, strict=True)]
    both = 10_000 * sum(events[:2]) / sum(students[:2])
    assert tuple(f"{r:.2f}" for r in rate) == rates
    assert tuple(f"{r / rate[2]:.3f}" for r in (rate[0], rate[1], both)) == ratios


@pytest.mark.parametrize(
    ("wave", "black", "hispanic"), [("2015-16", "4.38", "3.24"), ("2017-18", "4.11", "2.65")]
)
def test_connecticut(table, wave, black, hispanic):
    rate = {
        race: value(table, wave, "CT", "arrests", race)
        / value(table, wave, "CT", "enrollment", race)
        for race in ("black", "hispanic", "white")
    }
    assert f"{rate['black'] / rate['white']:.2f}" == black
    assert f"{rate['hispanic'] / rate['white']:.2f}" == hispanic


def test_texas_arrests_by_race(table):
    wanted = {"american_indian": 40, "asian": 87, "hispanic": 6_555, "black": 2_319,
              "white": 1_328, "pacific": 10, "two_or_more": 175}  # fmt: skip
    assert {race: value(table, "2017-18", "TX", "arrests", race) for race in wanted} == wanted
    assert value(table, "2017-18", "TX", "arrests", part="s504") == 943
    assert value(table, "2017-18", "TX", "arrests") == sum(wanted.values()) + 943


def test_races_and_504_add_up_to_the_total(midpoints):
    key = ["file", "wave", "state", "element", "disability", "sex"]
    races = midpoints.filter(pl.col("race") != "all").group_by(key).agg(pl.sum("value"), n=pl.len())
    totals = midpoints.filter(race="all").select(*key, total="value")
    only_504 = totals.filter(disability="s504").select(
        "file", "state", "element", "sex", s504="total"
    )
    apart = (pl.col("disability") == "all") & (pl.col("element") != "enrollment")
    sums = races.join(totals, on=key).join(
        only_504, on=["file", "state", "element", "sex"], how="left"
    )
    sums = sums.with_columns(sum=pl.col("value") + pl.when(apart).then("s504").otherwise(0))
    known = sums.drop_nulls(["sum", "total"])
    assert len(sums) == 9_497
    assert set(sums["n"]) == {7}
    unknown = sums.join(known, on=key, how="anti")  # copies that differ, see settle
    assert len(unknown) == 22
    assert set(unknown["state"]) == {"IL", "US"}
    assert known.filter(pl.col("sum") != pl.col("total")).is_empty()


def test_male_and_female_add_up_to_the_total(midpoints):
    key = ["file", *(k for k in KEY if k != "sex")]
    sexes = midpoints.pivot("sex", index=key, values="value").drop_nulls(["all", "male", "female"])
    assert len(sexes) == 24_804 + 2_436
    assert sexes.filter(pl.col("male") + pl.col("female") != pl.col("all")).is_empty()


def test_states_add_up_to_the_nation_from_2015_on(rows):
    later = rows.filter(pl.col("wave") != "2011-12")
    key = ["file", "element", "disability", "race", "sex"]
    states = later.filter(pl.col("state") != "US").group_by(key).agg(s=pl.sum("value"))
    both = later.filter(state="US").join(states, on=key).drop_nulls("value")
    assert len(both) > 700
    assert both.filter(pl.col("value") != pl.col("s")).is_empty()


def test_idea_and_504_are_the_students_with_disabilities(midpoints):
    totals = midpoints.filter(race="all").pivot(
        "disability", index=["file", "state", "element", "sex"], values="value"
    )
    known = totals.drop_nulls(["dis", "idea", "s504"])
    assert len(known) > 2_700
    assert known.filter(pl.col("dis") != pl.col("idea") + pl.col("s504")).is_empty()


def test_the_parts_miss_the_total_where_ocr_published_them_so(midpoints):
    totals = midpoints.filter(race="all", sex="all").pivot(
        "disability", index=["file", "state", "element"], values="value"
    )
    gap = totals.select("element", "state", gap=pl.col("dis") + pl.col("wodis") - pl.col("all"))
    assert set(gap.filter(pl.col("gap") != 0).rows()) == WITHOUT_PARTS


def test_copies_in_several_workbooks_agree_but_for_new_jersey(rows):
    within = rows.filter(~pl.col("note").str.contains(" or ").fill_null(value=False))
    _, notes = settle(within.drop("file"))
    assert len(notes) == 6
    assert all("/enrollment/idea/all/" in n and ("/NJ/" in n or "/US/" in n) for n in notes)


def test_sheets_that_repeat_others_are_named(batches):
    named = {
        (name.split("/")[1], note.split(":")[0])
        for name, batch in batches.items()
        for note in batch.notes
        if "again" in note
    }
    assert named == {
        ("Corporal_Punishment.xlsx", "sheet SCH_3T1_Female"),
        ("Expulsions_with_educational_services.xlsx", "sheet SCH355_Male"),
        ("School-related_arrests.xlsx", "sheet SCH_359_Male"),
        ("School-related_arrests.xlsx", "sheet SCH_359_Female"),
    }


def test_new_york_is_marked_and_its_share_given(batches, table):
    notes = batches["2015-16/School-related-arrests.xlsx"].notes
    assert any("NY" in note and "caution" in note for note in notes)
    share = table.filter(wave="2015-16", state="NY", element="arrests", race="all", sex="all")
    assert share["reporting"].max() < 85


def test_ranges_of_2011_12_are_no_numbers(table):
    masked = table.filter(pl.col("note") == "1-3")
    assert set(masked["wave"]) == {"2011-12"}
    assert masked["value"].null_count() == len(masked) > 4_000
    assert table.filter(pl.col("note").is_null())["value"].null_count() == 0
