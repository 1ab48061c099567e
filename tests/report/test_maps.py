"""Shades, sentences and scales of maps where a few places stand far out, or most have none."""

from __future__ import annotations

import pytest

from homeroom.report.chart_labels import broken, cut, measured
from homeroom.report.maps import Choice, Spot, told
from homeroom.report.picture import Look
from homeroom.report.ranking import beyond, ranked
from homeroom.report.shades import classes

CHOICE = Choice("arrests", "black", "2017-18", "rate")


def spot(number, value, students=1_000, reason=""):
    return Spot(f"lea:{number:07}", f"District {number}", value, 0.0, value, 9, students, reason)


def test_none_at_all_has_a_class_of_its_own_where_most_have_none():
    found = classes([0.0] * 300 + [5.0, 12.0, 20.0, 33.0, 50.0, 80.0, 91.0, 4_532.0])
    assert found.labels[0] == "0"
    assert found.zero
    assert len(found.labels) == 5
    assert found.of(0.0) == "0"
    assert found.of(5.0) == found.labels[1]
    assert found.labels[1].startswith("over 0 to ")
    assert found.of(4_532.0) == found.labels[-1]
    assert found.of(None) == "no figure"


def test_classes_above_none_hold_about_as_many_places_each():
    values = [float(number) for number in range(1, 101)]
    found = classes(values)
    assert not found.zero
    counts = [sum(found.of(value) == label for value in values) for label in found.labels]
    assert all(count in (19, 20, 21) for count in counts)
    assert len(counts) == 5
    assert found.labels[0] == "up to 21"
    assert found.labels[-1] == "over 80"


@pytest.mark.parametrize(
    "values",
    [[], [None], [0.0], [0.0, 0.0], [3.0], [3.0, 3.0], [0.0, 3.0], [1e-3, 1e6], [7.0] * 90],
)
def test_every_figure_has_a_class_and_every_class_a_shade_of_its_own(values):
    found = classes(values)
    for dark in (False, True):
        shades = found.shades(Look(dark=dark))
        assert len(shades) == len(set(shades)) == len(found.labels) == len(set(found.labels))
        assert len(found.inks(Look(dark=dark))) == len(found.labels)
    assert all(found.of(value) in found.labels for value in values if value is not None)


def test_the_sentence_does_not_call_a_district_lowest_where_many_have_none():
    spots = [spot(n, 0.0, reason="few_events") for n in range(60)]
    spots += [spot(60, 6.81), spot(61, 120.0)]
    said = told(CHOICE, spots, "districts")
    assert "6.81" not in said
    assert "highest in District 61, 120" in said
    assert "60 of 62 districts reported none" in said


def test_the_sentence_gives_the_middle_where_most_have_some():
    said = told(CHOICE, [spot(n, float(n)) for n in range(1, 10)])
    assert said.endswith("highest in District 9, 9.00; half of the 9 places have 5.00 or less")


def test_the_sentence_names_nobody_on_few_events():
    assert "too few counted" in told(CHOICE, [spot(1, 3.0, reason="few_events")])
    assert "none reported in any" in told(CHOICE, [spot(1, 0.0, reason="few_events")])
    assert "no figure in the store" in told(CHOICE, [spot(1, None)])


def test_a_far_outlier_does_not_flatten_the_others_and_is_said_in_words():
    spots = [spot(0, 4_532.0), *(spot(n, 300.0 - n) for n in range(1, 20))]
    assert beyond(spots) == spots[:1]
    picture = ranked(CHOICE, "Texas", spots)
    assert "District 0 (4,532) lies far beyond it, shown by an arrow" in picture.units
    layers = picture.spec(Look())["layer"]
    tops = {
        layer["encoding"]["x"]["scale"]["domain"][1]
        for layer in layers
        if "scale" in layer["encoding"].get("x", {})
    }
    assert list(tops) == pytest.approx([299 * 1.2])
    assert any(layer["mark"].get("shape") == "triangle-right" for layer in layers)
    assert "4,532" in picture.render("svg", Look()).decode()


def test_figures_of_one_kind_keep_the_whole_axis():
    spots = [spot(n, 300.0 - n) for n in range(20)]
    assert beyond(spots) == []
    assert "axis ends" not in ranked(CHOICE, "Texas", spots).units


def test_two_districts_of_one_name_keep_a_row_each():
    twins = [
        Spot("lea:0000001", "Lincoln", 9.0, 8.0, 10.0, 9, 900, ""),
        Spot("lea:0000002", "Lincoln", 5.0, 4.0, 6.0, 9, 900, ""),
    ]
    svg = ranked(CHOICE, "Texas", twins).render("svg", Look()).decode()
    assert len([part for part in svg.split("<text") if ">Lincoln<" in part]) == 2


def test_nothing_to_rank_is_said_and_drawn():
    assert "no place in Texas has a figure" in ranked(CHOICE, "Texas", []).title
    assert ranked(CHOICE, "Texas", []).render("svg", Look(narrow=True)).startswith(b"<svg")


def test_labels_break_and_end_where_their_room_does():
    assert broken("Denver Public Schools", 90) == ["Denver Public", "Schools"]
    assert all(measured(line) <= 60 for line in broken("W" * 40 + " and more", 60))
    assert cut("short", 100) == "short"
    assert cut("a rather long name", 60).endswith("…")
    assert broken("", 60) == [""]
