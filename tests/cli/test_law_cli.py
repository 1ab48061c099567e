"""``homeroom law idea ratio``: the JSON contract, and clear refusals."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from homeroom.cli.law import law
from homeroom.errors import BadInput

KEYS = [
    "lea", "category", "group", "cell", "n", "comparison", "risk", "comparison_risk", "ratio",
    "method", "reason", "paragraph", "threshold", "exceeds", "consecutive_years", "identified",
]  # fmt: skip
DOCUMENT = {
    "groups": ["HL", "AI", "A", "B", "NH", "W", "2M"],
    "numerator": [0, 0, 0, 189, 0, 0, 0],
    "denominator": [500, 25, 154, 4697, 51, 386, 76],
    "state_numerator": [780, 47, 161, 3110, 45, 3935, 132],
    "state_denominator": [69672, 1991, 13934, 73653, 1424, 238875, 15287],
    "min_cell": 10,
    "min_n": 30,
    "threshold": 2.5,
}


def run(document, *options):
    text = document if isinstance(document, str) else json.dumps(document)
    return CliRunner().invoke(law, ["idea", "ratio", *options], input=text, catch_exceptions=False)


def test_json_has_the_contracts_keys_for_each_group() -> None:
    rows = json.loads(run(DOCUMENT, "--json").stdout)
    assert [list(row) for row in rows] == [KEYS] * 7
    black = rows[3]
    assert round(black["ratio"], 4) == 2.6919
    assert (black["method"], black["comparison"], black["exceeds"]) == (
        "alternate_risk_ratio", "state", True,
    )  # fmt: skip
    assert (black["threshold"], black["consecutive_years"], black["identified"]) == (2.5, 1, True)
    assert (black["lea"], black["category"]) == (None, None)


def test_the_last_five_keys_are_optional() -> None:
    bare = {name: DOCUMENT[name] for name in ("groups", "numerator", "denominator")}
    rows = json.loads(run(bare, "--json").stdout)
    assert {row["method"] for row in rows} == {"not_calculated"}
    assert {row["threshold"] for row in rows} == {None}


def test_earlier_years_and_a_states_settings_can_be_given() -> None:
    year = {"groups": ["B", "W"], "numerator": [31, 20], "denominator": [100, 200]}
    asked = year | {"before": [year, year], "state": "WA", "lea": "lea:1", "category": 11}
    (black, _) = json.loads(run(asked, "--json").stdout)
    assert (black["consecutive_years"], black["identified"]) == (3, True)
    assert (black["lea"], black["category"], black["threshold"]) == ("lea:1", "oss_over_10", 3.0)


def test_what_stands_beside_is_kept_apart() -> None:
    found = json.loads(run(DOCUMENT, "--json", "--beside").stdout)
    assert [list(row) for row in found["rows"]] == [KEYS] * 7
    assert found["beside"][3]["warning"] == "exceeds"
    assert "None of this is part of 34 CFR" in found["note"]
    text = run(DOCUMENT, "--beside").stdout
    assert "2.6919" in text
    assert "This isn't legal advice" in text


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("", "expected a JSON document"),
        ("[1, 2", "expected a JSON document"),
        ("[]", "expected a mapping"),
        ("[" * 100_000, "flat JSON"),
        ('{"groups": ["B"], "groups": ["W"]}', "each key once"),
        ('{"groups": ["B", "W"], "numerator": [NaN, 1], "denominator": [1, 1]}', "found NaN"),
        (DOCUMENT | {"treshold": 3}, "unknown key 'treshold'"),
        (DOCUMENT | {"threshold": "high"}, "number above 0"),
        (DOCUMENT | {"threshold": [3]}, "number above 0"),
        (DOCUMENT | {"category": "arrests"}, "not among the 14"),
        (DOCUMENT | {"state": "KY", "threshold": None}, "belongs to Indicator 4"),
        ({name: DOCUMENT[name] for name in ("groups", "numerator")}, "'denominator' is missing"),
    ],
)
def test_bad_documents_are_refused_in_one_sentence(document, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        run(document, "--json")


def test_the_list_of_settings_says_what_was_not_read() -> None:
    text = CliRunner().invoke(law, ["idea", "settings"], catch_exceptions=False).stdout
    assert "TX  threshold not read; cell 10; n 30; years 3" in text
