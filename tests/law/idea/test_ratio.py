"""The golden cases (UNC Charlotte's DTAT of 2017, recomputed) and the edges of the rule."""

from __future__ import annotations

import pytest

from homeroom.errors import BadInput
from homeroom.law.idea import CATEGORIES, GROUPS, Settings, category, counts, ratios

ORDER = [one.id for one in GROUPS]
STATE_ID = (
    (780, 47, 161, 3110, 45, 3935, 132),
    (69672, 1991, 13934, 73653, 1424, 238875, 15287),
)
STATE_OSS = ((1092, 31, 168, 1443, 23, 2365, 126), (5789, 190, 1308, 10052, 124, 20886, 1895))
STATE_OSS_3 = ((7, 2, 2, 55, 1, 95, 14), (7443, 253, 2249, 12757, 162, 27178, 2396))
FREE = Settings(min_cell=0, min_n=0)

# Example, counts, and what each group's ratio is without minima, to four decimals.
PLAIN = {
    "4.1": (
        (121, 11, 18, 316, 21, 732, 3),
        (6002, 311, 1213, 6224, 212, 34897, 3175),
        {"HL": 0.8429, "AI": 1.5107, "A": 0.6264, "B": 2.5671, "NH": 4.2742, "W": 0.7336,
         "2M": 0.0379},
        {"2M"},
    ),
    "4.2": (
        (98, 0, 18, 101, 2, 257, 26),
        (778, 17, 156, 752, 4, 2520, 146),
        {"HL": 1.1209, "A": 1.0053, "B": 1.2128, "NH": 4.3690, "W": 0.7713, "2M": 1.5814},
        {"AI", "NH"},
    ),
    "4.3": (
        (0, 1, 1, 6, 0, 22, 2),
        (603, 22, 221, 889, 9, 4528, 282),
        {"AI": 9.5777, "A": 0.9244, "B": 1.4705, "W": 0.9844, "2M": 1.4827},
        set(ORDER) - {"W"},
    ),
    "4.4": (
        (4, 0, 3, 42, 1, 65, 1),
        (904, 14, 225, 1268, 9, 3024, 216),
        {"2M": 0.2192, "B": 1.9659, "NH": 5.4599},
        set(ORDER) - {"B", "W"},
    ),
}  # fmt: skip


def of(made, group="B"):
    return next(one for one in made if one.group == group)


@pytest.mark.parametrize("example", PLAIN)
def test_golden_risk_ratios_to_four_decimals(example: str) -> None:
    above, below, expected, _ = PLAIN[example]
    found = ratios(counts(ORDER, above, below), FREE)
    assert {one.group: round(float(one.ratio), 4) for one in found if one.group in expected} == (
        expected
    )
    assert {one.method for one in found} == {"risk_ratio"}


@pytest.mark.parametrize("example", PLAIN)
def test_minima_of_10_and_30_leave_out_the_groups_that_the_golden_file_leaves_out(
    example: str,
) -> None:
    above, below, _, left_out = PLAIN[example]
    found = ratios(counts(ORDER, above, below), Settings())
    assert {one.group for one in found if one.method == "not_calculated"} == left_out
    for one in found:
        assert (one.paragraph == "300.647(c)(1)") == (one.group in left_out)
        assert (one.ratio is None) == (one.group in left_out)


@pytest.mark.parametrize(
    ("above", "below", "state", "group", "settings", "expected"),
    [
        ((0, 0, 0, 189, 0, 0, 0), (500, 25, 154, 4697, 51, 386, 76), STATE_ID, "B",
         Settings(), 2.6919),
        ((229, 0, 0, 1, 0, 2, 0), (742, 0, 1, 4, 0, 4, 0), STATE_OSS, "HL", Settings(), 2.5586),
        ((0, 0, 0, 0, 1, 0, 0), (876, 42, 222, 1236, 43, 3927, 427), STATE_OSS_3, "NH",
         Settings(min_cell=1), 6.9470),
    ],
)  # fmt: skip
def test_golden_alternate_ratios(above, below, state, group, settings, expected) -> None:
    given = counts(ORDER, above, below, state_numerator=state[0], state_denominator=state[1])
    found = of(ratios(given, settings), group)
    assert (found.method, found.paragraph, found.comparison) == (
        "alternate_risk_ratio", "300.647(b)(5)", "state",
    )  # fmt: skip
    assert round(float(found.ratio), 4) == expected


def test_the_state_comparison_leaves_out_the_same_group_statewide() -> None:
    given = counts(
        ORDER, (0, 0, 0, 189, 0, 0, 0), (500, 25, 154, 4697, 51, 386, 76),
        state_numerator=STATE_ID[0], state_denominator=STATE_ID[1],
    )  # fmt: skip
    found = of(ratios(given, Settings()))
    assert (found.other_cell, found.other_n) == (8210 - 3110, 414836 - 73653)


def test_a_cell_of_10_and_an_n_of_30_pass() -> None:
    found = ratios(counts(["B", "W"], (10, 10), (30, 30)), Settings(threshold=3))
    assert [one.method for one in found] == ["risk_ratio", "risk_ratio"]
    assert ratios(counts(["B", "W"], (9, 10), (30, 30)), Settings())[0].method == "not_calculated"
    assert ratios(counts(["B", "W"], (10, 10), (29, 30)), Settings())[0].method == "not_calculated"


