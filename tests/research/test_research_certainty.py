"""One rule says which findings rule out no effect, whatever their sign."""

from __future__ import annotations

from dataclasses import replace

import pytest

from homeroom.research.certainty import rules_out_no_effect
from homeroom.research.library_files import load
from homeroom.research.query import findings
from homeroom.research.rules import inside
from homeroom.research.schema import Uncertainty


def test_like_results_are_told_alike():
    # Of one study: p = .111 and p = .087. Neither rules out no effect at 5%.
    rows = {row["effect_id"]: row for row in findings().to_dicts()}
    for number in ("E098", "E099"):
        assert rows[number]["includes_no_effect"] is True
        assert rows[number]["change"] == rows[number]["bearing"] == "no clear difference"


def test_no_finding_of_the_library_has_a_direction_that_it_does_not_show():
    for effect in load().effects.values():
        if rules_out_no_effect(effect) is False:
            assert not effect.direction, effect.effect_id


@pytest.mark.parametrize(
    ("text", "told"),
    [("p=0.087; q=0.183", False), ("p < .05", True), ("p<.001 (chi-square)", True),
     ("p = 0.05", True), ("p > .05", False), ("p > .01", None), ("authors: marginal", False),
     ("not significant", False), ("significant", None), (None, None)],
)  # fmt: skip
def test_a_p_value_is_held_against_five_per_cent(text, told):
    bare = replace(
        load().effects["E099"], uncertainty=Uncertainty.NONE, low=None, high=None, p_text=text
    )
    assert rules_out_no_effect(bare) is told


@pytest.mark.parametrize("direction", [1, -1])
def test_a_direction_that_the_interval_does_not_show_is_refused(direction):
    wrong = replace(load().effects["E099"], direction=direction)
    assert any("rule out no effect" in complaint for complaint in inside(wrong))
