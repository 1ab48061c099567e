from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from small_library import effect, shelf, source
from statsmodels.stats.meta_analysis import combine_effects

from homeroom.errors import BadInput
from homeroom.research import load, pool, qualifying, synthesise
from homeroom.research.pooling import tau2_reml
from homeroom.research.schema import Design, Estimand, Grade, MoreIs, Scale, Uncertainty, Verified

STUDIES = [
    ([0.1, 0.3, 0.5, -0.2, 0.9], [0.1, 0.2, 0.15, 0.25, 0.3]),
    ([-0.41, 0.02, 1.3], [0.26, 0.06, 0.4]),
    ([2.0, 2.1, 1.9, 2.05], [0.5, 0.6, 0.7, 0.4]),
]
QUESTION = ("bells", "naps")


def three(**fields):
    names = ("A", "B", "C")
    effects = [
        effect(f"E{i}", name, estimate=float(i), **fields) for i, name in enumerate(names, start=1)
    ]
    return effects, [source(name) for name in names]


@pytest.mark.parametrize(("y", "se"), STUDIES)
def test_dersimonian_laird_equals_statsmodels(y, se):
    """Both are closed forms: equal but for the order of the sums (1e-12)."""
    ours = pool(y, se, method="dl")
    with np.errstate(invalid="ignore"):  # statsmodels does not cut tau2 at zero
        theirs = combine_effects(np.array(y), np.array(se) ** 2, method_re="dl", use_t=True)
    homogeneous = theirs.tau2 <= 0
    mean = theirs.mean_effect_fe if homogeneous else theirs.mean_effect_re
    assert ours.tau2 == pytest.approx(max(theirs.tau2, 0), rel=1e-12, abs=1e-12)
    assert ours.estimate == pytest.approx(mean, rel=1e-12)
    assert ours.q == pytest.approx(theirs.q, rel=1e-12)
    assert ours.i2 == pytest.approx(max(theirs.i2, 0), abs=1e-12)
    # theirs may shrink below the plain error when studies agree by chance; ours may not
    knapp, plain = (
        (theirs.sd_eff_w_fe_hksj, theirs.sd_eff_w_fe)
        if homogeneous
        else (theirs.sd_eff_w_re_hksj, theirs.sd_eff_w_re)
    )
    assert ours.se == pytest.approx(max(knapp, plain), rel=1e-12)


@pytest.mark.parametrize(("y", "se"), STUDIES)
def test_reml_maximizes_the_residual_likelihood(y, se):
    """Against the likelihood of error contrasts, written without the profile formula.

    Both maximize numerically; the curve is flat at its top, hence 1e-4 of the data's variance.
    """
    y, se = np.array(y), np.array(se)
    contrasts = np.diff(np.eye(len(y)), axis=0)

    def loss(tau2):
        covariance = contrasts @ np.diag(se**2 + tau2[0]) @ contrasts.T
        z = contrasts @ y
        return np.linalg.slogdet(covariance)[1] + z @ np.linalg.solve(covariance, z)

    starts = [minimize(loss, [x], bounds=[(0, None)], tol=1e-12) for x in (0.0, 0.01, 0.1, 1.0)]
    best = min(starts, key=lambda found: found.fun)
    assert tau2_reml(y, se**2) == pytest.approx(best.x[0], abs=1e-4 * np.var(y))


@pytest.mark.parametrize("method", ["dl", "reml"])
def test_turning_every_sign_mirrors_the_result(method):
    y, se = STUDIES[0]
    plus, minus = pool(y, se, method=method), pool([-v for v in y], se, method=method)
    assert minus.estimate == pytest.approx(-plus.estimate, rel=1e-12)
    assert (minus.low, minus.high) == pytest.approx((-plus.high, -plus.low), rel=1e-12)
    assert minus.tau2 == pytest.approx(plus.tau2, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("y", "se"), [([1, 2], [1, 1]), ([1, 2, 3], [1, 1]), ([1, 2, 3], [1, 0, 1]),
                  ([1, math.nan, 3], [1, 1, 1])],
)  # fmt: skip
def test_too_few_or_broken_numbers_are_refused(y, se):
    with pytest.raises(BadInput):
        pool(y, se)


def test_three_comparable_estimates_are_pooled():
    (found,) = synthesise(*QUESTION, library=shelf(*three()))
    assert found.kind == "pooled"
    assert found.used == ("E1", "E2", "E3")
    assert found.pooled.estimate == pytest.approx(2.0)
    assert qualifying(library=shelf(*three())) == [QUESTION]


