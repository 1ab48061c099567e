from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeroom.law.logic import (
    Entry,
    Finding,
    Truth,
    all_of,
    any_of,
    conjunction,
    disjunction,
    negation,
    not_,
)

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
truths = st.sampled_from(Truth)
lists = st.lists(truths, max_size=6)


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (YES, YES, YES, YES),
        (YES, NO, NO, YES),
        (YES, UNKNOWN, UNKNOWN, YES),
        (NO, NO, NO, NO),
        (NO, UNKNOWN, NO, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_kleene_tables(left: Truth, right: Truth, both: Truth, either: Truth) -> None:
    for pair in ((left, right), (right, left)):
        assert conjunction(pair) == both
        assert disjunction(pair) == either


def test_negation_and_empty_lists() -> None:
    assert [negation(value) for value in (YES, NO, UNKNOWN)] == [NO, YES, UNKNOWN]
    assert conjunction([]) == YES
    assert disjunction([]) == NO


@given(lists)
def test_de_morgan(values: list[Truth]) -> None:
    assert negation(conjunction(values)) == disjunction(negation(value) for value in values)
    assert negation(disjunction(values)) == conjunction(negation(value) for value in values)


@given(lists, st.data())
def test_resolving_an_unknown_never_overturns(values: list[Truth], data: st.DataObject) -> None:
    resolved = [
        data.draw(st.sampled_from([YES, NO])) if value is UNKNOWN else value for value in values
    ]
    for join in (conjunction, disjunction):
        if join(values) is not UNKNOWN:
            assert join(resolved) == join(values)
        assert join(resolved) is not UNKNOWN


@given(truths, truths, truths)
def test_and_distributes_over_or(one: Truth, two: Truth, three: Truth) -> None:
    left = conjunction([one, disjunction([two, three])])
    assert left == disjunction([conjunction([one, two]), conjunction([one, three])])


def test_unknown_is_exactly_what_the_completions_disagree_on() -> None:
    for values in product(Truth, repeat=3):
        choices = [(YES, NO) if value is UNKNOWN else (value,) for value in values]
        for join in (conjunction, disjunction):
            reachable = {join(completed) for completed in product(*choices)}
            assert join(values) == (reachable.pop() if len(reachable) == 1 else UNKNOWN)


def _finding(rule: str, answer: Truth, *missing: str) -> Finding:
    return Finding(answer, (Entry(rule, "c", "secondary", {}, answer),), missing)


def test_findings_keep_every_entry_and_only_the_open_questions() -> None:
    yes, no, open_ = (
        _finding("a", YES),
        _finding("b", NO),
        _finding("c", UNKNOWN, "when?"),
    )
    settled = all_of(yes, no, open_)
    assert (settled.answer, settled.unknowns) == (NO, ())
    assert [entry.rule for entry in settled.trace] == ["a", "b", "c"]
    assert any_of(no, open_).unknowns == ("when?",)
    assert any_of(yes, open_).unknowns == ()
    turned = not_(open_)
    assert (turned.answer, turned.unknowns) == (UNKNOWN, ("when?",))
    assert not_(yes).trace == yes.trace
    assert len(all_of(yes, yes).trace) == 1


def test_booleans_convert() -> None:
    assert [Truth.of(value) for value in (True, False, None)] == [YES, NO, UNKNOWN]
