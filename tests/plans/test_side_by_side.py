"""Up to four plans on one page, in six rows, by one rule for all."""

from __future__ import annotations

from typing import Any

import pytest
from plan_cases import AUSTIN, a_plan

from homeroom.evidence.place_ids import place_range
from homeroom.evidence.store import Store
from homeroom.plans.compare import AS_IS, compare
from homeroom.plans.side_by_side import ROWS, Column, columns

PRICE = {"central": 50_000, "source": "a quote"}
PLANS: list[dict[str, Any]] = [
    {"name": "City", "officers": {"end": "half"}, "paid_by": "city",
     "agreement": {"notice": "6 months"}},
    {"name": "Unknown", "officers": {"end": "half"}, "hire": {"counselor": 10}},
    {"name": "Program", "programs": [{"what": "mental_health_services", "schools": "middle",
                                      "price": PRICE}]},
    {"name": "Grant", "hire": {"nurse": 4},
     "grant": {"source": "The Act", "share": "half", "act": 2025}},
]  # fmt: skip


@pytest.fixture(scope="module")
def beside(store: Store) -> dict[str, Column]:
    results = compare([a_plan(**plan) for plan in PLANS], store, draws=200)
    return {one.plan: one for one in columns(results)}


def test_every_plan_has_every_row(beside: dict[str, Column]) -> None:
    assert list(beside) == [AS_IS, "City", "Unknown", "Program", "Grant"]
    for one in beside.values():
        document = one.as_dict()
        assert list(document) == ["plan", *ROWS]
        assert all(document[row] and all(document[row]) for row in ROWS)


def test_who_must_agree_follows_from_who_pays(beside: dict[str, Column]) -> None:
    said = {name: " ".join(one.agree) for name, one in beside.items()}
    assert said[AS_IS] == "Nobody: nothing changes."
    assert "The city, which pays for officers" in said["City"]
    assert "with 6 months' notice" in said["City"]
    assert "the plan does not say who" in said["Unknown"]
    assert "officers" not in said["Program"]
    assert "Congress must first enact the bill" in said["Grant"]


def test_no_saving_is_told_without_a_payer(beside: dict[str, Column]) -> None:
    assert len(beside["Unknown"].cost) == 3
    assert all(" if " in text for text in beside["Unknown"].cost[1:])
    assert "Who pays the officers" in beside["Unknown"].unknown
    # A city's officers cost the district nothing, so their end frees nothing.
    assert beside["City"].cost[1].startswith("$0 of new local money")


def test_students_reached_are_those_of_the_schools_that_change(
    beside: dict[str, Column], store: Store
) -> None:
    row = store.con.execute(
        "SELECT count(*) FROM school WHERE wave = '2017-18' AND school_no BETWEEN ? AND ? "
        "AND low_grade BETWEEN 4 AND 7 AND high_grade <= 9",
        [place_range(AUSTIN).low, place_range(AUSTIN).high],
    ).fetchone()
    (said,) = beside["Program"].students
    assert row is not None
    assert f"in {row[0]} schools that gain staff or a program" in said


def test_research_says_a_range_or_that_there_is_none(beside: dict[str, Column]) -> None:
    told = " ".join(beside["Program"].research)
    assert "students suspended out of school" in told
    assert "published interval" in told
    assert beside["City"].research == (
        "No finding gives a size that may be used as an effect here.",
    )
    assert any(text.startswith("By how much officers change") for text in beside["City"].unknown)
