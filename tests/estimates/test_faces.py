"""The estimates that ship, beside the reported figures: page text, provider, and refusals."""

from __future__ import annotations

import subprocess
import sys

import pytest

from homeroom.errors import NotAvailable
from homeroom.estimates.folders import find, known, starter_folder
from homeroom.estimates.provider import beside
from homeroom.figures.engine import answer
from homeroom.figures.question import Question
from homeroom.report.model_text import modeled
from homeroom.vocabulary.groups import Group

AUSTIN = "lea:4808940"


@pytest.fixture(autouse=True)
def _only_what_ships(monkeypatch, tmp_path):
    monkeypatch.setenv("HOMEROOM_ESTIMATES", str(tmp_path))


def test_estimates_ship_and_are_small():
    assert {"arrests_2017-18_unified", "arrests_2017-18_disparity"} <= set(known())
    size = sum(one.stat().st_size for one in starter_folder().rglob("*") if one.is_file())
    assert size < 10_000_000


def test_every_gate_of_what_ships_holds():
    for path in known():
        outcome, wave, spec = path.split("_", 2)
        gates = find(outcome, spec, wave).manifest["gates"]
        assert all(one["passed"] for one in gates), path


def test_a_missing_fit_says_what_there_is():
    with pytest.raises(NotAvailable, match="arrests_2017-18_unified"):
        find("arrests", "unified", "1999-00")


@pytest.mark.parametrize("versus", ["", "white"])
def test_a_model_figure_stands_beside_the_raw_one(room, versus):
    asked = Question("arrests", Group("black"), Group(versus) if versus else "", place=AUSTIN,
                     wave="2017-18")  # fmt: skip
    (raw,) = answer(room.store, [asked])
    found = beside(room.store, raw)
    assert found is not None
    assert found.basis == "model"
    assert raw.basis == "schools"
    assert found.group == raw.group
    assert found.sources == raw.sources
    assert found.low < found.value < found.high
    assert "71 arrests among 5,928 Black students" in found.explanation
    # 71 events leave a standard error of 12 percent; the model must not be farther than two.
    assert abs(found.value / raw.value - 1) < 0.3


def test_a_place_has_sentence_and_rows_and_a_state_has_none(room):
    found = modeled(room.store, AUSTIN, "arrests", "2017-18")
    assert found is not None
    assert [row.label for row in found.rows][:1] == ["Per 10,000 Black students"]
    assert modeled(room.store, "US-TX", "arrests", "2017-18") is None
    assert modeled(room.store, AUSTIN, "arrests", "2020-21") is None


def test_reading_needs_no_compiler():
    said = "import sys, homeroom.estimates.answer; print('numba' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
