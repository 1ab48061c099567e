"""Hard places answer alike in the terminal, as data, and on their page."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

import crdc_factory as crdc
import homeroom
from homeroom.cli.main import cli
from homeroom.evidence.build import build
from homeroom.web.app import create_app
from homeroom.web.settings import Settings

DISTRICT, SCHOOL = "lea:4800001", "school:480000100001"
FORMULA = '=HYPERLINK("http://127.0.0.1/x","see")'


@contextmanager
def faces(
    folder: Path, rows: list[dict[str, Any]], wave: str = "2017-18"
) -> Iterator[tuple[Callable[..., str], TestClient]]:
    """Build a store of some schools; give its command line and its site."""
    crdc.write_all(folder / "in", rows, wave)
    path = folder / "store.duckdb"
    build([folder / "in"], path, with_starter=False)

    def run(*words: str) -> str:
        done = CliRunner().invoke(cli, words, env={"HOMEROOM_STORE": str(path)})
        assert done.exception is None, done.output
        return done.stdout

    app = create_app(homeroom.open(path), Settings(costly_per_minute=100_000))
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as site:
        yield run, site


def words_of(page: str) -> str:
    """Return what a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_formula_for_a_name_is_text_in_every_csv(tmp_path: Path) -> None:
    rows = [crdc.school("480000100001", SCH_NAME=FORMULA, SCH_ENR_BL_M=200, SCH_ENR_WH_M=400,
                        SCH_DISCWODIS_ARR_BL_M=6, SCH_DISCWODIS_REF_BL_M=8)]  # fmt: skip
    with faces(tmp_path, rows) as (run, site):
        asked = {"measure": "arrests", "place": SCHOOL, "wave": "2017-18"}
        options = [part for name, value in asked.items() for part in (f"--{name}", value)]
        csvs = {
            "find": run("find", SCHOOL, "--csv"),
            "rate": run("rate", *options, "--csv"),
            "search": site.get("/api/v1/places", params={"q": SCHOOL, "format": "csv"}).text,
            "rates": site.get("/api/v1/rates", params={**asked, "format": "csv"}).text,
        }
        for name, text in csvs.items():
            assert "HYPERLINK" in text, name
            assert re.search(r'(^|,)"?=', text, re.MULTILINE) is None, (name, text)
        assert json.loads(run("find", SCHOOL, "--json"))[0]["name"] == FORMULA
        assert site.get("/api/v1/places", params={"q": SCHOOL}).json()["data"][0]["name"] == FORMULA


def test_nobody_of_the_comparison_group_arrested_leaves_a_lower_bound(tmp_path: Path) -> None:
    rows = [
        crdc.school(f"48000010000{n}", SCH_ENR_BL_M=100, SCH_ENR_BL_F=100, SCH_ENR_WH_M=200,
                    SCH_ENR_WH_F=200, SCH_DISCWODIS_ARR_BL_M=6, SCH_DISCWODIS_REF_BL_M=8)
        for n in (1, 2)
    ]  # fmt: skip
    with faces(tmp_path, rows) as (run, site):
        told = run("ratio", "--place", DISTRICT, "--group", "black", "--versus", "white")
        assert "No ratio" in told
        assert "6.27" in told  # 12 of 400 against 0 of 800, score interval
        empty = run("ratio", "--place", DISTRICT, "--group", "asian", "--versus", "white")
        assert "No student of the group is enrolled" in empty
        asked = {"place": DISTRICT, "group": "black", "versus": "white", "wave": "2017-18"}
        found = site.get("/api/v1/ratio", params=asked).json()["data"]
        assert found["ratio"] is None
        assert found["reason_id"] == "no_events_in_comparison"
        assert found["low"] == pytest.approx(6.27, abs=0.005)
        page = words_of(site.get(f"/place/{DISTRICT}").text)
        assert "none reported in the comparison group" in page
        assert "no students" in page


