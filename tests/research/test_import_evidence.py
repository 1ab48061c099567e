from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path

import pytest
import yaml

from homeroom.research.library_files import SHIPPED

ROOT = Path(__file__).resolve().parents[2]
EVIDENCE = ROOT.parent / "shared" / "reference" / "evidence"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location(
        "import_evidence", ROOT / "scripts" / "import_evidence.py"
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["import_evidence"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["import_evidence"]


@pytest.fixture(scope="module")
def evidence():
    if not EVIDENCE.is_dir():
        pytest.skip(f"the evidence tables are not beside the project ({EVIDENCE} does not exist)")
    return EVIDENCE


COLUMNS = [
    "effect_id",
    "source_id",
    "intervention",
    "contrast",
    "outcome",
    "population_subgroup",
    "design",
    "scale",
    "estimate",
    "se",
    "ci_low",
    "ci_high",
    "p_text",
    "baseline_mean_if_given",
    "n",
    "notes",
    "quote_location",
    "url",
    "verified",
]


def finding(**cells):
    given = {
        "effect_id": "X1", "source_id": "S", "intervention": "pbis/sel", "outcome": "naps",
        "contrast": "with and without", "population_subgroup": "all", "design": "RCT",
        "scale": "other:count", "estimate": "-2.0", "notes": "DIR=-1; short naps; not long",
        "quote_location": "p. 1", "url": "https://example.org", "verified": "abstract",
    }  # fmt: skip
    return dict.fromkeys(COLUMNS, "") | given | cells


@pytest.fixture(scope="module")
def decisions(script):
    return yaml.safe_load(script.DECISIONS.read_text(encoding="utf-8"))


def test_the_head_of_the_notes_becomes_a_direction(script, decisions):
    made = script.effect(finding(), decisions)
    assert made["direction"] == -1
    assert made["notes"] == "short naps; not long"
    assert made["intervention"] == "pbis_sel"
    assert made["scale"] == "count"
    assert made["estimate"] == -2
    assert made["uncertainty"] == "none"
    assert "se" not in made


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"se": "0.3"}, "se"),
        ({"ci_low": "-3", "ci_high": "-1"}, "ci"),
        ({"ci_low": "-3", "ci_high": "-1", "estimate": ""}, "range"),
        ({"ci_low": "-3", "ci_high": "-1", "notes": "DIR=-1; RANGE over trials"}, "range"),
    ],
)
def test_a_range_is_told_from_an_interval(script, decisions, cells, kind):
    assert script.effect(finding(**cells), decisions)["uncertainty"] == kind


def test_mixed_and_descriptive_findings_have_no_direction(script, decisions):
    mixed = script.effect(finding(notes="DIR=mixed; x"), decisions)
    assert (mixed.get("direction"), mixed["mixed"]) == (None, True)
    assert "direction" not in script.effect(finding(notes="DIR=n/a; x"), decisions)


def test_an_unknown_direction_stops_the_import(script, decisions):
    with pytest.raises(SystemExit, match="expected DIR="):
        script.effect(finding(notes="DIR=up"), decisions)


def test_rows_that_people_added_or_changed_stay(script, tmp_path):
    old = [{"effect_id": "E1", "n": "5", "changed": "n corrected"}, {"effect_id": "N1"}]
    (tmp_path / "effects.yaml").write_text(script.dump(old), encoding="utf-8")
    script.write({"effects.yaml": [{"effect_id": "E1", "n": "4"}, {"effect_id": "E2"}]}, tmp_path)
    made = yaml.safe_load((tmp_path / "effects.yaml").read_text(encoding="utf-8"))
    assert made == [old[0], {"effect_id": "E2"}, old[1]]


@pytest.mark.shared
def test_the_shipped_library_is_a_fresh_conversion(script, evidence):
    for name, rows in script.convert(evidence).items():
        key = next(iter(rows[0]))
        shipped = yaml.safe_load((SHIPPED / name).read_text(encoding="utf-8"))
        by_id = {row[key]: row for row in shipped}
        for row in rows:
            there = by_id[row[key]]
            assert there == row or "changed" in there, row[key]


@pytest.mark.shared
def test_no_row_and_no_number_of_the_tables_is_lost(script, evidence):
    files = script.convert(evidence)
    made = {
        row["effect_id"]: row
        for name, rows in files.items()
        if name.startswith("effects/")
        for row in rows
    }
    corrected = {*script_decisions(script)["effects"]}
    table = read_tables(evidence, "effects")
    extra = {row["effect_id"] for row in script_decisions(script)["extra"]}
    assert sorted(row["effect_id"] for row in table) == sorted(made.keys() - extra)
    pairs = {"estimate": "estimate", "se": "se", "ci_low": "low", "ci_high": "high"}
    for row in table:
        if row["effect_id"] in corrected:
            continue
        for old, new in pairs.items():
            given = float(row[old]) if row[old] else None
            assert made[row["effect_id"]].get(new) == given
        assert made[row["effect_id"]]["verified"] == row["verified"]
        assert made[row["effect_id"]]["url"] == row["url"]
    assert len(files["sources.yaml"]) == len(read_tables(evidence, "sources"))
    assert len(files["costs.yaml"]) == len(read(evidence / "costs.csv"))


def script_decisions(script):
    return yaml.safe_load(script.DECISIONS.read_text(encoding="utf-8"))


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_tables(evidence, name):
    """Return the rows of a table and of its additions."""
    more = sorted(evidence.glob(f"additions_*/{name}_new.csv"))
    return [row for path in (evidence / f"{name}.csv", *more) for row in read(path)]


@pytest.mark.shared
def test_every_decision_names_a_row_of_the_tables(evidence, decisions):
    known = set()
    for name, key in (("effects", "effect_id"), ("sources", "source_id")):
        known |= {row[key] for row in read_tables(evidence, name)}
    lists = [*decisions["estimands"].values(), *decisions["measured"].values()]
    named = {number for one in lists for number in one}
    named |= {*decisions["part"], *decisions["reversed"], *decisions["computed_interval"]}
    named |= {*decisions["effects"], *decisions["sources"]}
    named |= {name for one in decisions["studies"].values() for name in one["sources"]}
    assert named <= known
