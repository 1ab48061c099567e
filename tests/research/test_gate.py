"""One gate decides what may be used as an effect, and one count counts the studies."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_library import effect, shelf, source

from homeroom.plans.actions import bridges
from homeroom.plans.document import from_dict
from homeroom.plans.sizes import why_not
from homeroom.plans.unknowns import unknowns
from homeroom.report.brief.evidence import evidence
from homeroom.research import load, summarize, synthesise
from homeroom.research.gate import ASSOCIATION, REVIEWS, Standing, has_range, judge
from homeroom.research.schema import Design, Estimand, Uncertainty, Verified
from homeroom.research.votes import count_votes

LIBRARY = load()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"verified": Verified.SECONDARY}, "known only from a report"),
        ({"estimand": Estimand.CONTRAST}, "difference between groups"),
        ({"estimand": Estimand.VARIANT}, "another comparison"),
        ({"design": Design.META_ANALYSIS}, "a review"),
        ({"design": Design.CROSS_SECTION}, "an association"),
        ({"design": Design.MATCHED}, "an association"),
        ({"design": Design.NOT_STATED}, "an association"),
    ],
)
def test_what_cannot_carry_an_effect_never_qualifies(fields, reason):
    one = effect("E1", "A", **fields)
    judged = judge(one, shelf([one], [source("A")]))
    assert not judged.is_effect
    assert reason in judged.reason


def test_an_older_version_never_qualifies_even_where_the_newer_is_silent():
    one = effect("E1", "A")
    library = shelf([one], [source("A", superseded_by="B"), source("B", "a")])
    assert "B has replaced it" in judge(one, library).reason
    assert count_votes([one], library).used == ()


def test_associations_are_counted_apart_and_never_change_the_count():
    rows = [effect("E1", "A"), effect("E2", "B", design=Design.MATCHED, direction=-1)]
    sources = [source("A"), source("B")]
    alone = count_votes(rows[:1], shelf(rows, sources))
    both = count_votes(rows, shelf(rows, sources))
    assert both.votes == alone.votes == {
        "higher": ("a",), "lower": (), "no clear difference": (), "mixed": (),
    }  # fmt: skip
    assert both.associations["lower"] == ("b",)
    assert "1 study, lower in 1" in both.sentence


def test_a_range_is_published_or_there_is_none():
    plain = effect("E1", "A")
    assert has_range(plain)
    assert not has_range(replace(plain, uncertainty=Uncertainty.NONE, se=None))
    assert has_range(replace(plain, uncertainty=Uncertainty.RANGE, se=None, low=1.0, high=2.0))


def test_every_room_lets_through_what_the_gate_lets_through():
    firm = {n for n, one in LIBRARY.effects.items() if judge(one, LIBRARY).is_effect}
    assert all(LIBRARY.effects[n].design not in ASSOCIATION | REVIEWS for n in firm)
    rows = evidence().rows
    assert set(rows.filter(rows["counts"])["effect_id"]) == firm
    for pair in {(e.intervention, e.outcome) for e in LIBRARY.effects.values()}:
        assert {name for found in synthesise(*pair) for name in found.used} <= firm
    for name in LIBRARY.interventions:
        for side in summarize(name).sides.values():
            assert set(side.strongest) <= firm
    for action in bridges().actions.values():
        for number, one in LIBRARY.effects.items():
            if why_not(action.id, one, include_unverified=False) is None:
                assert number in firm


def test_the_pooled_reviews_of_weak_studies_drive_nothing():
    for number in ("E044", "E045"):
        assert judge(LIBRARY.effects[number], LIBRARY).standing is Standing.APART
        assert why_not("officers", LIBRARY.effects[number], include_unverified=False)


def test_one_question_has_one_vote_count():
    plan = from_dict({"name": "A", "place": "lea:4808940", "start": 2026, "years": 1,
                      "officers": {"end": "half"}})  # fmt: skip
    said = [text for text in unknowns(plan) if text.startswith("Officers and referrals")]
    (found,) = synthesise("sro_presence", "law_enforcement_referrals")
    counted = found.sentence.partition(" A vote count gives")[0]
    assert len(said) == 1
    assert counted in said[0]
