"""Shootings: counts that add up, ratios with honest intervals, words that favor neither side."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from contextlib import closing

import numpy as np
import polars as pl
import pytest
from scipy import stats
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM

import crdc_factory
from homeroom.context.shootings import (
    CANNOT,
    EMPTY,
    NOT_PRESENT,
    PRESENT,
    by_enrollment,
    guarded_summary,
    mantel_haenszel,
    ratios,
    shootings,
)
from homeroom.errors import NotAvailable
from homeroom.evidence.build import build
from homeroom.evidence.store import Store

HEAD = (
    "uid", "nces_school_id", "school_year", "shooting_type", "resource_officer", "enrollment",
    "killed", "injured",
)  # fmt: skip
YEARS = ("2001-2002", "2002-2003", "2003-2004", "2004-2005", "2005-2006")
STATE = {"1": PRESENT, "0": NOT_PRESENT, "": EMPTY}


def small_rows():
    """Return five recorded school years and one in which nothing is recorded, made up."""
    draw = np.random.default_rng(7)
    rows = [
        ("targeted", officer, enrolled, killed, int(draw.integers(0, 4)), year)
        for year in YEARS
        for officer in "10"
        for enrolled in ("400", "1,200")
        for killed in draw.integers(0, 3, size=3).tolist()
    ]
    return rows + [("targeted", "", "700", 5, 1, "2006-2007") for _ in range(4)]


def opened(folder, rows):
    with (folder / "shootings.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for uid, (kind, officer, enrolled, killed, injured, year) in enumerate(rows):
            writer.writerow((uid, "080009901234", year, kind, officer, enrolled, killed, injured))
    path = folder / "store.duckdb"
    build([folder / "shootings.csv"], path, with_starter=False)
    return closing(Store(path))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("small"), small_rows()) as con:
        yield con


@pytest.fixture(scope="module")
def real(shared_data, tmp_path_factory):
    path = tmp_path_factory.mktemp("real") / "store.duckdb"
    build([shared_data / "shootings"], path, with_starter=False)
    with closing(Store(path)) as con:
        yield con


@pytest.fixture(scope="module")
def raw(shared_data):
    """The Post's rows, read without Homeroom."""
    path = shared_data / "shootings" / "school-shootings-data.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {
                "year": row["school_year"], "presence": STATE[row["resource_officer"].strip()],
                "killed": int(row["killed"]), "injured": int(row["injured"]),
                "fatal": int(int(row["killed"]) > 0),
                "band": min(int(row["enrollment"].replace(",", "")) // 500, 2),
            }
            for row in csv.DictReader(file)
        ]  # fmt: skip


def the(frame, **where):
    return frame.filter(**where).row(0, named=True)


def test_totals_of_the_starter_facts(starter_store):
    # The Post's own counts to January 2025: 428 shootings, an officer or guard at 104.
    with closing(Store(starter_store)) as con:
        found = shootings(con)
    whole = the(found, school_year="all", presence="all")
    assert (whole["incidents"], whole["killed"], whole["injured"]) == (428, 216, 487)
    assert the(found, school_year="all", presence=PRESENT)["incidents"] == 104


@pytest.mark.shared
def test_national_totals_agree_with_the_raw_file(real, raw):
    found = shootings(real)
    for presence in (PRESENT, NOT_PRESENT, EMPTY):
        rows = [row for row in raw if row["presence"] == presence]
        ours = the(found, school_year="all", presence=presence)
        assert ours["incidents"] == len(rows)
        for outcome in ("killed", "injured"):
            assert ours[outcome] == sum(row[outcome] for row in rows)
    by_year = defaultdict(int)
    for row in raw:
        by_year[f"{row['year'][:4]}-{row['year'][-2:]}"] += 1
    ours = found.filter((pl.col("presence") == "all") & (pl.col("school_year") != "all"))
    assert dict(ours.select("school_year", "incidents").iter_rows()) == by_year


@pytest.mark.shared
def test_the_field_on_officers_is_empty_since_2018(real):
    found = shootings(real).filter(presence=EMPTY)
    assert the(found, school_year="all")["incidents"] == 190
    summary = guarded_summary(real)
    assert "20 school years, 1998-99 to 2017-18" in summary.sentences[1]
    assert "empty for 185 of 202" in summary.sentences[1]