def test_arrests_of_one_group_are_never_told_of_its_neighbor(tmp_path: Path) -> None:
    # A state's report card showed the American Indian arrests of Rapid City 2015-16 as Asian.
    rows = [crdc.school("480000100001", SCH_ENR_AM_M=1800, SCH_ENR_AS_M=200, SCH_ENR_WH_M=8000,
                        SCH_DISCWODIS_ARR_AM_M=79, SCH_DISCWODIS_ARR_WH_M=103)]  # fmt: skip
    expected = {"all": 182, "american_indian": 79, "asian": 0, "white": 103}
    with faces(tmp_path, rows, "2015-16") as (run, site):
        asked = {"measure": "arrests", "place": DISTRICT, "wave": "2015-16", "by": "race"}
        options = [part for name, value in asked.items() for part in (f"--{name}", value)]
        for rows_found in (
            json.loads(run("rate", *options, "--json")),
            site.get("/api/v1/rates", params=asked).json()["data"],
        ):
            counts = {row["group"]: row["count"] for row in rows_found}
            assert {name: counts[name] for name in expected} == expected
        page = words_of(site.get(f"/place/{DISTRICT}?wave=2015-16").text)
        assert re.search(r"American Indian or Alaska Native 1,800 79\b", page)
        assert re.search(r"Asian 200 0\b", page)


def test_arrests_where_nobody_was_enrolled_are_told_with_the_reason(tmp_path: Path) -> None:
    rows = [
        crdc.school(f"48000010000{n}", SCH_DISCWODIS_ARR_BL_M=6, SCH_DISCWODIS_ARR_WH_M=2,
                    SCH_DISCWODIS_REF_BL_M=8, SCH_DISCWODIS_REF_WH_M=4)
        for n in (1, 2)
    ]  # fmt: skip
    reason = "nobody enrolled on the day of the count"
    with faces(tmp_path, rows) as (run, site):
        for place, count in ((DISTRICT, 16), (SCHOOL, 8)):
            told = " ".join(run("place", place).split())
            assert f"{count} students in" in told
            assert reason in told
            for wave in ([], ["--wave", "2017-18"]):
                line = ["rate", "--measure", "arrests", "--place", place, *wave]
                assert reason in " ".join(run(*line).split())
                (row,) = json.loads(run(*line, "--json"))
                assert row["all_events"] == count
                assert row["count"] is row["rate_per_10000"] is None
                assert reason in row["reason"]
            data = site.get("/api/v1/rates", params={"measure": "arrests", "place": place})
            assert data.status_code == 200
            assert data.json()["data"][0]["reason_id"] == "nobody_enrolled"
            page = site.get(f"/place/{place}")
            assert page.status_code == 200
            assert reason in words_of(page.text)
            assert f"{count} students in" in words_of(page.text)
            assert site.get(f"/api/v1/places/{place}").status_code == 200


def test_ids_are_found_with_and_without_their_zero(starter_store: Path, client: TestClient) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(cli, words, env={"HOMEROOM_STORE": str(starter_store)})
        assert done.exception is None, done.output
        return done.output

    for text in ("0622710", "622710", "lea:622710", "622710.0"):
        assert "lea:0622710" in run("find", text)
        assert "Los Angeles Unified" in run("place", text)
        assert client.get("/api/v1/places", params={"q": text}).json()["data"][0]["id"] == (
            "lea:0622710"
        )
        assert client.get(f"/api/v1/places/{text}").json()["data"]["facts"]["leaid"] == "0622710"
    assert "622710 was read as 0622710" in run("find", "622710")
    assert "was read as" not in run("find", "0622710")
    straight = client.get("/search", params={"q": "3620580"}, follow_redirects=False)
    assert straight.headers["location"] == "/place/lea:3620580"
    repaired = client.get("/search", params={"q": "622710"}, follow_redirects=False)
    assert "622710 was read as 0622710" in repaired.text
    assert 'href="/place/lea:0622710"' in repaired.text
    moved = client.get("/place/622710", follow_redirects=False)
    assert moved.headers["location"] == "/place/lea:0622710"
    assert client.get("/place/school:622710").status_code == 400
    assert "Did you mean lea:0622710?" in words_of(client.get("/place/school:622710").text)


def test_a_part_of_the_city_and_the_city_link_to_each_other(client: TestClient) -> None:
    part = client.get("/place/lea:3600081").text
    assert '<a href="/place/lea:3620580">New York City Public Schools</a>' in part
    assert "OCR counts the city as one district" in words_of(part)
    assert "which official file brings them" not in part
    city = client.get("/place/lea:3620580").text
    assert 'href="/place/lea:3600081"' in city
    assert "33 districts within it" in words_of(city)
    data = client.get("/api/v1/places/lea:3600081").json()["data"]
    assert data["part_of"] == {"id": "lea:3620580", "name": "New York City Public Schools"}
