"""Finance, poverty, and wages: one reader each, which agrees with the tables."""

from __future__ import annotations

from homeroom.context.finance import finance, membership
from homeroom.context.poverty import latest, poverty
from homeroom.context.wages import median_wage, wages
from homeroom.evidence import sql
from homeroom.vocabulary.finance import CODES, ITEMS

AUSTIN = "4808940"


def test_finance_keeps_why_an_amount_is_missing(room):
    rows = finance(room.store, AUSTIN)
    assert [one.item for one in rows] == [item for item in ITEMS if item in {r.item for r in rows}]
    held = sql.rows(room.con, "SELECT item, amount FROM finance WHERE leaid = ?", [AUSTIN])
    assert {one.item: one.amount for one in rows} == dict(held)
    every = [one for lea in ("0100002", AUSTIN) for one in finance(room.store, lea)]
    assert {one.reason for one in every if one.amount is None} <= set(CODES.values())
    assert all(one.reason is None for one in every if one.amount is not None)
    assert any(one.amount is None for one in every)
    assert all("sha256" in one.source for one in every)


def test_membership_has_each_district_once(room):
    frame = membership(room.store)
    assert frame["leaid"].is_unique().all()
    (own,) = [one for one in finance(room.store, AUSTIN) if one.item == "V33"]
    assert frame.filter(leaid=AUSTIN)["students"].to_list() == [own.amount]


def test_poverty_runs_by_year_and_the_latest_is_the_last(room):
    rows = poverty(room.store, AUSTIN)
    assert [one.year for one in rows] == sorted(one.year for one in rows)
    last = latest(room.store).filter(leaid=AUSTIN).row(0, named=True)
    assert last["children_poverty"] == rows[-1].children_poverty
    assert rows[-1].share == rows[-1].children_poverty / rows[-1].children
    assert poverty(room.store, "9999999") == []


def test_the_median_wage_is_the_newest_that_bls_publishes(room):
    every = [one for one in wages(room.store, "TX") if one.occupation == "33-3051"]
    found = median_wage(room.store, "33-3051", "TX")
    assert found == next(one for one in every if one.median is not None)
    assert found.row_id == f"wage:{found.year}:TX:33-3051"
    assert median_wage(room.store, "33-3051", "ZZ") is None
