"""State rules: every date has one value, every rule a source, and silence is unknown."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from itertools import pairwise

import pytest

from homeroom.errors import BadInput
from homeroom.law.logic import Truth
from homeroom.law.states import TOPICS, Kind, answers, ask, pack, state_of, states, timeline
from homeroom.vocabulary.states import STATES

PACKS = [pack(state) for state in states()]
RULES = [rule for one in PACKS for rule in one.rules]
MILWAUKEE = "lea:5509600"


@pytest.mark.parametrize("state", states())
def test_each_date_has_exactly_one_value(state):
    for topic in TOPICS:
        for place in (None, MILWAUKEE):
            spans = timeline(state, topic, place=place)
            assert spans[0].begins is None
            assert spans[-1].ends is None
            for one, following in pairwise(spans):
                assert one.ends == following.begins
                assert one.value is not following.value
            for span in spans:
                inside = span.begins or (span.ends or date(2026, 1, 1)) - timedelta(days=1)
                assert ask(state, topic, inside, place=place).value is span.value


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.rule_id)
def test_every_rule_that_says_something_has_a_source_and_the_day_it_was_read(rule):
    settles = set(rule.answers.values()) - {Truth.UNKNOWN}
    assert rule.says
    assert rule.read_on >= date(2026, 11, 27)
    if settles:
        assert rule.urls
        assert rule.text_status != "not_found"
        assert rule.kind not in {Kind.GOAL, Kind.BILL, Kind.PROPOSAL, Kind.FACT, Kind.NOT_FOUND}
    if rule.ends:
        assert rule.first_day < rule.ends


def test_money_and_goals_never_make_a_staffing_mandate():
    staffing = {"officers", "counselors", "psychologists", "social_workers", "nurses"}
    for rule in RULES:
        if rule.kind in {Kind.FUNDING, Kind.GOAL}:
            assert not any(rule.answers.get(topic) is Truth.YES for topic in staffing), rule.rule_id


@pytest.mark.parametrize(
    ("state", "topic", "day", "place", "value"),
    [
        ("TX", "officers", date(2023, 8, 31), None, "unknown"),
        ("TX", "officers", date(2023, 9, 1), None, "yes"),
        ("FL", "officers", date(2018, 3, 9), None, "yes"),
        ("MD", "officers", date(2026, 9, 1), None, "yes"),
        ("WI", "officers", date(2026, 9, 1), None, "unknown"),
        ("WI", "officers", date(2026, 9, 1), MILWAUKEE, "yes"),
        ("WI", "officers", date(2023, 12, 31), MILWAUKEE, "unknown"),
        ("MA", "officers", date(2016, 1, 1), None, "yes"),
        ("MA", "officers", date(2026, 1, 1), None, "unknown"),
        ("DC", "limits", date(2022, 1, 1), None, "yes"),
        ("DC", "limits", date(2024, 1, 1), None, "no"),
        ("PA", "officers", date(2026, 1, 1), None, "unknown"),
        ("PA", "security_staff", date(2026, 1, 1), None, "yes"),
        ("GA", "counselors", date(2026, 12, 1), None, "unknown"),
        ("VA", "counselors", date(2026, 12, 1), None, "yes"),
        ("AZ", "counselors", date(2026, 12, 1), None, "no"),
        ("TN", "officers", date(2026, 12, 1), None, "unknown"),
    ],
)
def test_what_the_rules_say_on_a_day(state, topic, day, place, value):
    assert str(ask(state, topic, day, place=place).value) == value


def test_a_state_without_a_pack_is_unknown_on_everything():
    assert pack("WY") is None
    assert {one.value for one in answers("WY", date(2026, 9, 1))} == {Truth.UNKNOWN}


def test_nothing_from_memory_is_shipped():
    for rule in RULES:
        text = " ".join(str(value) for value in rule.as_dict().values())
        assert "[M]" not in text
        assert "33,540" not in text


def test_packs_are_named_as_states_and_ids_are_used_once():
    assert [one.name for one in PACKS] == [STATES[one.state] for one in PACKS]
    ids = [rule.rule_id for rule in RULES]
    assert len(ids) == len(set(ids)) == 96


def test_a_district_knows_its_state():
    assert state_of("lea:4808940") == "TX"
    assert state_of("lea:0100005") == "AL"
    assert state_of("state:WI") == "WI"
    assert state_of("us") is None


def test_what_is_no_state_or_topic_is_refused():
    with pytest.raises(BadInput, match="postal code"):
        ask("XX", "officers", date(2026, 1, 1))
    with pytest.raises(BadInput, match="expected a topic"):
        ask("TX", "napping", date(2026, 1, 1))


@pytest.mark.shared
def test_every_rule_that_was_collected_is_in_a_pack(shared_data):
    path = shared_data.parent / "reference" / "state_law" / "state_rules.csv"
    if not path.is_file():
        pytest.skip("the rules are not beside the project")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    held = {rule.rule_id: rule for rule in RULES}
    assert {row["rule_id"] for row in rows} == set(held)
    words = {"read verbatim": "verbatim", "read secondary": "secondary", "not found": "not_found"}
    for row in rows:
        assert held[row["rule_id"]].text_status == words[row["confidence"]]
