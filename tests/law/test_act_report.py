from __future__ import annotations

import pytest

from homeroom.errors import BadInput
from homeroom.law.act.report import report_from, yearly_report
from homeroom.law.documents import parse
from homeroom.statistics.suppression import CountTable

ARRESTS = CountTable(("A", "B"), ("girls", "boys"), ((4, 30), (25, 60)))
DOCUMENT = """
place: lea:4808940
year: 2025-26
funds: {school counselors: 900000, metal detectors: 10000, training: 5000}
surveillance: []
tables:
  arrests: {rows: [A, B], columns: [girls, boys], counts: [[4, 30], [25, 60]]}
"""


def test_small_cells_are_protected_and_what_is_missing_is_named() -> None:
    report = yearly_report({"arrests": ARRESTS}, place="lea:4808940", year="2025-26", funds={})
    document = report.as_dict()
    assert "is a bill, not law" in str(document["notice"])
    assert document["missing"] == ["referrals", "surveillance"]
    items = {item.id: item for item in report.items}
    printed = str(items["arrests"].as_dict()["content"])
    assert printed.count("*") == 4
    assert "4," not in printed.replace("34", "")
    assert items["arrests"].required == "yes"


def test_each_dollar_is_held_against_the_uses() -> None:
    report = report_from(parse(DOCUMENT, "r"), version=2025, minimum=10).as_dict()
    items = report["items"]
    assert isinstance(items, list)
    assert [row["fits"] for row in items[0]["content"]] == ["yes", "no", "unknown"]
    assert report["missing"] == ["referrals"]


def test_a_version_that_is_silent_asks_for_nothing() -> None:
    report = yearly_report({}, place="lea:4808940", year="2020-21", version=2020)
    assert {item.required for item in report.items} == {"unknown"}
    assert report.as_dict()["missing"] == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("lea:4808940", "4808940", "seven digits"),
        ("2025-26", "next", "school year"),
        ("surveillance:", "survellance:", "unknown key"),
        ("arrests:", "detentions:", "unknown key"),
        ("900000", "-1", "dollars from 0"),
        ("900000", ".inf", "dollars from 0"),
        ("900000", "true", "dollars from 0"),
        ("[4, 30]", "[4]", "Expected 2 rows"),
        ("[4, 30]", "[4.5, 30]", "whole number"),
    ],
)
def test_damaged_reports_are_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        report_from(parse(DOCUMENT.replace(old, new), "r"), version=2025, minimum=10)
