"""The command line answers as its contract says, and refuses in one clear sentence."""

from __future__ import annotations

import json
import sys

import polars as pl
import pytest

from homeroom.cli.main import main

RATE_KEYS = {
    "place", "place_name", "wave", "measure", "group", "students", "count", "rate_per_10000",
    "status", "policy", "coverage", "source", "basis", "universe", "doubts", "note",
}  # fmt: skip


@pytest.fixture
def homeroom(starter_store, monkeypatch, capsys):
    """Run the command's own entry in this process: a process of its own takes seconds to load."""
    monkeypatch.setenv("HOMEROOM_STORE", str(starter_store))

    def run(*arguments, code=0):
        monkeypatch.setattr(sys, "argv", ["homeroom", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        shown = capsys.readouterr()
        assert ended.value.code == code, shown.err
        return shown.out if code == 0 else shown.err

    return run


def test_national_arrest_rates_come_from_the_state_tables(homeroom):
    rows = json.loads(homeroom("rate", "--measure", "arrests", "--by", "race", "--json"))
    rate = {row["group"]: row for row in rows}
    assert set(rows[0]) >= RATE_KEYS
    assert rate["all"]["count"] == 54_321
    assert rate["all"]["basis"] == "state_table"
    for group, expected in (("black", 21.49), ("hispanic", 9.97), ("white", 7.47)):
        assert rate[group]["rate_per_10000"] == pytest.approx(expected, abs=0.005)
    assert set(rate) == {
        "all", "black", "hispanic", "white", "asian", "american_indian", "pacific", "two_or_more",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("measure", "wave", "expected"),
    [
        ("arrests", "2015-16", 51_780), ("referrals", "2015-16", 204_497),
        ("referrals", "2017-18", 229_470), ("arrests", "2011-12", 64_218),
    ],
)  # fmt: skip
def test_national_totals_are_those_that_ocr_published(homeroom, measure, wave, expected):
    rows = json.loads(homeroom("rate", "--measure", measure, "--wave", wave, "--json"))
    assert rows[0]["count"] == expected


@pytest.mark.parametrize(
    ("place", "enrolled", "referrals", "arrests", "officers"),
    [
        ("US-TX", 5_397_857, 21_093, 11_457, 4_078.24),
        ("US-CO", 910_919, 5_127, 190, 305.62),
        ("US-VA", 1_294_226, 18_104, 2_180, 756.05),
    ],
)
def test_school_sums_of_the_states_at_hand(homeroom, place, enrolled, referrals, arrests, officers):
    def count(measure):
        text = homeroom(
            "rate", "--measure", measure, "--place", place, "--basis", "schools", "--json"
        )
        return json.loads(text)[0]["count"]

    assert [count(m) for m in ("enrollment", "referrals", "arrests")] == [
        enrolled, referrals, arrests,
    ]  # fmt: skip
    staff = json.loads(homeroom("staff", "--place", place, "--json"))
    fte = {row["role"]: row["fte"] for row in staff}
    # Sums of two-decimal figures: floating point alone separates them.
    assert fte["officer"] == pytest.approx(officers, abs=1e-6)


def test_find_puts_the_district_first_and_forgives_a_typo(homeroom):
    for query in ("austin isd", "asutin isd", "Austin Independent School District"):
        first = json.loads(homeroom("find", query, "--json"))[0]
        assert first["id"] == "lea:4808940"
        assert {"id", "name", "kind", "state", "score"} <= set(first)


def test_staff_rows_follow_the_contract(homeroom):
    rows = json.loads(homeroom("staff", "--place", "US-TX", "--wave", "2017-18", "--json"))
    assert [row["role"] for row in rows] == [
        "officer", "guard", "counselor", "social_worker", "psychologist", "nurse", "teacher",
    ]  # fmt: skip
    keys = {"role", "fte", "students", "students_per_fte", "recommended", "coverage"}
    assert keys <= set(rows[0])
    assert {row["role"]: row["recommended"] for row in rows}["counselor"] == 250


def test_a_state_of_which_only_high_schools_are_at_hand_says_so(homeroom):
    rows = json.loads(homeroom("staff", "--place", "US-CA", "--wave", "2021-22", "--json"))
    assert rows[0]["note"] == "High schools only"
    assert rows[0]["universe"] == "high schools only"
    assert rows[0]["coverage"] < 0.5


def test_a_place_without_arrests_names_the_file_that_brings_them(homeroom):
    page = json.loads(homeroom("place", "lea:0622710", "--json"))  # Los Angeles
    assert any("2017-18-crdc-data" in line for line in page["missing"])
    assert page["staff"]


def test_csv_and_parquet_hold_the_same_rows(homeroom, tmp_path):
    asked = ("rate", "--measure", "referrals", "--place", "US-VA", "--by", "race")
    homeroom(*asked, "--parquet", str(tmp_path / "rows.parquet"))
    (tmp_path / "rows.csv").write_text(homeroom(*asked, "--csv"), encoding="utf-8")
    parquet = pl.read_parquet(tmp_path / "rows.parquet")
    csv = pl.read_csv(tmp_path / "rows.csv")
    assert parquet["count"].to_list() == csv["count"].to_list()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("rate", "--measure", "arrests", "--wave", "1999"), "expected one of 2011-12"),
        (("rate", "--measure", "arrests", "--place", "lea:48"), "homeroom find NAME"),
        (("rate", "--measure", "arrests", "--by", "shoe"), "race, sex, disability"),
        (("rate", "--measure", "arrests", "--policy", "strict"), "published, screened"),
        (("rate", "--measure", "offenses", "--by", "race"), "not published by group"),
    ],
)
def test_a_wrong_question_gets_one_clear_sentence(homeroom, arguments, says):
    message = homeroom(*arguments, code=2)
    assert says in message
    assert "Traceback" not in message


