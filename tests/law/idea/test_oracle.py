"""An implementation of the rule that shares no code with ours, and what must hold of any."""

from __future__ import annotations

import random
from fractions import Fraction

from homeroom.law.idea import Settings, counts, ratios

GROUPS = ("HL", "AI", "A", "B", "NH", "W", "2M")
CASES = 100_000 // len(GROUPS) + 1


def oracle(num, den, snum, sden, minima, threshold, me):
    """Return method, paragraph, exact ratio, and whether it exceeds, from the rule's text alone."""
    others = [i for i in range(len(num)) if i != me]
    if num[me] < minima[0] or den[me] < minima[1]:
        return "not_calculated", "300.647(c)(1)", None, None
    a, b = sum(num[i] for i in others), sum(den[i] for i in others)
    method, paragraph = "risk_ratio", "300.647(b)(3)-(4)"
    if a < minima[2] or b < minima[3]:
        if snum is None:
            return "not_calculated", "300.647(b)(5)", None, None
        a, b = sum(snum[i] for i in others), sum(sden[i] for i in others)
        method, paragraph = "alternate_risk_ratio", "300.647(b)(5)"
        if a < minima[2] or b < minima[3]:
            return "not_calculated", "300.647(c)(2)", None, None
    if den[me] == 0 or b == 0 or a == 0:
        return "not_calculated", "300.647(a)", None, None
    ratio = Fraction(num[me], den[me]) / Fraction(a, b)
    return method, paragraph, ratio, (None if threshold is None else ratio > threshold)


def drawn(rng: random.Random):
    size = rng.choice((40, 200, 3000))
    den = [rng.choice((0, 29, 30, 31, rng.randint(0, size))) for _ in GROUPS]
    num = [min(n, rng.choice((0, 9, 10, 11, rng.randint(0, max(n, 1) // 2 + 1)))) for n in den]
    sden = [n + rng.randint(0, 5 * size) for n in den]
    snum = [x + rng.randint(0, (m - n) // 3) for x, n, m in zip(num, den, sden, strict=True)]
    if rng.random() < 0.2:  # a State of one LEA
        snum, sden = list(num), list(den)
    if rng.random() < 0.2:
        snum, sden = None, None
    minima = tuple(rng.choice((0, 1, 5, least, 2 * least)) for least in (10, 30, 10, 30))
    threshold = rng.choice((None, "2.5", "3.0", "1", "0.5", "2.25"))
    others = sum(num) - num[3]
    if num[3] and others and rng.random() < 0.2:  # a ratio that occurs, so that equality does
        threshold = Fraction(num[3] * (sum(den) - den[3]), den[3] * others)
    return num, den, snum, sden, minima, threshold


def test_an_exact_implementation_of_its_own_agrees_on_100_000_random_cases() -> None:
    rng = random.Random(20161219)  # noqa: S311 - a seeded draw of test cases
    seen: dict[str, int] = {}
    equal = compared = 0
    for _ in range(CASES):
        num, den, snum, sden, minima, threshold = drawn(rng)
        limit = None if threshold is None else Fraction(threshold)
        settings = Settings(*minima, threshold=threshold)
        given = counts(GROUPS, num, den, state_numerator=snum, state_denominator=sden)
        for at, found in enumerate(ratios(given, settings)):
            expected = oracle(num, den, snum, sden, minima, limit, at)
            assert (found.method, found.paragraph, found.ratio, found.exceeds) == expected
            seen[found.paragraph] = seen.get(found.paragraph, 0) + 1
            equal += limit is not None and found.ratio == limit
            compared += 1
    assert compared >= 100_000
    assert set(seen) == {
        "300.647(a)", "300.647(b)(3)-(4)", "300.647(b)(5)", "300.647(c)(1)", "300.647(c)(2)",
    }  # fmt: skip
    assert equal > 500  # the boundary was visited


def flags(given, **settings):
    return {one.group for one in ratios(given, Settings(**settings)) if one.exceeds}


def test_raising_a_threshold_never_adds_a_flag() -> None:
    rng = random.Random(1)  # noqa: S311 - a seeded draw of test cases
    for _ in range(500):
        num, den, snum, sden, _, _ = drawn(rng)
        given = counts(GROUPS, num, den, state_numerator=snum, state_denominator=sden)
        low, high = sorted(rng.uniform(0.3, 5) for _ in range(2))
        assert flags(given, threshold=high) <= flags(given, threshold=low)


def test_the_order_of_groups_changes_nothing() -> None:
    rng = random.Random(2)  # noqa: S311 - a seeded draw of test cases
    for _ in range(500):
        num, den, snum, sden, minima, _ = drawn(rng)
        order = rng.sample(range(7), 7)
        turn = [None if one is None else [one[i] for i in order] for one in (num, den, snum, sden)]
        settings = Settings(*minima, threshold=2)
        straight = ratios(
            counts(GROUPS, num, den, state_numerator=snum, state_denominator=sden), settings
        )
        turned = ratios(
            counts([GROUPS[i] for i in order], turn[0], turn[1],
                   state_numerator=turn[2], state_denominator=turn[3]), settings,
        )  # fmt: skip
        assert {one.group: one.as_dict() for one in straight} == {
            one.group: one.as_dict() for one in turned
        }


def test_ten_times_as_many_children_have_the_same_ratios() -> None:
    rng = random.Random(3)  # noqa: S311 - a seeded draw of test cases
    for _ in range(500):
        num, den, _, _, _, _ = drawn(rng)
        once = ratios(counts(GROUPS, num, den), Settings(0, 0, threshold=2))
        many = ratios(
            counts(GROUPS, [10 * x for x in num], [10 * n for n in den]),
            Settings(0, 0, threshold=2),
        )
        assert [(a.ratio, a.exceeds) for a in once] == [(b.ratio, b.exceeds) for b in many]