@pytest.mark.shared
@pytest.mark.parametrize("outcome", ["killed", "injured", "fatal"])
def test_ratios_agree_with_the_raw_file_and_a_cluster_robust_poisson_model(real, raw, outcome):
    rows = [row for row in raw if row["presence"] != EMPTY and int(row["year"][:4]) <= 2017]
    found = the(ratios(real), outcome=outcome, reading="recorded_years", adjusted_for="none")
    with_, without = (
        [row[outcome] for row in rows if (row["presence"] == PRESENT) == side]
        for side in (True, False)
    )
    assert found["ratio"] == pytest.approx(np.mean(with_) / np.mean(without), rel=1e-12)
    design = np.array([[1.0, row["presence"] == PRESENT] for row in rows])
    groups = np.unique([row["year"] for row in rows], return_inverse=True)[1]
    fitted = GLM(np.array([row[outcome] for row in rows]), design, Poisson()).fit(
        cov_type="cluster", cov_kwds={"groups": groups}
    )
    assert found["ratio"] == pytest.approx(math.exp(fitted.params[1]), rel=1e-6)
    error = math.log(found["high"] / found["ratio"]) / stats.t(found["school_years"] - 1).ppf(0.975)
    # The jackknife leaves whole years out, the sandwich linearizes: near, and the jackknife wider.
    assert 1 <= error / fitted.bse[1] < 1.35
    # A plain Poisson model would take each death as a shooting of its own.
    if outcome == "killed":
        plain = GLM(np.array([row[outcome] for row in rows]), design, Poisson()).fit()
        assert error > 2 * plain.bse[1]


@pytest.mark.shared
def test_the_adjusted_ratio_is_mantel_haenszel_over_three_bands(real, raw):
    above = below = 0.0
    rows = [row for row in raw if row["presence"] != EMPTY and int(row["year"][:4]) <= 2017]
    for band in range(3):
        x, n = ([0, 0], [0, 0])
        for row in rows:
            if row["band"] == band:
                side = int(row["presence"] != PRESENT)
                x[side], n[side] = x[side] + row["killed"], n[side] + 1
        above += x[0] * n[1] / sum(n)
        below += x[1] * n[0] / sum(n)
    found = the(ratios(real), outcome="killed", reading="recorded_years", adjusted_for="enrollment")
    assert found["ratio"] == pytest.approx(above / below, rel=1e-12)
    assert by_enrollment(real)["incidents"].sum() == 428


def test_numbers_of_shootings_have_exact_poisson_intervals(small):
    for row in shootings(small).to_dicts():
        low = stats.chi2.ppf(0.025, 2 * row["incidents"]) / 2
        high = stats.chi2.ppf(0.975, 2 * row["incidents"] + 2) / 2
        assert (row["low"], row["high"]) == pytest.approx((low, high), rel=1e-9)


def test_parts_add_up_to_the_whole(small):
    found = shootings(small)
    years = found.filter((pl.col("school_year") != "all") & (pl.col("presence") != "all"))
    whole = the(found, school_year="all", presence="all")
    for column in ("incidents", "killed", "injured"):
        assert years[column].sum() == whole[column]
    assert whole["incidents"] == len(small_rows())


def test_first_and_last_school_years_are_marked_as_partial(small):
    partial = shootings(small).filter("partial")["school_year"].unique().sort().to_list()
    assert partial == ["2001-02", "2006-07"]


def test_what_is_not_recorded_stays_out_of_the_comparison(small):
    found = ratios(small).filter(outcome="killed", adjusted_for="none")
    recorded = the(found, reading="recorded_years")
    assert recorded["school_years"] == len(YEARS)
    assert recorded["other_incidents"] == 30
    careless = the(found, reading="empty_as_no")
    assert careless["other_incidents"] == 34
    assert careless["other_events"] == recorded["other_events"] + 20


