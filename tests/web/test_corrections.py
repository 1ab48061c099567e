"""The ledger of corrections: what was wrong, what it is now, and why, for readers and for feeds."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

import pytest

from homeroom.report.corrections import corrections

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from homeroom.api import Homeroom

ATOM = "{http://www.w3.org/2005/Atom}"


def test_every_correction_says_old_new_and_why(client: TestClient) -> None:
    known = corrections()
    assert [one.id for one in known] == sorted({one.id for one in known}, reverse=True)
    page = html.unescape(client.get("/corrections").text)
    for one in known:
        assert one.was != one.now
        assert len(one.why) > 40
        for text in (one.was, one.now, one.figure, one.id, f'id="{one.id}"'):
            assert text in page, one.id


@pytest.mark.parametrize("one", [one for one in corrections() if one.check], ids=lambda one: one.id)
def test_the_new_value_is_what_the_store_answers(room: Homeroom, one: object) -> None:
    asked = dict(one.check)  # type: ignore[attr-defined]
    rows = {row["role"]: row for row in room.staff(asked["place"], asked["wave"]).to_dicts()}
    found = rows[asked["role"]][asked["column"]]
    assert round(found) == asked["value"]
    assert f"{asked['value']:,}" in one.now  # type: ignore[attr-defined]


def test_the_feeds_hold_every_correction_and_link_to_it(client: TestClient) -> None:
    ids = [one.id for one in corrections()]
    feed = client.get("/corrections.json")
    assert feed.headers["content-type"] == "application/feed+json"
    assert [item["id"] for item in feed.json()["items"]] == ids
    assert all(item["_homeroom"]["was"] for item in feed.json()["items"])
    atom = client.get("/corrections.xml")
    assert atom.headers["content-type"] == "application/atom+xml"
    tree = fromstring(atom.text)  # noqa: S314 - our own answer
    entries = tree.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id", "").partition("#")[2] for entry in entries] == ids
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", tree.findtext(f"{ATOM}updated", ""))


def test_a_page_is_cited_with_its_data_version(client: TestClient) -> None:
    version = client.get("/readyz").json()["data_version"]
    for address in ("/place/US-TX", "/chart/rates?place=US-TX", "/map", "/corrections"):
        page = client.get(address).text
        assert f"data_version={version}" in page
        cited = re.search(rf"http://[^ <]*data_version={version}", page)
        assert cited is not None
        answer = client.get(cited[0].replace("&amp;", "&").removeprefix("http://127.0.0.1:8000"))
        assert answer.status_code == 200
