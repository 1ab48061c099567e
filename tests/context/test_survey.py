"""Survey estimates: intervals that stay in range, and comparisons only of what is comparable."""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy import stats

from homeroom.context.survey import COLUMNS, differences, intervals, survey
from homeroom.context.survey_items import (
    CATEGORIES,
    CHANGES,
    DOMAINS,
    THEMES,
    change_of,
    item_of,
    items_of,
    theme_of,
)
from homeroom.errors import BadInput, NotAvailable
from homeroom.sources.ssocs import catalogue

PUBLISHED = Path(__file__).resolve().parents[1] / "sources" / "golden" / "ssocs_published.csv"


@pytest.fixture(scope="module")
def store(room):
    return room.store


@pytest.fixture(scope="module")
def everything(store):
    frames = [survey(store, domain=domain) for domain in DOMAINS]
    return pl.concat(frames)


def published():
    """Return the rows of NCES's printed tables that the public-use files reproduce."""
    with PUBLISHED.open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["agrees"] == "yes"]


def test_estimates_equal_those_that_nces_printed(everything):
    held = {
        (row["year"], row["item"], row["domain"], row["category"]): row
        for row in everything.to_dicts()
    }
    rows = published()
    for row in rows:
        ours = held[int(row["year"]), row["item"], row["domain"], row["category"]]
        # Half a step for rounding; NCES rounds halves up, and from its own unrounded figure.
        assert abs(ours["estimate"] - float(row["estimate"])) <= float(row["step"]) * 0.501, row
        if row["se"]:
            assert abs(ours["se"] - float(row["se"])) <= float(row["se_step"]) * 0.501, row
    assert len(rows) >= 20


def test_sworn_officers_are_in_36_then_48_per_cent_of_schools(store):
    # NCES, Indicators of School Crime and Safety: 2017, on 2005-06 and 2015-16.
    found = survey(store, "officer").sort("year")
    assert found["year"].to_list() == [2006, 2016, 2018]
    assert [round(value) for value in found["estimate"][:2]] == [36, 48]


def test_columns_and_order_are_as_documented(store):
    found = survey(store)
    assert found.columns == list(COLUMNS)
    themes = found["theme"].unique(maintain_order=True).to_list()
    assert set(themes) == set(THEMES)
    levels = survey(store, "officer", "level", 2018)["category"].to_list()
    assert levels == [one for one in CATEGORIES if one in levels]


def test_every_item_has_one_theme():
    assert sorted(i.id for theme in THEMES for i in items_of(theme)) == sorted(
        i.id for i in catalogue().items
    )
    assert theme_of(item_of("threat_assessment")) == "threat_assessment"


def test_percentages_stay_between_0_and_100_around_their_estimate(everything):
    shares = everything.filter(unit="percent").drop_nulls("low")
    assert len(shares) > 4_000
    assert shares.filter(
        (pl.col("low") <= 0)
        | (pl.col("high") >= 100)
        | (pl.col("low") >= pl.col("estimate"))
        | (pl.col("high") <= pl.col("estimate"))
    ).is_empty()
    assert (everything.filter(pl.col("unit") != "percent").drop_nulls("low")["low"] > 0).all()


def test_intervals_are_t_intervals_of_the_log_odds_with_49_degrees_of_freedom():
    p, se = np.array([51.2, 1.1, 98.7]), np.array([1.15, 0.3, 0.4])
    _, (low, high) = intervals("percent", p, se)
    t = stats.t(49).ppf(0.975)
    odds = np.log(p / (100 - p))
    # The delta method: the derivative of log(p / (100 - p)) is 100 / (p (100 - p)).
    reach = t * se * 100 / (p * (100 - p))
    assert low == pytest.approx(100 / (1 + np.exp(-(odds - reach))), rel=1e-12)
    assert high == pytest.approx(100 / (1 + np.exp(-(odds + reach))), rel=1e-12)


def test_intervals_of_numbers_are_those_of_a_lognormal_t():
    _, (low, high) = intervals("count", np.array([1000.0]), np.array([50.0]))
    bounds = stats.t(49, loc=np.log(1000), scale=0.05).interval(0.95)
    assert [low[0], high[0]] == pytest.approx(np.exp(bounds), rel=1e-12)


def test_intervals_of_complements_are_complements():
    _, (low, high) = intervals("percent", np.array([3.0, 97.0]), np.array([0.7, 0.7]))
    assert low[0] == pytest.approx(100 - high[1])
    assert high[0] == pytest.approx(100 - low[1])


def test_a_middling_percentage_has_nearly_the_plain_t_interval(store):
    row = survey(store, "officer", year=2018).row(0, named=True)
    plain = stats.t(49, loc=row["estimate"], scale=row["se"]).interval(0.95)
    assert (row["low"], row["high"]) == pytest.approx(plain, abs=0.02)