def test_the_jackknife_leaves_out_one_school_year_at_a_time(small):
    rows = [row for row in small_rows() if row[1]]

    def log_ratio(kept):
        means = [np.mean([row[3] for row in kept if row[1] == side]) for side in "10"]
        return np.log(means[0] / means[1])

    left = np.array([log_ratio([row for row in rows if row[5] != year]) for year in YEARS])
    error = np.sqrt((len(YEARS) - 1) * np.mean((left - left.mean()) ** 2))
    reach = stats.t(len(YEARS) - 1).ppf(0.975) * error
    found = the(ratios(small), outcome="killed", reading="recorded_years", adjusted_for="none")
    assert np.log(found["ratio"]) == pytest.approx(log_ratio(rows))
    expected = (log_ratio(rows) - reach, log_ratio(rows) + reach)
    assert (np.log(found["low"]), np.log(found["high"])) == pytest.approx(expected)


def test_mantel_haenszel_removes_what_size_alone_makes():
    # Large schools have ten times the deaths and most of the officers; officers change nothing.
    incidents = np.array([[10.0, 90.0], [90.0, 10.0]])
    events = incidents * np.array([[0.1], [1.0]])
    assert events[:, 0].sum() / events[:, 1].sum() > 4
    assert mantel_haenszel(events, incidents) == pytest.approx(1)


def test_mantel_haenszel_agrees_with_statsmodels():
    from statsmodels.stats.contingency_tables import StratifiedTable

    # For rare events the rate ratio of counts nears the odds ratio of a stratified table.
    events = np.array([[12.0, 7.0], [30.0, 11.0]])
    incidents = np.array([[1e7, 2e7], [3e7, 1e7]])
    tables = [np.array([x, n - x]).T for x, n in zip(events, incidents, strict=True)]
    expected = StratifiedTable(tables).oddsratio_pooled
    assert mantel_haenszel(events, incidents) == pytest.approx(expected, rel=1e-5)


def test_no_deaths_in_one_group_gives_no_ratio_and_says_why(tmp_path):
    rows = [("targeted", o, "400", int(o == "0"), 0, y) for o in "10" for y in YEARS]
    with opened(tmp_path, rows) as con:
        found = the(ratios(con), outcome="killed", reading="recorded_years", adjusted_for="none")
        told = guarded_summary(con).sentences
    assert found["ratio"] is found["low"] is found["high"] is None
    assert "nothing was counted in one of the groups" in found["reason"]
    assert any("not defined" in sentence for sentence in told)


def test_deaths_in_one_year_alone_give_no_interval(tmp_path):
    rows = [("targeted", o, "400", int(y == YEARS[0]), 0, y) for o in "10" for y in YEARS]
    with opened(tmp_path, rows) as con:
        found = the(ratios(con), outcome="killed", reading="recorded_years", adjusted_for="none")
    assert found["ratio"] == pytest.approx(1)
    assert found["low"] is None
    assert "without one school year" in found["reason"]


def test_the_summary_names_both_claims_and_every_limit(small):
    summary = guarded_summary(small)
    assert summary.claims == ("no-panacea", "sros-protect")
    text = " ".join((*summary.sentences, *summary.cannot)).lower()
    for needed in ("placed by risk and size", "not present or not known", "shootings only"):
        assert needed in text
    assert "presence does not rule deaths out" in text
    assert "do not show that officers fail to protect" in text
    assert summary.cannot == CANNOT
    assert "Washington Post" in summary.source
    assert "CC BY-NC-SA 4.0" in summary.source


@pytest.mark.parametrize(
    "word", [" cause", "prevents", "because of officers", "reduce", "increase"]
)
def test_association_is_not_worded_as_effect(small, word):
    summary = guarded_summary(small)
    assert word not in " ".join(summary.sentences).lower()


def test_a_store_without_shootings_says_how_to_get_them(tmp_path):
    path = tmp_path / "store.duckdb"
    build([crdc_factory.write(tmp_path, "Enrollment", [crdc_factory.school()])], path,
          with_starter=False)  # fmt: skip
    with closing(Store(path)) as con, pytest.raises(NotAvailable, match=r"shootings-data\.csv"):
        shootings(con)
