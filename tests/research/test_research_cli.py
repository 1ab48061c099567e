from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

from homeroom.cli.research import research
from homeroom.errors import BadInput, NotAvailable

QUESTION = ["--intervention", "sro_presence", "--outcome", "school_arrests"]


def run(*arguments):
    return CliRunner().invoke(research, list(arguments), catch_exceptions=False).output


def test_json_rows_keep_their_ids():
    rows = json.loads(run(*QUESTION, "--json"))
    assert {"E015", "E056", "E058"} <= {row["effect_id"] for row in rows}
    assert all(row["source_id"] and row["url"] for row in rows)


def test_csv_has_the_same_rows():
    table = list(csv.DictReader(io.StringIO(run(*QUESTION, "--csv"))))
    rows = json.loads(run(*QUESTION, "--json"))
    assert [row["effect_id"] for row in table] == [row["effect_id"] for row in rows]


def test_the_table_shows_both_sides_ranges_and_reasons():
    text = " ".join(run(*QUESTION).split())
    assert "higher" in text
    assert "lower" in text
    assert "a range, not an" in text
    assert "not verified" in text
    assert "Vote count over" in text
    assert "THERIOT2009: suggestive. small cross-section" in text


def test_a_grade_is_asked_for_by_its_name():
    rows = json.loads(run("--grade", "strong", "--json"))
    assert {row["grade"] for row in rows} == {"strong"}


def test_a_synthesis_says_what_it_is_and_what_it_left_out():
    (found,) = json.loads(run("synthesis", *QUESTION, "--json"))
    assert found["kind"] == "vote count"
    assert found["left_out"]["E015"] == "known only from a report about the publication"
    assert "left out E015" in run("synthesis", *QUESTION)


def test_costs_are_listed_in_each_form():
    rows = json.loads(run("costs", "--kind", "loaded", "--json"))
    assert all(row["urls"] for row in rows)
    assert len(list(csv.DictReader(io.StringIO(run("costs", "--csv"))))) == 51
    assert "93,997" in run("costs", "--kind", "loaded")


def test_the_check_passes_and_fails(copied, spoil):
    assert "well formed" in run("check")
    assert "well formed" in run("check", str(copied))
    with pytest.raises(BadInput, match="found 1"):
        run("check", str(spoil("effects/sro_presence.yaml", 0, x=1)))


def test_a_question_without_findings_is_refused():
    with pytest.raises(NotAvailable, match="found none"):
        run("--intervention", "cameras", "--outcome", "graduation")
    assert json.loads(run("--intervention", "cameras", "--outcome", "graduation", "--json")) == []


def test_charts_are_written(tmp_path):
    path = tmp_path / "forest.svg"
    assert "Forest plot" in run("chart", "forest", str(path), *QUESTION)
    assert path.read_text(encoding="utf-8").startswith("<svg")
    with pytest.raises(BadInput, match="name both"):
        run("chart", "forest", str(path))
