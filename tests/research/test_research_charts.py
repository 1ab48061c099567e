from __future__ import annotations

import pytest

from homeroom.errors import BadInput, NotAvailable
from homeroom.report.directions import CHANGES, COLORS, SHAPES
from homeroom.report.gap_map import gap_map
from homeroom.report.picture import GRAY, Look
from homeroom.report.research_charts import forest
from homeroom.research import load

OKABE_ITO = {"#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7"}
RED_AND_BLUE = {"#D55E00", "#0072B2"}


@pytest.fixture(scope="module")
def gaps():
    return gap_map()


def test_every_finding_is_counted_once_in_the_gap_map(gaps):
    assert gaps.table["findings"].sum() == len(load().effects)
    assert gaps.table.select(CHANGES).sum().sum_horizontal().item() == len(load().effects)


def test_the_title_counts_the_empty_pairs(gaps):
    studied = {(e.intervention, e.outcome) for e in load().effects.values()}
    pairs = len(load().interventions) * len(load().outcomes)
    assert gaps.title.startswith(f"{pairs - len(studied)} of {pairs} pairs")


def layers_of(picture, look=Look()):  # noqa: B008 - frozen
    return [layer for panel in picture.spec(look)["vconcat"] for layer in panel["layer"]]


def test_a_forest_plot_shows_every_finding_and_says_it_in_words():
    figure = forest("sro_presence", "suspensions")
    for number in figure.table["effect_id"]:
        assert number in figure.alt
    assert "range 35 to 80" in figure.alt
    assert figure.spec(Look())["description"] == figure.alt
    assert "5 higher, 2 lower and 1 no clear difference" in figure.title


def test_intervals_are_solid_and_ranges_dashed():
    def whiskers(*pair):
        return [
            layer
            for layer in layers_of(forest(*pair))
            if layer["mark"]["type"] == "rule" and "x2" in layer["encoding"]
        ]

    dashed = whiskers("cbt_mentoring", "violent_crime_arrests_outside")
    assert dashed
    assert all(layer["mark"]["strokeDash"] for layer in dashed)
    solid = whiskers("mental_health_services", "suspensions")
    assert solid
    assert not any("strokeDash" in layer["mark"] for layer in solid)


def test_each_direction_has_its_color_and_shape_and_none_is_partisan():
    assert len(set(COLORS)) == len(set(SHAPES)) == len(CHANGES)
    assert set(COLORS) - {GRAY} <= OKABE_ITO
    assert not RED_AND_BLUE & set(COLORS)


@pytest.mark.parametrize(
    "pair", sorted({(e.intervention, e.outcome) for e in load().effects.values()})
)
def test_every_studied_question_has_a_valid_chart(pair):
    assert forest(*pair).spec(Look())["title"]["text"]


def test_a_phone_gets_a_strip_of_lettered_cells_and_the_key_of_the_letters(gaps):
    key, strips = gaps.spec(Look(narrow=True))["vconcat"]
    written = {row["text"] for row in rows_of(gaps, key)}
    assert {"A", "Suspensions"} <= written
    letters = next(
        layer
        for layer in strips["layer"]
        if layer["encoding"].get("text", {}).get("field") == "letter"
    )
    assert len(rows_of(gaps, letters)) == len(load().interventions) * len(load().outcomes)


def rows_of(picture, part):
    data = part["data"]
    if "values" in data:
        return data["values"]
    return picture.spec(Look(narrow=True))["datasets"][data["name"]]


@pytest.mark.parametrize("ending", ["svg", "png"])
def test_files_are_rendered(tmp_path, gaps, ending):
    path = tmp_path / f"map.{ending}"
    gaps.save(path)
    start = path.read_bytes()[:8]
    assert start.startswith(b"<svg") if ending == "svg" else start == b"\x89PNG\r\n\x1a\n"


def test_refusals(tmp_path, gaps):
    with pytest.raises(NotAvailable, match="found none"):
        forest("cameras", "graduation")
    with pytest.raises(BadInput, match=r"ends in .svg or .png"):
        gaps.save(tmp_path / "map.gif")
