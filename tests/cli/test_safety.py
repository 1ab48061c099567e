"""``homeroom survey`` and ``homeroom shootings``: tables, JSON, CSV and pictures."""

from __future__ import annotations

import csv
import io
import json

import polars as pl
import pytest
from click.testing import CliRunner

from homeroom.cli.main import cli
from homeroom.context.survey import COLUMNS
from homeroom.context.survey_items import CHANGES, THEMES
from homeroom.errors import BadInput, HomeroomError
from homeroom.evidence.build import build
from homeroom.evidence.store import Store
from homeroom.report.picture import GRAY, Look
from homeroom.report.safety_charts import COLORS, SHAPES, survey_chart
from homeroom.report.shootings_chart import PRESENCE_COLORS, shootings_chart

OKABE_ITO = {"#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"}
POST = """uid,nces_school_id,school_year,shooting_type,resource_officer,enrollment,killed,injured
1,080009901234,2015-2016,targeted,1,"1,400",1,0
2,080009901234,2015-2016,targeted,0,300,0,2
3,080009901234,2016-2017,targeted,1,600,0,1
4,080009901234,2016-2017,targeted,0,600,2,1
5,080009901234,2017-2018,targeted,1,1200,3,1
6,080009901234,2017-2018,targeted,0,450,1,0
7,080009901234,2018-2019,targeted,,450,1,4
"""


@pytest.fixture
def run(starter_store, monkeypatch):
    monkeypatch.setenv("HOMEROOM_STORE", str(starter_store))

    def call(*arguments):
        done = CliRunner().invoke(cli, arguments)
        if isinstance(done.exception, HomeroomError):
            raise done.exception
        return done

    return call


@pytest.fixture(scope="module")
def post(tmp_path_factory):
    folder = tmp_path_factory.mktemp("post")
    (folder / "made-up.csv").write_text(POST, encoding="utf-8")
    build([folder / "made-up.csv"], folder / "store.duckdb", with_starter=False)
    return folder / "store.duckdb"


@pytest.fixture
def with_post(post, run, monkeypatch):
    monkeypatch.setenv("HOMEROOM_STORE", str(post))
    return run


@pytest.fixture(scope="module")
def con(starter_store):
    with Store(starter_store) as opened:
        yield opened


def test_survey_json_has_every_column(run):
    rows = json.loads(run("survey", "--item", "threat_assessment", "--json").stdout)
    assert list(rows[0]) == list(COLUMNS)
    assert [row["year"] for row in rows] == [2016, 2018]
    # NCES, SSOCS 2015-16, table 35.
    assert rows[0]["estimate"] == pytest.approx(41.6, abs=0.05)
    assert "sha256" in rows[0]["source"]


def test_survey_csv_is_one_row_an_estimate(run):
    text = run("survey", "--item", "officer", "--domain", "level", "--csv").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["category"] for row in rows} == {"primary", "middle", "high", "combined"}
    assert len(rows) == 12


def test_the_table_has_a_column_a_year_and_says_what_a_percentage_is_of(run):
    text = " ".join(run("survey", "--item", "officer_firearm").stdout.split())
    for year in ("2005-06", "2007-08", "2015-16", "2017-18"):
        assert year in text
    assert "guards and officers together" in text
    assert "95% intervals" in text


def test_differences_are_sentences(run):
    text = run("survey", "--item", "threat_assessment", "--differences").stdout
    assert "within sampling error" in text
    assert run("survey", "--differences").exit_code == 2


def test_the_list_names_every_theme_and_years(run):
    rows = json.loads(run("survey", "--list", "--json").stdout)
    assert {row["theme"] for row in rows} == set(THEMES)
    assert {row["years"] for row in rows if row["item"] == "officer"} == {
        "2005-06, 2015-16, 2017-18 and 2019-20"
    }


