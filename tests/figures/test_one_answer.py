"""One question, one answer: every way of asking selects from the same engine."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator

import pytest

from homeroom.api import Homeroom
from homeroom.errors import NotAvailable
from homeroom.evidence import sql
from homeroom.figures.by_unit import count_units
from homeroom.figures.engine import answer
from homeroom.figures.figure import Figure
from homeroom.figures.outcomes import outcomes
from homeroom.figures.question import Question
from homeroom.figures.rates import rates
from homeroom.vocabulary.groups import ALL, RACES, Group
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES
from homeroom.vocabulary.waves import WAVES, WITH_SCHOOL_FILES

BY_RACE = [measure for measure, of in MEASURES.items() if of.by_race and measure != "enrollment"]
POLICIES = ("published", "screened")
Numbers = tuple[int | None, int | None, float | None, str]


def told(one: Figure) -> Numbers:
    return (one.group.count, one.group.students, one.coverage, one.basis)


@pytest.fixture(scope="module")
def places(room: Homeroom) -> list[str]:
    """The nation, and states, districts, and schools drawn by a fixed seed."""
    chance = random.Random(4)  # noqa: S311 (a sample, not a secret)
    with_files = "SELECT DISTINCT school_no // 100000 FROM answered"
    drawn = {
        kind: [
            str(place)
            for (place,) in sql.rows(
                room.con,
                f"SELECT place_id FROM place WHERE kind = '{kind}' AND "
                f"(kind <> 'district' OR 'lea:' || leaid IN "
                f"(SELECT 'lea:' || leaid_of(lea) FROM ({with_files}) AS asked(lea))) "
                "ORDER BY place_id",
            )
        ]
        for kind in ("district", "school")
    }
    fixed = ["lea:4808940", "lea:4816620", "lea:5103660", "school:480145013781"]
    return [
        "US",
        "US-TX",
        "US-CO",
        "US-VA",
        *chance.sample([f"US-{state}" for state in STATES], 22),
        *fixed,
        *chance.sample(drawn["district"], 14),
        *chance.sample(drawn["school"], 6),
    ]


def asked_by_rates(room: Homeroom, place: str, measure: str, wave: str, policy: str) -> dict:
    """Return the figures of one call of `rates`, by group; nothing where the store has none."""
    try:
        found = rates(room.store, measure, place, wave, by=("race",), policy=policy)
    except NotAvailable:
        return {}
    return {one.question.group: told(one) for one in found}


def pairs(room: Homeroom, places: list[str], policy: str) -> Iterator[tuple[str, tuple, tuple]]:
    """Yield what two ways of asking say of the same thing."""
    for place in places:
        every = outcomes(room.store, place, policy, BY_RACE)
        by_key = {(o.question.measure, o.question.wave, o.question.group): told(o) for o in every}
        questions = [one.question for one in every]
        alone = answer(room.store, questions)
        compared = answer(
            room.store,
            [
                Question(
                    q.measure, q.group, Group("white"), place=q.place, wave=q.wave, policy=policy
                )
                for q in questions
            ],
        )
        for at, one in enumerate(every):
            where = f"{one.question}"
            yield f"outcomes and alone, {where}", told(one), told(alone[at])
            if one.group.count is not None and compared[at].basis == one.basis:
                yield (
                    f"rate and ratio, {where}",
                    (one.group.count, one.group.students),
                    (compared[at].group.count, compared[at].group.students),
                )
        for measure, wave in dict.fromkeys((q.measure, q.wave) for q in questions):
            for group, numbers in asked_by_rates(room, place, measure, wave, policy).items():
                yield (
                    f"rates {place} {measure} {wave} {group}",
                    numbers,
                    by_key[measure, wave, group],
                )


@pytest.mark.parametrize(("policy", "least"), [("published", 40_000), ("screened", 15_000)])
def test_rates_ratios_and_outcomes_agree_over_the_grid(
    room: Homeroom, places: list[str], policy: str, least: int
) -> None:
    checked, wrong = 0, []
    for what, one, other in pairs(room, places, policy):
        checked += len(one)
        if one != other:
            wrong.append((what, one, other))
    assert not wrong, wrong[:5]
    assert checked >= least, checked


@pytest.mark.parametrize(
    ("level", "policy"), list(itertools.product(("state", "district"), POLICIES))
)
def test_all_places_of_a_level_at_once_equal_each_asked_alone(
    room: Homeroom, level: str, policy: str
) -> None:
    groups = [Group(group) for group in (ALL, *RACES)]
    checked = 0
    for measure, wave in itertools.product(BY_RACE, WITH_SCHOOL_FILES):
        found = count_units(room.store, measure, wave, groups, level=level, policy=policy)
        sample = found.places if level == "state" else found.places[::160]
        alone = answer(
            room.store,
            [
                Question(measure, group, place=place, wave=wave, policy=policy)
                for place in sample
                for group in groups
            ],
        )
        for one in alone:
            at, row = found.at(one.question.place), groups.index(one.question.group)
            assert at is not None
            events, students = found.events[row, at], found.students[row, at]
            if one.value is None and one.group.count is None:
                assert math.isnan(events), one.question
            else:
                assert (events, students) == (one.group.count, one.group.students), one.question
            if row == 0:
                assert found.doubtful[at] == one.doubtful, one.question
            checked += 1
    assert checked > 1_000


def test_rates_leave_schools_without_enrollment_out_and_all_events_are_said_apart(
    room: Homeroom,
) -> None:
    found = {one.question.group: one for one in rates(
        room.store, "iss", "US-TX", "2020-21", by=("race",))}  # fmt: skip
    ratio = room.ratio("iss", "black", "white", "US-TX", "2020-21")
    assert found["black"].group.count == ratio.group.count == 37_175
    assert found["white"].group.count == ratio.versus.count == 57_924
    assert ratio.value == pytest.approx(1.467, abs=5e-4)
    assert (found["black"].all_events, found["white"].all_events) == (37_274, 58_496)


def test_offenses_of_the_nation_are_the_state_tables_whichever_way_they_are_asked(
    room: Homeroom,
) -> None:
    row = room.rate("offenses", "US", "2017-18").row(0, named=True)
    (alone,) = room.answer([Question("offenses", place="US", wave="2017-18")])
    assert row["rate_per_10000"] == alone.value == pytest.approx(220.9, abs=0.05)
    assert row["basis"] == alone.basis == "state_table"


def test_a_part_that_nobody_reported_is_missing_and_not_zero(room: Homeroom) -> None:
    found = {one.question.group: one for one in rates(
        room.store, "seclusion", "lea:5103660", "2017-18", by=("disability",))}  # fmt: skip
    assert found["nonidea"].status == "missing"
    assert found["nonidea"].group.count is None
    assert found["idea"].group.count == 0
    # The total speaks for the students whose part was reported, and says so.
    assert found[ALL].group.students == found["idea"].group.students
    assert found[ALL].coverage < 0.2
    assert "reported" in (found[ALL].note or "")


def test_every_wave_of_the_vocabulary_can_be_asked(room: Homeroom) -> None:
    found = room.answer([Question(place="US", wave=wave) for wave in WAVES])
    assert [one.question.wave for one in found] == list(WAVES)
    assert all((one.value is None) == (one.reason is not None) or one.value for one in found)
