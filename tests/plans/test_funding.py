from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from homeroom.errors import BadInput
from homeroom.evidence.store import Store
from homeroom.plans.funding import Funding, Scenario, funding
from homeroom.plans.policies import POLICIES
from homeroom.report import plan_charts


@pytest.fixture(scope="module")
def found(store: Store) -> Funding:
    return funding(store)


def test_every_cent_of_the_total_is_allocated_or_told(found: Funding) -> None:
    for one in found.scenarios:
        assert one.total == 5_000_000_000_00
        assert int(one.leas["cents"].sum()) == one.allocated <= one.total
        if one.policy in ("enrollment", "poverty"):
            assert one.allocated == one.total
        assert one.leas["cents"].min() >= 0


def test_money_goes_by_the_figure_that_the_policy_names(found: Funding) -> None:
    leas = found.scenarios[0].leas
    students = int(leas["students"].sum())
    austin = leas.row(by_predicate=pl.col("leaid") == "4808940", named=True)
    exact = Decimal(5_000_000_000_00) * austin["students"] / students
    assert abs(austin["cents"] - exact) <= 1
    poor = found.scenarios[1].leas
    row = poor.row(by_predicate=pl.col("leaid") == "4808940", named=True)
    exact = (
        Decimal(5_000_000_000_00) * row["children_poverty"] / int(poor["children_poverty"].sum())
    )
    assert abs(row["cents"] - exact) <= 1


def test_unknown_gaps_are_not_zero_gaps(found: Funding) -> None:
    gap = next(one for one in found.scenarios if one.policy == "gap")
    leas = gap.leas
    known = leas.filter(pl.col("known"))
    share = known["students"].sum() / leas["students"].sum()
    assert gap.allocated / gap.total == pytest.approx(share, rel=1e-6)
    assert gap.nothing["figure for gap not known"]["leas"] == len(leas) - len(known)
    assert leas.filter(~pl.col("known"))["cents"].sum() == 0


def test_posts_are_money_over_price(found: Funding) -> None:
    for one in found.scenarios:
        assert one.posts["counselor"] == pytest.approx(one.posts_if_all["counselor"] / 4, abs=0.1)
        for share in [*one.gap_closed.values(), *one.gap_closed_nation.values()]:
            assert share is None or 0 <= share <= 1


def test_twice_the_money_closes_no_smaller_share(store: Store) -> None:
    one, two = (funding(store, total=total, policies=("gap",)) for total in (1e9, 2e9))
    for role, share in one.scenarios[0].gap_closed.items():
        assert two.scenarios[0].gap_closed[role] >= share  # type: ignore[operator]


def test_the_mix_is_open(store: Store) -> None:
    only = funding(store, policies=("enrollment",), mix={"nurse": 1.0}).scenarios[0]
    assert only.posts["counselor"] == 0
    assert only.posts["nurse"] == only.posts_if_all["nurse"]
    for bad in ({"nurse": 0.5}, {"janitor": 1.0}, {"nurse": 2.0, "counselor": -1.0}):
        with pytest.raises(BadInput, match="mix"):
            funding(store, mix=bad)
    with pytest.raises(BadInput, match="expected one of"):
        funding(store, policies=("luck",))


def test_the_bill_is_a_bill_and_its_lines_carry_their_rows(found: Funding) -> None:
    assert "is a bill, not law" in found.notice
    assert "[secondary]" in found.total_source
    assert {line["bill_would_close"] for line in found.federal} <= {"yes", "no", "unknown"}
    assert all(line["url"].startswith("https://") for line in found.federal)
    assert any("a year now: no figure was found" in text for text in found.unknowns)
    assert set(POLICIES) == {one.policy for one in found.scenarios}


def test_the_bill_of_2020_names_half(store: Store) -> None:
    found = funding(store, version="2020", policies=("enrollment",))
    assert found.scenarios[0].total == 250_000_000_000


def test_who_shares_the_money_is_said_beside_it(found: Funding) -> None:
    gap, disparity = found.scenarios[2:]
    document = disparity.as_dict()["shared_among"]
    assert document["of"] == len(disparity.leas) > 18_000
    assert document["leas"] == (disparity.leas["cents"] > 0).sum() < 1_000
    assert f"{document['leas']:,} of {document['of']:,} districts" in document["sentence"]
    assert document["sentence"] in plan_charts.funding(found).alt
    assert gap.doubtful == 0


def test_doubted_referrals_get_no_share(found: Funding) -> None:
    disparity = found.scenarios[3]
    row = disparity.leas.row(by_predicate=pl.col("leaid") == "4816620", named=True)  # Del Valle
    assert row["doubtful"]
    assert (row["known"], row["cents"]) == (False, 0)
    assert disparity.doubtful >= 1
    assert disparity.nothing["figure for disparity reported, but we doubt it"]["leas"] >= 1


@pytest.mark.parametrize("total", [1e9, 5e9, 200e9])
def test_no_district_gets_more_than_its_gap_costs(store: Store, total: float) -> None:
    found = funding(store, total=total, policies=("gap", "disparity"))
    for one in found.scenarios:
        leas = one.leas.filter(pl.col("cents") > 0)
        assert len(leas)
        assert (leas["cents"] <= leas["need"]).all()
        row = leas.row(by_predicate=pl.col("leaid") == "4808940", named=True)
        posts = sum(row[f"short_{role}"] for role in ("counselor", "psychologist", "nurse"))
        assert row["cents"] < posts * 200_000_00  # no post costs 200,000 dollars
        assert one.at_cap == int(leas["capped"].sum())
        assert one.total == one.allocated + one.above_need + _unknown(one)
    # A hundred times what the gaps cost closes them all, and buys nothing beyond.
    if total == 200e9:
        assert found.scenarios[0].at_cap == found.scenarios[0].sharing
        assert found.scenarios[0].above_need > 0


def _unknown(one: Scenario) -> int:
    """Return the part of the total that belongs to districts whose figure is not known."""
    students = one.leas["students"].cast(pl.Float64).fill_null(0)
    known = students.filter(one.leas["known"]).sum()
    return one.total - round(one.total * known / students.sum())


def test_every_policy_says_its_formula_and_what_it_rewards(found: Funding) -> None:
    for one in found.scenarios:
        document = one.as_dict()
        assert "\u00f7" in document["formula"]
        assert document["incentive"].endswith(".")
        assert document["cap"]["applies"] == (one.policy in ("gap", "disparity"))
    assert "report the most referrals" in found.scenarios[3].as_dict()["incentive"]