def test_shootings_json_carries_claims_limits_and_credit(with_post):
    found = json.loads(with_post("shootings", "--json").stdout)
    assert found["claims"] == ["no-panacea", "sros-protect"]
    assert "Washington Post" in found["credit"]
    assert len(found["cannot"]) >= 3
    assert {row["reading"] for row in found["ratios"]} == {
        "recorded_years", "recorded", "empty_as_no",
    }  # fmt: skip


def test_shootings_table_prints_every_sentence_and_limit(with_post):
    found = json.loads(with_post("shootings", "--json").stdout)
    text = with_post("shootings").stdout
    for sentence in (*found["sentences"], *found["cannot"]):
        assert sentence in text
    assert "CC BY-NC-SA" in text


def test_shootings_csv_adds_up(run):
    rows = list(csv.DictReader(io.StringIO(run("shootings", "--csv").stdout)))
    years = [r for r in rows if r["school_year"] != "all" and r["presence"] != "all"]
    assert sum(int(row["incidents"]) for row in years) == 428


@pytest.mark.parametrize(("ending", "start"), [("svg", b"<svg"), ("png", b"\x89PNG")])
@pytest.mark.parametrize(
    "question",
    [
        ("survey", "--item", "officer_stun_gun"), ("survey", "--theme", "threat_assessment"),
        ("survey", "--item", "officer", "--domain", "size"), ("shootings",),
    ],
)  # fmt: skip
def test_pictures_are_written_and_told_in_words(run, tmp_path, question, ending, start):
    path = tmp_path / f"picture.{ending}"
    told = run(*question, "--chart", str(path)).stdout
    assert path.read_bytes().startswith(start)
    assert len(told) > 100


def test_another_ending_is_refused(run, tmp_path):
    with pytest.raises(BadInput, match=r"\.svg or \.png"):
        run("shootings", "--chart", str(tmp_path / "picture.pdf"))


def test_a_picture_of_everything_is_refused(run, tmp_path):
    with pytest.raises(BadInput, match="--item or --theme"):
        run("survey", "--chart", str(tmp_path / "picture.svg"))


def test_colors_are_safe_and_neutral_and_go_with_shapes():
    for palette in (COLORS, PRESENCE_COLORS):
        assert set(palette) - {GRAY} <= OKABE_ITO
        assert not {"#D55E00", "#0072B2"} & set(palette)
    assert len(set(SHAPES)) == len(COLORS)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.items[0])
def test_no_line_joins_two_wordings(con, change):
    chart = survey_chart(con, change.items[0]).spec(Look())
    (lines,) = [layer for layer in chart["layer"] if layer["mark"]["type"] == "line"]
    assert lines["encoding"]["detail"]["field"] == "segment"
    segments = survey_chart(con, change.items[0]).table.group_by("segment")
    wordings = segments.agg(pl.col("item").n_unique())["item"].to_list()
    assert wordings == [1] * len(change.items)
    assert change.why.split(".")[0] in " ".join(chart["title"]["subtitle"])


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_draws_all_its_estimates_with_units_and_source(con, theme):
    figure = survey_chart(con, theme=theme)
    described = figure.spec(Look())
    assert described["description"] == figure.alt
    for label in figure.table["label"].unique():
        assert label in figure.alt
    assert "NCES" in " ".join(described["title"]["subtitle"])
    assert "percent of schools" in json.dumps(described)


def test_the_picture_of_shootings_credits_the_post_and_keeps_three_states_apart(post):
    with Store(post) as con:
        figure = shootings_chart(con)
    drawn = figure.spec(Look())
    subtitle = " ".join(drawn["title"]["subtitle"])
    assert "The Washington Post" in subtitle
    assert "CC BY-NC-SA 4.0" in subtitle
    assert "cannot show deterrence" in subtitle
    assert drawn["vconcat"][0]["encoding"]["color"]["scale"]["domain"] == [
        "recorded as present", "recorded as not present or not known", "nothing recorded",
    ]  # fmt: skip
    assert "Of 7 school shootings" in figure.title
    assert "at 3" in figure.title
    assert "2017-18: 2, 4 killed, 1 injured" in figure.alt
