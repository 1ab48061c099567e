from __future__ import annotations

from dataclasses import replace

import pytest

from homeroom.errors import BadInput
from homeroom.research import at_a_glance, load, summarize
from homeroom.research.summary import LEADS, SIDES

SWAP = {"better": "worse", "worse": "better", "higher": "lower", "lower": "higher"}


@pytest.fixture(scope="module")
def turned():
    """Return the library with every direction turned round."""
    library = load()
    effects = {
        number: replace(one, direction=None if one.direction is None else -one.direction)
        for number, one in library.effects.items()
    }
    return replace(library, effects=effects)


def words(text, swap):
    plain = text.replace("Better for", "better for").replace("Worse for", "worse for").split(" ")
    return [swap.get(word.strip(",.:"), word.strip(",.:")) for word in plain]


@pytest.mark.parametrize("name", load().interventions)
def test_turning_all_directions_round_changes_the_sides_and_nothing_else(turned, name):
    ours, theirs = summarize(name), summarize(name, library=turned)
    for side, other in (("better", "worse"), ("worse", "better")):
        assert ours.sides[side].strongest == theirs.sides[other].strongest
        assert ours.sides[side].weaker == theirs.sides[other].weaker
        assert len(ours.votes[side]) == len(theirs.votes[other])
        for mine, yours in zip(
            ours.sides[side].sentences, theirs.sides[other].sentences, strict=True
        ):
            assert words(mine, SWAP) == words(yours, {})
    for side in ("no clear difference", "disputed"):
        assert ours.sides[side].strongest == theirs.sides[side].strongest


def test_what_nobody_read_never_speaks_and_is_counted_apart():
    library = load()
    for name in library.interventions:
        found = summarize(name)
        told = {n for s in found.sides.values() for n in (*s.strongest, *s.reviews, *s.weaker)}
        assert all(library.effects[number].verified.at_source for number in told)
        left = {n for ids in found.unread.values() for n in ids}
        assert not told & left
        assert not any(library.effects[number].verified.at_source for number in left)


def test_a_strong_study_has_one_vote():
    for found in at_a_glance():
        voters = [study for who in found.votes.values() for study in who]
        assert len(voters) == len(set(voters))


def test_ten_seconds_answer_what_the_strongest_studies_say():
    told = {one.label: one.headline for one in at_a_glance()}
    assert told["Officers and arrests"] == "Of 3 strong studies, 3 find more."
    assert told["Removing officers and arrests"] == (
        "One strong study, which finds no clear difference."
    )
    # A study whose design is not stated is an association, and has no vote here.
    assert told["Officers and violence"] == "Of 2 strong studies, 1 finds less, 1 is mixed."
    assert told["Counselors and suspensions or other discipline"] == (
        "Of 2 strong studies, 2 find less."
    )


def test_deterrence_is_measured_by_no_finding():
    library = load()
    for number, effect in library.effects.items():
        assert "deter" not in f"{effect.outcome} {effect.measured}", number
    for name in ("sro_presence", "sro_removal", "armed_guard_or_plainclothes"):
        assert "deterrence" in [one.id for one in summarize(name).unmeasured]


def test_sentences_are_two_a_side():
    found = summarize("sro_removal")
    assert list(found.sides) == list(SIDES)
    assert len(found.sentences) == 2 * len(LEADS)
    first, second = found.sides["no clear difference"].sentences
    assert first.startswith("No clear difference, in the strongest studies: arrests at school")
    assert second.startswith("Weaker studies: suspensions (1)")


def test_a_name_that_the_library_lacks_is_refused():
    with pytest.raises(BadInput, match="expected a known intervention, found 'bells'"):
        summarize("bells")
    with pytest.raises(BadInput, match="expected a known outcome, found 'naps'"):
        summarize("sro_removal", ["naps"])
