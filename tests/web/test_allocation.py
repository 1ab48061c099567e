from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient

AUSTIN = "lea:4808940"
API = "/api/v1/act/allocation"
PAGE = "/act/allocation"


def text_of(client: TestClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return unescape(answer.text)


def test_the_page_says_that_it_is_a_bill_and_that_policies_are_assumptions(
    client: TestClient,
) -> None:
    text = text_of(client, PAGE)
    assert "is a bill, not law" in text
    assert "Each policy below is an assumption of ours; none is in the bill." in text
    assert "What $5,000,000,000 would pay" in text
    assert "[secondary]" in text
    for part in ("By enrollment", "By children in poverty", "By staffing gap",
                 "By disparity", "Who would get nothing", "What is not known"):  # fmt: skip
        assert part in text, part


def test_page_and_api_and_chart_give_the_same_posts(client: TestClient) -> None:
    data = client.get(API).json()["data"]
    text = text_of(client, PAGE)
    csv = client.get("/chart/funding.csv").text
    for one in data["scenarios"]:
        for posts in one["post_years"].values():
            assert f"<td>{posts:,.0f}</td>" in text
            assert str(posts) in csv
        assert one["allocated"] + one["unallocated"] == pytest.approx(one["total"])


def test_a_districts_amounts_are_part_of_the_whole(client: TestClient) -> None:
    data = client.get(f"{API}?place={AUSTIN}").json()["data"]
    assert [row["policy"] for row in data["place"]] == ["enrollment", "poverty", "gap", "disparity"]
    for row, whole in zip(data["place"], data["scenarios"], strict=True):
        assert 0 < row["amount"] < whole["allocated"] / 5
    text = text_of(client, f"{PAGE}?place=austin+isd")
    assert f"${data['place'][0]['amount']:,.0f}" in text
    assert "School counselors 147.6" in text or "school counselors 147.6" in text


def test_what_is_not_known_of_a_district_is_not_zero(client: TestClient) -> None:
    rows = {
        row["policy"]: row for row in client.get(f"{API}?place=lea:0622710").json()["data"]["place"]
    }
    assert rows["enrollment"]["amount"] > 0
    assert rows["gap"]["known"] is False
    assert rows["gap"]["amount"] is None
    assert "not in the store: not known, which is not zero" in text_of(
        client, f"{PAGE}?place=lea:0622710"
    )


def test_all_the_money_for_one_role_pays_only_that_role(client: TestClient) -> None:
    query = "policy=enrollment&counselor=0&social_worker=0&psychologist=0&nurse=100&total=1000000"
    data = client.get(f"{API}?{query}").json()["data"]
    (one,) = data["scenarios"]
    assert one["total"] == 1_000_000
    assert one["post_years"]["counselor"] == 0
    assert one["post_years"]["nurse"] == one["post_years_if_all_for_one_role"]["nurse"] > 0
    assert data["total_source"] == "stated by the user"
    text = text_of(client, f"{PAGE}?{query}")
    linked = re.search(r'href="(/api/v1/act/allocation\?[^"]*)"', text)
    assert linked
    assert client.get(linked[1]).json()["data"] == data


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("counselor=100", "add up to 100, found 175"),
        ("total=lots", "expected dollars"),
        ("total=-5", "expected dollars"),
        ("place=US-TX", "found a state"),
        ("version=1999", "1999"),
        ("counselor=x", "expected a whole number from 0 to 100"),
    ],
)
def test_what_cannot_be_shared_is_refused_in_words(
    client: TestClient, query: str, said: str
) -> None:
    answer = client.get(f"{API}?{query}")
    assert answer.status_code == 400
    assert said in answer.json()["error"]["message"]
    text = text_of(client, f"{PAGE}?{query}")
    assert 'class="notice"' in text
    assert said in text
    assert "Staff funded for one year" not in text


def test_the_cost_table_is_that_of_the_api(client: TestClient) -> None:
    rows = client.get("/api/v1/research/costs?limit=10000").json()["data"]
    text = text_of(client, "/research")
    table = text[text.index('id="costs"') :]
    assert table.count('<th scope="row">') == len(rows) > 30
    for row in rows:
        assert row["item"] in table
        if row["urls"]:
            assert f'href="{row["urls"].split()[0]}"' in table
