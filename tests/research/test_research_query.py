from __future__ import annotations

from dataclasses import replace

import pytest

from homeroom.errors import BadInput
from homeroom.research import evidence_for, findings, load
from homeroom.research.query import COLUMNS
from homeroom.research.schema import MoreIs

MIRROR = {MoreIs.HARMFUL: MoreIs.BENEFICIAL, MoreIs.BENEFICIAL: MoreIs.HARMFUL}


def swapped(library):
    """The same library, with the two sides' labels exchanged."""
    outcomes = {
        name: replace(one, more_is=MIRROR.get(one.more_is, one.more_is))
        for name, one in library.outcomes.items()
    }
    return replace(library, outcomes=outcomes)


def test_by_default_nothing_is_left_out():
    rows = findings()
    assert rows.columns == list(COLUMNS)
    assert rows["effect_id"].to_list() == list(load().effects)
    assert rows["verified"].null_count() == 0
    assert (~rows["verified"]).any()


def test_both_sides_of_a_question_are_shown():
    rows = findings("sro_presence", "suspensions")
    assert {"higher", "lower", "no clear difference"} <= set(rows["change"])
    assert {"better", "worse"} <= set(rows["bearing"])


def test_filters_part_the_findings_without_loss():
    whole = findings("sro_presence")
    parts = [findings("sro_presence", verified=yes) for yes in (True, False)]
    assert sum(map(len, parts)) == len(whole)
    assert set(parts[1]["verified_in"]) == {"secondary"}
    assert set(findings(grade="strong")["grade"]) == {"strong"}


def test_a_range_is_marked_and_is_never_an_interval():
    rows = {row["effect_id"]: row for row in findings().to_dicts()}
    for number in ("E013", "E014", "E015", "E083", "E129", "E130", "E131"):
        assert rows[number]["uncertainty"] == "range"
        assert rows[number]["includes_no_effect"] is None
        assert rows[number]["estimate"] is None
    assert rows["E044"]["uncertainty"] == "ci"
    assert rows["E044"]["includes_no_effect"] is False
    assert rows["E045"]["includes_no_effect"] is True
    assert rows["E098"]["uncertainty"] == "se"
    assert rows["E098"]["interval_computed"] is True


def test_an_attendance_share_says_that_it_runs_against_absence():
    rows = {row["effect_id"]: row for row in findings("mental_health_services").to_dicts()}
    assert rows["E094"]["estimate_reversed"] is True
    assert "attendance" in rows["E094"]["measured"]


@pytest.mark.parametrize("name", [{"intervention": "hugs"}, {"outcome": "x"}, {"grade": "a"}])
def test_an_unknown_name_is_refused_with_the_known_ones(name):
    with pytest.raises(BadInput, match="use one of"):
        findings(**name)


@pytest.mark.parametrize(
    "topic",
    ["sro_presence", "sro_removal", "counselors", "restorative", "threat_assessment",
     "metal_detectors", "cameras", "armed_guards", "other_security"],
)  # fmt: skip
def test_a_topic_gives_every_finding_of_its_interventions(topic):
    found = evidence_for(topic)
    wanted = {
        number for number, one in load().effects.items() if one.intervention in found.interventions
    }
    assert set(found.effect_ids) == wanted
    assert wanted
    assert sum(map(len, found.by_change.values())) == len(wanted)


def test_officers_have_findings_in_both_directions():
    found = evidence_for("sro_presence")
    assert found.by_bearing["better"]
    assert found.by_bearing["worse"]


def test_a_claim_gathers_its_topics():
    found = evidence_for("sros-protect")
    assert set(evidence_for("sro_removal").effect_ids) <= set(found.effect_ids)
    assert set(evidence_for("officers_and_safety").effect_ids) <= set(found.effect_ids)


def test_an_unknown_topic_is_refused():
    with pytest.raises(BadInput, match="use one of"):
        evidence_for("weather")


def test_swapping_the_sides_changes_no_number():
    before, after = findings(), findings(library=swapped(load()))
    assert before.drop("bearing").equals(after.drop("bearing"))
    names = {"better": "worse", "worse": "better"}
    assert [names.get(x, x) for x in before["bearing"]] == after["bearing"].to_list()


def test_a_swapped_topic_only_trades_its_two_sides():
    before = evidence_for("officers_and_safety").by_bearing
    after = evidence_for("officers_and_safety", library=swapped(load())).by_bearing
    assert before["better"] == after["worse"]
    assert before["worse"] == after["better"]
    assert before["disputed"] == after["disputed"]