def test_a_ratio_equal_to_the_threshold_does_not_exceed() -> None:
    # 18/120 against 44/880 is 3 exactly; floats would say 3.0000000000000004.
    found = ratios(counts(["B", "W"], (18, 44), (120, 880)), Settings(threshold="3.0"))
    assert found[0].ratio == 3
    assert (found[0].exceeds, found[0].identified) == (False, False)
    assert float(found[1].ratio) == pytest.approx(1 / 3)
    more = ratios(counts(["B", "W"], (19, 44), (120, 880)), Settings(threshold="3.0"))[0]
    assert (more.exceeds, more.identified, more.consecutive_years) == (True, True, 1)


def test_a_threshold_is_the_decimal_that_was_written() -> None:
    # 31/100 against 10/100 is 3.1; the float 3.1 lies above it, the float 2.3 below 2.3.
    found = ratios(counts(["B", "W"], (31, 10), (100, 100)), Settings(threshold=3.1))[0]
    assert found.exceeds is False
    found = ratios(counts(["B", "W"], (23, 10), (100, 100)), Settings(threshold=2.3))[0]
    assert found.exceeds is False


def test_a_comparison_that_fails_in_the_lea_needs_the_state() -> None:
    alone = ratios(counts(["B", "W"], (20, 5), (100, 100)), Settings(threshold=2))[0]
    assert (alone.method, alone.paragraph, alone.identified) == (
        "not_calculated", "300.647(b)(5)", None,
    )  # fmt: skip
    assert "State's counts" in alone.reason
    state = counts(
        ["B", "W"], (20, 5), (100, 100), state_numerator=(20, 9), state_denominator=(100, 900)
    )
    failed = ratios(state, Settings(threshold=2))[0]
    assert (failed.method, failed.paragraph, failed.identified) == (
        "not_calculated", "300.647(c)(2)", False,
    )  # fmt: skip


def test_four_minima_are_kept_apart() -> None:
    given = counts(["B", "W"], (10, 15), (40, 400))
    both = Settings(min_cell=10, min_n=30, comparison_min_cell=20, comparison_min_n=30)
    assert ratios(given, both)[0].paragraph == "300.647(b)(5)"
    assert ratios(given, Settings(min_cell=10, min_n=30))[0].method == "risk_ratio"
    assert ratios(given, Settings(comparison_min_n=401))[0].method == "not_calculated"


def test_a_comparison_risk_of_zero_is_undefined_and_never_infinite() -> None:
    found = ratios(counts(["B", "W"], (5, 0), (100, 100)), FREE)
    assert (found[0].ratio, found[0].method) == (None, "not_calculated")
    assert "Undefined" in found[0].reason
    assert found[1].ratio == 0


def test_category_14_counts_removals_of_which_a_child_may_have_several() -> None:
    given = counts(["B", "W"], (90, 20), (60, 80), about=14)
    found = ratios(given, Settings(threshold=3))[0]
    assert float(found.risk) == 1.5
    assert found.as_dict()["category"] == "total_removals"
    with pytest.raises(BadInput, match="at most 60 children"):
        counts(["B", "W"], (90, 20), (60, 80), about="oss_over_10")


def test_there_are_fourteen_categories_and_arrests_are_none_of_them() -> None:
    assert [one.number for one in CATEGORIES] == list(range(1, 15))
    assert len(GROUPS) == 7
    assert category("OSSEMT10").number == category("11").number == 11
    for name in ("arrests", "referrals", "Referrals to law enforcement"):
        with pytest.raises(BadInput, match="not among the 14"):
            category(name)
    assert not any("arrest" in one.label.lower() for one in CATEGORIES)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"groups": ["B", "W", "B"]}, "each group once"),
        ({"groups": ["B", "Black"]}, "each group once"),
        ({"groups": ["B"]}, "2 to 50 groups"),
        ({"numerator": (1,)}, "list of 2 counts"),
        ({"numerator": (61, 5), "denominator": (50, 50)}, "at most 50 children"),
        ({"numerator": (-1, 5)}, "whole number from 0"),
        ({"numerator": (1.5, 5)}, "whole number from 0"),
        ({"numerator": (True, 5)}, "whole number from 0"),
        ({"numerator": ("5", 5)}, "whole number from 0"),
        ({"state_numerator": (9, 9)}, "state_denominator too"),
        ({"state_numerator": (5, 5), "state_denominator": (1, 50)}, "at most 1 children"),
        ({"state_numerator": (4, 9), "state_denominator": (90, 90)}, "LEA's own 5"),
        ({"about": 15}, "expected one of"),
    ],
)
def test_bad_counts_are_refused_with_what_was_expected(given, says: str) -> None:
    whole = {"groups": ["B", "W"], "numerator": (5, 5), "denominator": (50, 50)} | given
    with pytest.raises(BadInput, match=says):
        counts(**whole)


@pytest.mark.parametrize(
    "given",
    [
        {"threshold": 0}, {"threshold": -1}, {"threshold": float("nan")}, {"threshold": True},
        {"threshold": "1e999999999"}, {"threshold": "three"}, {"min_cell": -1}, {"min_n": 2.5},
        {"years": 4}, {"gap": "maybe"}, {"round_to": -1}, {"progress": 0},
    ],
)  # fmt: skip
def test_bad_settings_are_refused(given) -> None:
    with pytest.raises(BadInput, match=next(iter(given))):
        Settings(**given)


def test_a_state_that_rounds_compares_the_rounded_ratio() -> None:
    given = counts(["B", "W"], (2504, 1000), (10000, 10000))
    assert ratios(given, Settings(threshold="2.5"))[0].exceeds is True
    assert ratios(given, Settings(threshold="2.5", round_to=2))[0].exceeds is False
