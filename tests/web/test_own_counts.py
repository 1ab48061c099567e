"""Pages for counts of one's own: on this machine alone, in memory alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from homeroom.api import Homeroom
from homeroom.web.app import create_app
from homeroom.web.settings import Settings

GRID = "g,K,1,2,3\nA,16,8,8,6\nB,15,0,0,0\nC,3,0,0,0\nD,62,20,13,15\nE,3,1,0,1\nF,31,22,8,15\n"
GROUPS = "HL, 121, 6002\nB, 316, 6224\nW, 732, 34897\n2M, 3, 3175\n"


@pytest.fixture(scope="module")
def site(starter_store: Path):
    app = create_app(Homeroom(starter_store), Settings())
    with TestClient(app, client=("127.0.0.1", 5), base_url="http://127.0.0.1:8000") as client:
        yield client


def test_a_pasted_table_comes_back_safe(site) -> None:
    answer = site.post("/own/publish", data={"counts": GRID, "minimum": "10"})
    assert answer.status_code == 200
    assert "35 cells, 13 hidden" in answer.text
    assert "The audit passed" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    saved = site.post("/own/publish", data={"counts": GRID, "as": "csv"})
    assert saved.text.splitlines()[0] == "row,column,count"
    assert saved.text.count(",*") == 13


def test_counts_come_back_with_ratios_and_reasons(site) -> None:
    answer = site.post("/own/idea", data={"counts": GROUPS, "threshold": "2.0"})
    assert answer.status_code == 200
    assert "2.37" in answer.text
    assert "300.647(c)(1)" in answer.text
    assert "not part of the rule" in answer.text


@pytest.mark.parametrize(
    ("page", "fields", "says"),
    [
        ("/own/publish", {"counts": "a,b\nx,1.5"}, "whole number"),
        ("/own/publish", {"counts": "a,b\nx,1", "minimum": "1"}, "at least 2"),
        ("/own/idea", {"counts": "B, 5"}, "2 or 4 whole numbers"),
        ("/own/idea", {"counts": "B, 5, 9\nW, 1, 2", "threshold": "high"}, "above 0"),
    ],
)
def test_bad_counts_are_told_on_the_page(site, page, fields, says) -> None:
    answer = site.post(page, data=fields)
    assert answer.status_code == 400
    assert says in answer.text


def test_nobody_elsewhere_is_answered(site, starter_store: Path) -> None:
    for page in ("/own/publish", "/own/idea"):
        assert site.get(page).status_code == 200
        assert site.get(page, headers={"x-forwarded-for": "203.0.113.5"}).status_code == 403
    app = create_app(Homeroom(starter_store), Settings(host="0.0.0.0"))  # noqa: S104 - refused
    with TestClient(app, base_url="http://127.0.0.1:8000") as open_site:
        assert open_site.get("/own/publish").status_code == 404


def test_a_form_of_another_site_is_not_read(site) -> None:
    answer = site.post(
        "/own/publish", data={"counts": GRID}, headers={"sec-fetch-site": "cross-site"}
    )
    assert "13 hidden" not in answer.text