def test_where_all_sampled_schools_answer_alike_there_is_no_interval(everything):
    alike = everything.filter(se=0.0)
    assert len(alike) > 0
    assert alike["low"].null_count() == alike["high"].null_count() == len(alike)
    assert alike["caution"].str.contains("says nothing").all()


def test_large_standard_errors_and_withheld_estimates_carry_a_caution(everything):
    shaky = everything.filter(pl.col("se") > 0.3 * pl.col("estimate"))
    assert shaky["caution"].str.contains("interpret with caution").all()
    withheld = everything.filter(pl.col("estimate").is_null())
    assert (withheld["n"] < 30).all()
    assert withheld["caution"].str.contains("fewer than 30").all()
    sound = everything.filter((pl.col("se") > 0) & (pl.col("se") / pl.col("estimate") <= 0.3))
    assert sound["caution"].is_null().all()


def test_differences_have_the_se_of_independent_samples(store):
    rows = {row["year"]: row for row in survey(store, "cameras").to_dicts()}
    found = differences(store, "cameras")
    assert len(found) == len(list(combinations(rows, 2)))
    for row in found.to_dicts():
        one, two = (rows[int(row[side][:4]) + 1] for side in ("first", "second"))
        se = (one["se"] ** 2 + two["se"] ** 2) ** 0.5
        change = two["estimate"] - one["estimate"]
        assert (row["difference"], row["se"]) == pytest.approx((change, se))
        low, high = stats.t(49, loc=change, scale=se).interval(0.95)
        assert (row["low"], row["high"]) == pytest.approx((low, high))
        assert row["p"] == pytest.approx(2 * stats.t(49).sf(abs(change) / se), rel=1e-6)
        assert (row["p"] > 0.05) == ("within sampling error" in row["sentence"])


def test_groups_of_schools_are_compared_within_a_year_and_never_with_all(store):
    found = differences(store, "officer", "level")
    assert set(found["year"]) == {2006, 2016, 2018}
    assert "All" not in {*found["first"], *found["second"]}
    assert len(found) == 3 * 6


def test_a_sentence_names_question_universe_figures_and_doubt(store):
    told = differences(store, "threat_assessment")["sentence"][0]
    assert told == (
        "A threat assessment team (all public schools): 43.7% in 2017-18, against 41.6% in "
        "2015-16. The difference of 2.1 percentage points (95% interval −2.1 to 6.2) is within "
        "sampling error."
    )


def test_a_clear_change_is_told_as_more_or_less(store):
    told = differences(store, "social_emotional_learning")["sentence"][0]
    assert "percentage points more" in told
    told = differences(store, "violent")
    fell = told.filter(first="2005-06", second="2015-16")["sentence"][0]
    assert "percentage points less" in fell


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.items[0])
def test_other_wordings_come_along_but_are_never_joined_or_compared(store, change):
    found = survey(store, change.items[0])
    assert set(found["item"]) == set(change.items)
    assert found["segment"].n_unique() == len(change.items)
    assert found["note"].to_list() == [change.why] * len(found)
    for row in differences(store, change.items[0]).to_dicts():
        years = item_of(row["item"]).questions
        assert {int(row[side][:4]) + 1 for side in ("first", "second")} <= set(years)


def test_changes_name_known_items_once():
    named = [name for change in CHANGES for name in change.items]
    assert len(named) == len(set(named))
    assert all(item_of(name) for name in named)
    assert change_of("cameras") is None


def test_locales_of_2006_are_other_groups(store):
    found = survey(store, "cameras", "locale")
    by_year = dict(found.select("year", "segment").iter_rows())
    assert by_year[2006] != by_year[2008] == by_year[2016] == by_year[2018]
    assert found["note"].str.contains("metropolitan status").all()
    assert survey(store, "cameras", "level")["segment"].n_unique() == 1


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"item": "oficer"}, "Like it: officer"),
        ({"domain": "region"}, "expected one of all, level"),
        ({"theme": "police"}, "expected one of present"),
        ({"year": 2010}, "2006, 2008, 2016, 2018"),
    ],
)
def test_unknown_words_are_refused_with_the_known_ones(store, options, why):
    with pytest.raises(BadInput, match=why):
        survey(store, **options)


def test_what_a_year_did_not_ask_is_not_available(store):
    with pytest.raises(NotAvailable, match="2015-16, 2017-18 and 2019-20"):
        survey(store, "threat_assessment", year=2006)
    with pytest.raises(NotAvailable, match="students of color"):
        survey(store, domain="minority", year=2018)
