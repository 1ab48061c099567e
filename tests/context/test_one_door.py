"""Survey, shootings, research, and the bill answer through the one door as on their own."""

from __future__ import annotations

import pytest

from homeroom.context.shootings import shootings
from homeroom.context.survey import survey
from homeroom.errors import BadInput
from homeroom.research import findings


def test_the_door_gives_the_frames_of_the_rooms(room):
    assert room.survey("officer", "level", 2018).equals(
        survey(room.store, "officer", "level", 2018)
    )
    assert room.survey(theme="present").equals(survey(room.store, theme="present"))
    assert room.shootings().equals(shootings(room.store))
    asked = room.research("sro_presence", grade="strong", verified=True)
    assert asked.equals(findings("sro_presence", None, "strong", verified=True))
    assert len(asked) > 0


def test_the_bill_answers_for_a_district_by_name(room):
    by_name = room.act("Austin ISD", {"contract": "never"}, version="2025")
    assert by_name.as_dict() == room.act("lea:4808940", {"contract": "never"}).as_dict()
    assert by_name.place == "lea:4808940"
    assert room.act().place is None
    with pytest.raises(BadInput, match="unknown key"):
        room.act(facts={"weather": "fine"})