def test_two_are_counted_and_the_count_is_called_a_vote_count():
    effects, sources = three()
    (found,) = synthesise(*QUESTION, library=shelf(effects[:2], sources))
    assert found.kind == "vote count"
    assert found.sentence.startswith("Vote count over 2 studies: higher in 2.")
    assert found.pooled is None
    assert found.votes == {
        "strong": {"higher": ("a", "b"), "lower": (), "no clear difference": (), "mixed": ()}
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"uncertainty": Uncertainty.RANGE, "se": None, "low": 0.0, "high": 9.0},
        {"uncertainty": Uncertainty.NONE, "se": None},
        {"verified": Verified.SECONDARY},
        {"estimand": Estimand.CONTRAST},
        {"design": Design.META_ANALYSIS},
        {"scale": Scale.SD},
        {"measured": "long naps"},
    ],
)
def test_one_estimate_of_another_kind_ends_the_pooling(fields):
    effects, sources = three()
    effects[2] = replace(effects[2], **fields)
    (found,) = synthesise(*QUESTION, library=shelf(effects, sources))
    assert found.kind == "vote count"


def test_unverified_findings_count_only_when_asked_for():
    effects, sources = three(verified=Verified.SECONDARY)
    (without,) = synthesise(*QUESTION, library=shelf(effects, sources))
    assert without.used == ()
    assert set(without.left_out) == {"E1", "E2", "E3"}
    (asked,) = synthesise(*QUESTION, include_unverified=True, library=shelf(effects, sources))
    assert asked.kind == "pooled"


def test_versions_of_one_study_are_never_pooled():
    effects, _ = three()
    sources = [source("A", "one"), source("B", "one"), source("C")]
    (found,) = synthesise(*QUESTION, library=shelf(effects, sources))
    assert found.kind == "vote count"
    assert found.votes["strong"]["higher"] == ("one", "c")


def test_of_two_versions_the_replaced_one_gives_way():
    effects, _ = three()
    effects.append(effect("E4", "D", estimate=9.0))
    sources = [source("A", "one", superseded_by="D"), source("B"), source("C"), source("D", "one")]
    (found,) = synthesise(*QUESTION, library=shelf(effects, sources))
    assert found.kind == "pooled"
    assert set(found.used) == {"E2", "E3", "E4"}
    assert "D has replaced it" in found.left_out["E1"]


def test_ratios_are_pooled_on_the_logarithm():
    values = {"low": 0.5, "high": 8.0, "se": None}
    effects = [
        effect(f"E{i}", name, scale=Scale.ODDS_RATIO, uncertainty=Uncertainty.CI, estimate=2.0)
        for i, name in enumerate("ABC")
    ]
    effects = [replace(one, **values) for one in effects]
    (found,) = synthesise(*QUESTION, library=shelf(effects, [source(n) for n in "ABC"]))
    assert found.pooled.estimate == pytest.approx(2.0)
    assert found.pooled.low * found.pooled.high == pytest.approx(4.0)


def test_the_whole_sample_speaks_before_a_part():
    effects, sources = three()
    from homeroom.research.schema import Scope

    effects[0] = replace(effects[0], scope=Scope.PART)
    effects.append(effect("E9", "A", estimate=5.0))
    (found,) = synthesise(*QUESTION, library=shelf(effects, sources))
    assert set(found.used) == {"E2", "E3", "E9"}


def test_a_study_that_disagrees_with_itself_votes_mixed():
    effects = [effect("E1", "A"), effect("E2", "A", direction=-1)]
    (found,) = synthesise(*QUESTION, library=shelf(effects, [source("A")]))
    assert found.votes["strong"]["mixed"] == ("a",)


def test_votes_stand_under_their_grade_best_first():
    effects = [effect("E1", "A"), effect("E2", "B", direction=0)]
    sources = [source("A", grade=Grade.WEAK), source("B")]
    (found,) = synthesise(*QUESTION, library=shelf(effects, sources))
    assert list(found.votes) == ["strong", "weak"]


def test_swapping_the_sides_changes_no_number():
    one, other = (shelf(*three(), more_is=side) for side in (MoreIs.HARMFUL, MoreIs.BENEFICIAL))
    assert synthesise(*QUESTION, library=one) == synthesise(*QUESTION, library=other)


PAIRS = sorted({(e.intervention, e.outcome) for e in load().effects.values()})


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_the_shipped_library_never_uses_what_it_must_not(pair):
    library = load()
    for found in synthesise(*pair):
        used = [library.effects[number] for number in found.used]
        assert all(one.verified.at_source for one in used)
        assert all(one.design is not Design.META_ANALYSIS for one in used)
        asked = {n for n, e in library.effects.items() if (e.intervention, e.outcome) == pair}
        assert set(found.used) | set(found.left_out) == asked
        voters = [study for row in found.votes.values() for who in row.values() for study in who]
        assert len(voters) == len(set(voters))


def test_the_two_versions_of_the_thin_blue_line_are_one_study():
    library = load()
    draft, paper = library.sources["SORENSEN2021WP"], library.sources["SORENSEN2023"]
    assert draft.study == paper.study
    assert draft.superseded_by == "SORENSEN2023"
    for pair in PAIRS:
        for found in synthesise(*pair, include_unverified=True):
            sources = {library.effects[number].source_id for number in found.used}
            assert not {"SORENSEN2021WP", "SORENSEN2023"} <= sources


def test_no_pair_of_the_shipped_library_may_be_pooled_yet():
    """Only 10 of 151 findings have published uncertainty, from two sources."""
    assert qualifying() == []
    assert qualifying(include_unverified=True) == []
