"""Every function passes its options on: level, rules, unit, and method; defaults hold."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from homeroom.errors import BadInput
from homeroom.statistics import comparison, intervals, reasons
from homeroom.statistics.comparison import COMPARISONS, compare
from homeroom.statistics.composition import METHOD, composition
from homeroom.statistics.difference import risk_difference
from homeroom.statistics.dispersion import EXCESS, dispersion
from homeroom.statistics.odds import odds_ratio
from homeroom.statistics.perturbation import ratio_range
from homeroom.statistics.ratio import KATZ, SCORE, risk_ratio
from homeroom.statistics.reasons import RULES, Rules
from homeroom.statistics.risk import number_to_one, rate, risk
from homeroom.statistics.statistic import Counts, Method, counts

TWO = (9, 400, 12, 900)
PLACES = ([9, 30, 4, 50], [400, 500, 600, 700])


def three_of_composition(name, *arguments, **options):
    return getattr(composition(*arguments, **options), name)


# What is asked of it, and the method that it must name.
ONE_GROUP = [
    (risk, (9, 400), intervals.CLOPPER_PEARSON),
    (partial(risk, method="wilson"), (9, 400), intervals.WILSON),
    (partial(risk, method="garwood"), (9, 400), intervals.GARWOOD),
    (rate, (9, 400), intervals.GARWOOD),
    (number_to_one, (9, 400), intervals.CLOPPER_PEARSON),
    (partial(number_to_one, method="wilson"), (9, 400), intervals.WILSON),
]
TWO_GROUPS = [
    (risk_ratio, TWO, SCORE),
    (partial(risk_ratio, method="katz"), TWO, KATZ),
    (risk_difference, TWO, COMPARISONS["difference"].method),
    (odds_ratio, TWO, COMPARISONS["odds_ratio"].method),
    (partial(compare, "ratio"), TWO, SCORE),
    (partial(compare, "difference"), TWO, COMPARISONS["difference"].method),
    (partial(compare, "odds_ratio"), TWO, COMPARISONS["odds_ratio"].method),
]
COMPOSED = [
    (partial(three_of_composition, name), (9, 400, 21, 1300), METHOD)
    for name in ("event_share", "ratio", "difference")
]
EVERY = [*ONE_GROUP, *TWO_GROUPS, *COMPOSED]
SPREAD = [(lambda *given, **options: dispersion(*given, **options).excess, PLACES, EXCESS)]


@pytest.mark.parametrize(("function", "given", "method"), EVERY + SPREAD)
def test_the_level_reaches_the_interval_and_both_are_named(function, given, method) -> None:
    found = function(*given)
    assert found.method is method
    assert found.level == 0.95
    narrow, usual, wide = (function(*given, level=level) for level in (0.5, 0.95, 0.999))
    assert (narrow.level, wide.level) == (0.5, 0.999)
    assert (usual.low, usual.high) == (found.low, found.high)
    assert wide.low < usual.low < narrow.low < found.value < narrow.high < usual.high < wide.high
    for level in (0, 1, -0.5, 1.5, np.nan):
        with pytest.raises(BadInput, match="level"):
            function(*given, level=level)


@pytest.mark.parametrize(("function", "given", "method"), EVERY)
def test_the_rules_reach_the_reasons(function, given, method) -> None:
    assert function(*given).reason == reasons.OK.code
    events = given[0] + given[2] if (function, given, method) in TWO_GROUPS else given[-2]
    few = function(*given, rules=Rules(few_events=events + 1))
    assert few.reason == reasons.FEW_EVENTS.code
    assert few.value == function(*given).value
    assert function(*given, rules=Rules(few_events=events)).reason == reasons.OK.code
    small = function(*given, rules=Rules(min_students=401))
    assert small.reason == reasons.TOO_FEW_STUDENTS.code
    assert np.isnan([small.value, small.low, small.high]).all()
    assert function(*given, rules=Rules(min_students=400)).reason == reasons.OK.code


def test_the_smaller_of_two_groups_decides_whether_there_are_enough() -> None:
    for function, given, _ in TWO_GROUPS:
        x1, n1, x2, n2 = given
        turned = function(x2, n2, x1, n1, rules=Rules(min_students=401))
        assert turned.reason == reasons.TOO_FEW_STUDENTS.code


def test_rules_of_dispersion_are_over_all_places() -> None:
    x, n = PLACES
    for rules, reason in (
        (Rules(few_events=sum(x)), reasons.OK),
        (Rules(few_events=sum(x) + 1), reasons.FEW_EVENTS),
        (Rules(min_students=sum(n)), reasons.OK),
        (Rules(min_students=sum(n) + 1), reasons.TOO_FEW_STUDENTS),
    ):
        assert dispersion(x, n, rules=rules).excess.reason == reason.code


def test_the_default_rules_are_five_events_and_ten_students() -> None:
    assert (RULES.few_events, RULES.min_students) == (5, 10)
    assert list(risk([4, 5, 5], [10, 10, 9]).reason_ids) == ["few_events", "ok", "too_few_students"]


@pytest.mark.parametrize(("function", "usual"), [(risk, 1), (risk_difference, 1), (rate, 10_000)])
def test_the_unit_scales_value_and_bounds_alike(function, usual) -> None:
    given = TWO if function is risk_difference else TWO[:2]
    found, once = function(*given), function(*given, per=1)
    for name in ("value", "low", "high"):
        # One product more or less.
        assert getattr(found, name) == pytest.approx(getattr(once, name) * usual, rel=1e-14)
        hundred = getattr(function(*given, per=100), name)
        assert hundred == pytest.approx(getattr(once, name) * 100, rel=1e-14)
    assert once.value == pytest.approx(9 / 400 - (12 / 900 if function is risk_difference else 0))


def test_incidents_have_a_rate_where_students_would_exceed_their_number() -> None:
    assert rate(50, 40).reason == reasons.OK.code
    assert risk(50, 40).reason == reasons.EXCEEDS_STUDENTS.code
    assert risk(40, 40).reason == reasons.OK.code


def test_noise_of_one_a_count_and_none_in_enrollment_is_the_default() -> None:
    found = ratio_range(*TWO)
    assert found.low == pytest.approx((8 / 400) / (13 / 900), rel=1e-14)
    assert found.high == pytest.approx((10 / 400) / (11 / 900), rel=1e-14)
    assert ratio_range(*TWO, rules=Rules(min_students=401)).reason == reasons.TOO_FEW_STUDENTS.code
    assert ratio_range(*TWO, rules=Rules(min_students=400)).reason == reasons.OK.code


def test_counts_keep_their_order_and_say_what_is_missing() -> None:
    given = counts(a=[1, -2, np.nan], b=np.ma.masked_array([4, 5, 6], [True, False, False]))
    assert isinstance(given, Counts)
    assert given.missing.tolist() == [True, True, True]
    assert [array.tolist() for array in given.arrays] == [[1, 0, 0], [0, 5, 6]]
    assert given.shape == (3,)
    assert counts(a=0).missing.tolist() is False


def test_each_method_names_itself_and_its_source() -> None:
    named = [
        intervals.CLOPPER_PEARSON, intervals.WILSON, intervals.GARWOOD, SCORE, KATZ, METHOD, EXCESS,
        *(one.method for one in comparison.COMPARISONS.values()),
    ]  # fmt: skip
    for method in named:
        assert isinstance(method, Method)
        assert any(
            year.isdigit() and len(year) == 4 for year in method.source.replace(",", " ").split()
        )
    assert {name: one.neutral for name, one in COMPARISONS.items()} == {
        "ratio": 1, "difference": 0, "odds_ratio": 1,
    }  # fmt: skip


def test_composition_says_why_it_has_no_figure() -> None:
    found = composition([np.nan, 100, 0, 1], [100, 100, 0, 1], [20, 110, 20, 20], 300)
    # A group may have events in every student; one student is a group, though too small.
    assert list(found.ratio.reason_ids) == [
        "not_reported", "ok", "no_students_in_group", "too_few_students",
    ]  # fmt: skip
    np.testing.assert_array_equal(found.student_share, [np.nan, 100 / 300, 0, 1 / 300])


def test_noise_tells_no_events_from_no_comparison() -> None:
    found = ratio_range(
        [0, 0, 5, 0, 1, 0], 100, [0, 5, 0, 1, 0, 1], 100,
        cells1=[0, 0, 0, 0, 1, 0], cells2=[0, 0, 0, 0, 0, 1],
    )  # fmt: skip
    assert list(reasons.IDS[found.reason]) == [
        "no_events", "ok", "no_events_in_comparison", "ok", "no_events_in_comparison",
        "beyond_noise",
    ]  # fmt: skip


def test_events_without_any_student_contradict_each_other_first_of_all() -> None:
    assert list(risk([3, 0], [0, 0]).reason_ids) == ["exceeds_students", "no_students_in_group"]
