"""The range that noise of one student a cell allows, against trying every shift."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeroom.statistics import meaning, reasons
from homeroom.statistics.perturbation import ratio_range
from homeroom.statistics.ratio import risk_ratio


@given(
    x1=st.integers(0, 12), n1=st.integers(14, 300), x2=st.integers(0, 12), n2=st.integers(14, 300),
    cells=st.tuples(*[st.integers(0, 2)] * 4),
)  # fmt: skip
def test_range_is_that_of_all_shifts(x1, n1, x2, n2, cells):
    c1, c2, s1, s2 = cells
    found = ratio_range(
        x1, n1, x2, n2, cells1=c1, cells2=c2, student_cells1=s1, student_cells2=s2
    )  # fmt: skip
    shifts = product(*(range(-cell, cell + 1) for cell in cells))
    tables = [(x1 + a, n1 + s, x2 + b, n2 + t) for a, b, s, t in shifts]
    ratios = [
        a / n / (b / m) for a, n, b, m in tables if 0 <= a <= n and 0 < b <= m and n > 0 and m > 0
    ]
    if found.reason == reasons.NO_EVENTS.code:
        assert x1 + c1 == 0
        assert not any(ratios)
        return
    if found.reason == reasons.NO_EVENTS_IN_COMPARISON.code:
        assert not ratios
        assert np.isnan([found.low, found.high]).all()
        return
    assert found.low == pytest.approx(min(ratios))
    if found.reason == reasons.OK.code:
        assert found.high == pytest.approx(max(ratios))
    else:
        assert found.reason == reasons.BEYOND_NOISE.code
        assert x2 <= c2
        assert np.isnan(found.high)


def test_one_against_two_is_noise():
    found = ratio_range([2, 200], [400, 40_000], [1, 100], [400, 40_000])
    assert list(reasons.IDS[found.reason]) == ["beyond_noise", "ok"]
    assert found.low[0] < 1
    assert 1.9 < found.low[1] < risk_ratio(200, 40_000, 100, 40_000).value < found.high[1] < 2.1


def test_missing_cells_are_not_zero_noise():
    found = ratio_range([5, 5], 100, 5, 100, cells1=[1, np.nan])
    assert list(reasons.IDS[found.reason]) == ["ok", "not_reported"]
    assert np.isnan(found.low[1])


def test_every_reason_is_told_in_a_sentence():
    assert [reason.code for reason in reasons.REASONS] == list(range(len(reasons.REASONS)))
    assert len({reason.id for reason in reasons.REASONS}) == len(reasons.REASONS)
    sentences = [reason.sentence for reason in reasons.REASONS]
    for text in (*sentences, meaning.INTERVAL, meaning.NOISE, meaning.RANGE):
        assert text.endswith(".")
