"""Plans beside the rules of their state: Texas, Florida, Maryland, Milwaukee, and silence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from homeroom.law.states import NOT_ADVICE
from homeroom.plans import state_law
from homeroom.plans.baseline import Baseline
from homeroom.plans.document import from_dict
from homeroom.plans.simulate import as_document, simulate
from homeroom.plans.worked import examples


def base(place, state):
    return Baseline(
        place=place, name="A district", state=state, wave="2017-18", schools=("1", "2"),
        names=("One", "Two"), students=np.array([400, 600]), level=("high", "high"),
        staff={"officer": np.array([100, 100]), "counselor": np.array([100, 100])},
        counts={}, notes=(), shooting_rate=None,
    )  # fmt: skip


def notes(place, state, **change):
    plan = from_dict({"name": "P", "place": place, "start": 2026, "years": 1} | change)
    after = {"officer": np.array([0, 100]), "counselor": np.array([200, 200])}
    return state_law.notes(plan, base(place, state), after)


END = {"officers": {"end": "half"}}


@pytest.mark.parametrize(
    ("place", "state", "words"),
    [
        ("lea:4808940", "TX", ("HB 3", "good-cause exception", "school marshal", "$15,000")),
        ("lea:1200390", "FL", ("guardian", "1006.12", "Safe schools allocation", "crime index")),
        ("lea:2400480", "MD", ("Safe to Learn Act", "adequate", "$10 million")),
        ("lea:5509600", "WI", ("25 school resource officers", "Act 12", "$1.6 million")),
        ("lea:2102990", "KY", ("158.4414", "guardian")),
    ],
)
def test_a_plan_that_ends_officers_where_the_state_requires_them_says_so(place, state, words):
    (note,) = notes(place, state, **END)
    assert note.conflict
    assert str(note.value) == "yes"
    told = " ".join((note.text, *note.details))
    for word in words:
        assert word in told
    assert note.urls
    assert "1 of 2 schools" in note.details[0]


@pytest.mark.parametrize(
    ("place", "state"),
    [("lea:5600001", "WY"), ("lea:5500001", "WI"), ("lea:0800001", "CO"), ("lea:4700001", "TN")],
)
def test_a_state_whose_rule_was_not_read_says_unknown(place, state):
    (note,) = notes(place, state, **END)
    assert (note.conflict, str(note.value)) == (False, "unknown")
    assert "is unknown" in note.text
    assert NOT_ADVICE in note.text


def test_a_state_without_a_duty_says_so():
    (note,) = notes("lea:0600001", "CA", **END)
    assert (note.conflict, str(note.value)) == (False, "no")


def test_a_plan_that_hires_toward_a_mandate_shows_it_and_where_the_plan_stands():
    (note,) = notes("lea:5100001", "VA", hire={"counselor": 2})
    assert str(note.value) == "yes"
    assert "325 students" in note.text
    assert "250 students for each" in note.details[0]
    (other,) = notes("lea:5600001", "WY", hire={"counselor": 2})
    assert "is unknown: none was read" in other.text


def test_a_goal_or_a_funding_weight_is_shown_beside_and_never_as_a_mandate():
    (note,) = notes("lea:2100001", "KY", hire={"counselor": 2})
    assert str(note.value) == "unknown"
    assert any("goal of one counselor per 250" in one for one in note.details)


def test_the_worked_example_of_austin_names_the_law_at_the_top(store):
    import yaml

    plan = from_dict(yaml.safe_load(examples()["austin-half"]))
    result = simulate(plan, store, draws=100)
    found = as_document([result], 1, 100)
    first = found["law"][plan.name][0]
    assert first["conflict"]
    assert "House Bill 3" in first["text"]
    assert found["law_notice"] == NOT_ADVICE
    kept = simulate(replace(plan, officers=None), store, draws=100)
    assert not any(note.conflict for note in kept.law)
