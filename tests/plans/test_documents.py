from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from plan_cases import AUSTIN, a_plan

from homeroom.errors import BadInput, HomeroomError, NotAvailable
from homeroom.evidence.store import Store
from homeroom.plans.document import load, read
from homeroom.plans.simulate import simulate

GOOD = {"name": "A", "place": AUSTIN, "start": 2026, "years": 2}
PRICE = {"central": 10, "source": "us"}


class _Plain(yaml.SafeDumper):
    """Writes every value out, however often it stands in the document."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _written(document: object) -> str:
    return str(yaml.dump(document, Dumper=_Plain))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hire": {"counselor": -2}}, "expected zero or more, found -2"),
        ({"officers": {"end": -1}}, "expected zero or more, found -1"),
        ({"hire": {"principal": 1}}, "unknown key 'principal'"),
        ({"budgett": 3}, "unknown key 'budgett'"),
        ({"baseline": "2020-21"}, "pandemic year"),
        ({"baseline": "1999-00"}, "expected one of"),
        ({"place": "Austin"}, "expected a place id"),
        ({"place": "US-TX"}, "expected a district"),
        ({"years": 0}, "from 1 to 20"),
        ({"years": True}, "from 1 to 20"),
        ({"officers": {"end": 3, "keep": 3}}, "expected one of keep, end, add"),
        ({"officers": {"end": "120%"}}, "found '120%'"),
        ({"officers": {"add": "half"}}, "found 'half'"),
        ({"officers": {"end": 1.234}}, "two decimals"),
        ({"grant": {"amount": 5}}, "'source' is missing"),
        ({"grant": {"amount": -5, "source": "x"}}, "expected dollars"),
        ({"grant": {"share": 1.5, "source": "x"}}, "from 0 to 1"),
        ({"grant": {"amount": 5, "share": 0.5, "source": "x"}}, "either `amount`"),
        ({"budget": -1}, "expected dollars"),
        ({"prices": {"officer": {"central": 100}}}, "`central` (dollars) and `source`"),
        ({"prices": {"officer": {**PRICE, "low": 11}}}, "low <= central <= high"),
        ({"security": [{"what": "lasers"}]}, "expected one of metal_detectors"),
        ({"security": [{"what": "cameras", "price": PRICE}] * 2}, "stands twice"),
        ({"assumptions": [{"action": "officers", "outcome": "arrests", "central": 1}]},
         "does not change"),
        ({"assumptions": [{"action": "nurse", "outcome": "joy", "central": 1}],
          "hire": {"nurse": 1}}, "expected one of arrests"),
    ],
)  # fmt: skip
def test_a_bad_plan_is_refused_in_words(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=re.escape(words)):
        read(_written(GOOD | change))


@pytest.mark.parametrize("key", sorted(GOOD))
def test_what_is_needed_is_asked_for(key: str) -> None:
    with pytest.raises(BadInput, match=f"'{key}' is missing"):
        read(_written({name: value for name, value in GOOD.items() if name != key}))


def test_a_key_given_twice_is_refused() -> None:
    with pytest.raises(BadInput, match="stands twice"):
        read(_written(GOOD) + "name: B\n")


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="expected a plan"):
        load(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="UTF-8"):
        load(tmp_path / "bad.yaml")


_any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
_KEYS = ["name", "place", "officers", "hire", "security", "grant", "budget", "prices", "years",
         "transition", "assumptions", "ratios", "yearly_growth", "baseline", "spread"]  # fmt: skip


@given(st.dictionaries(st.sampled_from(_KEYS), _any, max_size=4))
def test_nothing_but_a_clear_refusal_meets_nonsense(change: dict[str, Any]) -> None:
    with suppress(HomeroomError):
        assert read(_written(GOOD | change)).years > 0


def test_more_cannot_end_than_there_is(store: Store) -> None:
    with pytest.raises(BadInput, match="expected at most 39"):
        simulate(a_plan(officers={"end": 40}), store, draws=100)


def test_money_from_nowhere_is_refused(store: Store) -> None:
    with pytest.raises(BadInput, match=r"money from nowhere.*has no source"):
        simulate(a_plan(hire={"counselor": 10}, budget=100_000), store, draws=100)
    kept = simulate(a_plan(hire={"counselor": 10}, budget=1_300_000), store, draws=100)
    assert all(int(year.local[0]) <= 1_300_000_00 for year in kept.years)


def test_money_freed_pays_before_the_budget_does(store: Store) -> None:
    paid = {"paid_by": "district", "agreement": {"notice": 0}}
    plan = a_plan(officers={"end": "half"}, hire={"counselor": 10}, budget=0, **paid)
    assert int(simulate(plan, store, draws=100).years[0].local[0]) < 0


@pytest.mark.parametrize(
    ("place", "wave"), [("lea:4899999", "2017-18"), ("lea:0100005", "2017-18")]
)
def test_a_place_that_is_not_at_hand_is_told(place: str, wave: str, store: Store) -> None:
    with pytest.raises(NotAvailable, match=place):
        simulate(a_plan(place=place, baseline=wave), store, draws=100)


def test_a_school_of_another_place_is_refused(store: Store) -> None:
    plan = a_plan(officers={"end": "all", "schools": ["510126000001"]})
    with pytest.raises(BadInput, match="510126000001"):
        simulate(plan, store, draws=100)


def test_half_a_place_is_warned_of(store: Store) -> None:
    result = simulate(a_plan(baseline="2021-22", hire={"counselor": 1}), store, draws=100)
    assert any("high schools only" in warning for warning in result.warnings)


def test_an_unverified_price_is_never_a_default(store: Store) -> None:
    lanes = {"what": "metal_detectors", "schools": "high"}
    with pytest.raises(NotAvailable, match="no verified default is known"):
        simulate(a_plan(security=[lanes]), store, draws=100)
    named = {"row": "detection-lane-columbus"}
    result = simulate(a_plan(security=[lanes | {"price": named}]), store, draws=100)
    assert any("known only from a report" in warning for warning in result.warnings)


def test_a_row_that_is_no_price_is_refused(store: Store) -> None:
    row = {"what": "metal_detectors", "price": {"row": "officers-national-2017"}}
    with pytest.raises(BadInput, match="expected dollars a unit"):
        simulate(a_plan(security=[row]), store, draws=100)


def test_the_terms_of_the_act_are_held_against_a_grant(store: Store) -> None:
    plan = a_plan(
        officers={"keep": "all"},
        hire={"counselor": 1},
        security=[{"what": "cameras", "price": PRICE}],
        grant={"amount": 1000, "source": "the Act", "act": 2025, "pays_for": ["hire", "security"]},
    )
    said = " ".join(simulate(plan, store, draws=100).warnings)
    assert "is a bill, not law" in said
    assert "it pays nothing for cameras, which the bill bars" in said
    assert "nothing for school counselors" not in said
    assert "no-officers-during-grant" in said


_BASE = f"name: A\nplace: {AUSTIN}\nstart: 2026\nyears: 2\n"
_LAUGHS = "a: &a [lol]\n" + "".join(
    f"{now}: &{now} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, now in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (_LAUGHS, "without anchors, references, and tags"),
        (_BASE + "hire:\n" + "".join(f"  k{n}: 1\n" for n in range(20_000)), "at most 200,000"),
        (_BASE + "x: [" + "1, " * 20_000 + "]\n", "at most 10,000 values"),
        ("[" * 5_000, "at most 12 levels"),
        (_BASE.replace("A", r'"\ud800"'), "U+D800"),
        (_BASE.replace("A", r'"\e[31m"'), "U+001B"),
        (_BASE + "officers: {end: all, schools: 5}\n", "schools: expected a list, found 5"),
        (_BASE + "grant: {source: a, share: 0.5, pays_for: 5}\n", "pays_for: expected a list"),
        (_BASE + "security: [{what: cameras, schools: 5}]\n", "schools: expected a list, found 5"),
        (_BASE + "grant: {source: a, share: 0.5, act: {x: 1}}\n", "act: expected words"),
        (_BASE + "budget: 2020-13-45\n", "expected dates and numbers that exist"),
        (_BASE + f"budget: {'9' * 6_000}\n", "expected dates and numbers that exist"),
        ("!!python/object:os.system {}", "without anchors, references, and tags"),
    ],
)
def test_a_hostile_document_is_refused_at_once_and_in_a_line(text: str, words: str) -> None:
    with pytest.raises(BadInput, match=re.escape(words)) as refused:
        read(text)
    assert len(str(refused.value)) < 300
    assert "\n" not in str(refused.value)
