from __future__ import annotations

import pytest

from homeroom.errors import BadInput, NotAvailable
from homeroom.research import cost, costs, fringe_load, load
from homeroom.research.costs import COLUMNS, addresses
from homeroom.research.schema import CostKind

LOADED = [one for one in load().costs.values() if one.kind is CostKind.LOADED]


def test_every_cost_traces_to_an_address():
    library = load()
    assert all(addresses(one, library) for one in library.costs.values())


def test_the_table_marks_what_is_not_verified():
    rows = costs()
    assert rows.columns == list(COLUMNS)
    assert len(rows) == 51
    assert set(rows.filter(~rows["verified"])["verified_in"]) == {"secondary"}
    assert len(costs(verified=True)) + len(costs(verified=False)) == 51


@pytest.mark.parametrize("one", LOADED, ids=lambda one: one.cost_id)
def test_a_loaded_cost_is_its_wage_times_its_load(one):
    """The published load is rounded to three places, the product to the dollar."""
    wage, load_row = (cost(name) for name in one.derived_from)
    assert fringe_load(one.role) == load_row
    for name in ("low", "central", "high"):
        if getattr(one, name) is not None:
            product = getattr(wage, name) * load_row.load_factor
            assert getattr(one, name) == pytest.approx(product, abs=0.51)


@pytest.mark.parametrize("name", ["fringe-government", "fringe-education", "fringe-service"])
def test_a_load_follows_from_the_hourly_costs_that_it_names(name):
    """Benefits are a share of compensation, published to a tenth of a percent."""
    row = cost(name)
    pay = row.hourly_wages + row.hourly_paid_leave
    assert row.load_factor == round(row.hourly_total / pay, 3)
    assert 100 * (1 - row.hourly_wages / row.hourly_total) == pytest.approx(row.central, abs=0.06)


def test_filters_and_refusals():
    assert set(costs(role="nurse")["kind"]) == {"wage", "fringe", "loaded", "programme"}
    assert set(costs("federal")["kind"]) == {"federal"}
    with pytest.raises(BadInput, match="use one of"):
        costs("price")
    with pytest.raises(BadInput, match="use one of"):
        cost("gold")
    with pytest.raises(NotAvailable, match="name a total cost"):
        fringe_load("teacher")


def test_what_has_no_price_has_no_number():
    row = cost("threat-assessment-training")
    assert (row.low, row.central, row.high) == (None, None, None)
