"""What studies say to a claim: both sides, counted and listed alike."""

from __future__ import annotations

import pytest

from homeroom.claims.catalogue import catalogue
from homeroom.report.claim_research import on_topic
from homeroom.research import evidence_for, findings
from homeroom.research.schema import Grade

TOPICS = sorted({topic for claim in catalogue().values() for topic in claim.research})


@pytest.mark.parametrize("topic", TOPICS)
def test_counts_are_those_of_the_library(topic):
    found = on_topic(topic)
    # A finding that restates another in other words is counted once, an older version never.
    listed = findings(restated=False).to_dicts()
    once = {row["effect_id"] for row in listed if row["superseded_by"] is None}
    told = [one for one in evidence_for(topic).effect_ids if one in once]
    assert sum(found.counts.values()) == len(told) > 0
    for bearing, number in found.counts.items():
        assert f"{number} report" in found.sentence, bearing
    assert "no estimate" in found.sentence


@pytest.mark.parametrize("topic", TOPICS)
def test_no_side_is_listed_at_greater_length(topic):
    found = on_topic(topic)
    listed = {}
    for row in found.rows:
        listed[row["bearing"]] = listed.get(row["bearing"], 0) + 1
    assert listed == {bearing: min(number, 3) for bearing, number in found.counts.items()}


def test_every_listed_finding_leads_to_its_source():
    known = {row["effect_id"] for row in findings().to_dicts()}
    for topic in TOPICS:
        for row in on_topic(topic).rows:
            assert row["effect_id"] in known
            assert row["url"].startswith("http")


def test_the_best_graded_of_each_side_come_first():
    order = list(Grade)
    for topic in TOPICS:
        rows = on_topic(topic).rows
        for bearing in {row["bearing"] for row in rows}:
            ranks = [
                (not row["verified"], order.index(Grade(row["grade"])))
                for row in rows
                if row["bearing"] == bearing
            ]
            assert ranks == sorted(ranks), (topic, bearing)