def test_an_ambiguous_name_lists_the_places_it_may_mean(homeroom):
    message = homeroom("staff", "--place", "Washington County", code=2)
    assert message.count("\n  - lea:") > 1
    assert "homeroom find NAME" in message


@pytest.mark.parametrize(
    "arguments",
    [
        ("rate", "--measure", "arrests", "--place"), ("trend", "--place"), ("officers", "--place"),
        ("rate", "--measure", "arrests", "--wave", "2020-21", "--place"),
        ("gaps", "--wave", "2015-16", "--place"), ("staff", "--wave", "2015-16", "--place"),
        ("disparity", "--level", "district", "--within"),
    ],
)  # fmt: skip
def test_a_place_without_data_gets_one_line_and_exit_code_3(homeroom, arguments):
    message = homeroom(*arguments, "Los Angeles Unified", code=3)
    assert message.startswith("homeroom: ")
    assert message.count("\n") == 1
    assert "found none" in message


@pytest.mark.parametrize(
    "arguments",
    [("place",), ("peers", "--place"), ("staff", "--place"), ("trend", "--place")],
)
def test_a_place_that_does_not_exist_gets_one_line_and_exit_code_3(homeroom, arguments):
    message = homeroom(*arguments, "lea:9999999", code=3)
    assert message.count("\n") == 1
    assert "found none" in message


def test_peers_of_a_place_without_arrests_are_listed_all_the_same(homeroom):
    text = homeroom("peers", "--place", "Los Angeles Unified", "--count", "2")
    assert "Chicago" in text
    assert "expected figures of some wave in the store, found none" in text


def test_a_table_says_which_wave_answers_and_who_is_left_out(homeroom):
    said = " ".join(homeroom("staff", "--place", "California").split())
    assert "Latest usable wave: 2021-22. High schools only." in said
    table = " ".join(
        homeroom(
            "rate", "--measure", "arrests", "--place", "US", "--wave", "2020-21", "--basis",
            "schools",
        ).split()
    )  # fmt: skip
    assert "in all schools, those without enrollment included" in table
    assert "Colorado and Texas only" in table


def test_a_row_that_needs_more_words_than_the_others_points_to_them(homeroom):
    text = homeroom("disparity", "--level", "district", "--within", "CO", "--statistic", "rate")
    assert "[1]" in text.partition("\n[1] ")[0]
    assert "Doubtful: " in text


def test_disparities_stay_within_the_place_at_every_level(homeroom):
    def places(level, within):
        text = homeroom("disparity", "--level", level, "--within", within, "--json")
        return {row["place"] for row in json.loads(text)}

    assert places("state", "Texas") == {"US-TX"}
    assert places("district", "Austin ISD") == {"lea:4808940"}
    assert len(places("school", "Austin ISD")) > 100
    assert "ask for a smaller" in homeroom("disparity", "--level", "nation", "--within", "TX",
                                            code=2)  # fmt: skip


def test_reasons_are_described(homeroom):
    rows = json.loads(homeroom("describe", "--reasons", "--json"))
    told = {row["reason_id"]: row for row in rows}
    assert told["few_events"]["beside_a_number"]
    assert "withholds" in told["suppressed"]["sentence"]


def test_figures_not_at_hand_name_the_official_file(homeroom):
    asked = ("rate", "--measure", "arrests", "--place", "lea:0622710", "--wave", "2017-18")
    message = homeroom(*asked, code=3)
    assert "homeroom download --wave 2017-18" in message
