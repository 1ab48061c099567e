from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from homeroom.cli.act import act
from homeroom.errors import BadInput, NotAvailable

OWN = Path(__file__).resolve().parents[1] / "law" / "fixtures" / "own-bill.xml"


def run(*words: str) -> str:
    result = CliRunner().invoke(act, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def document(*words: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(*words, "--json"))
    return answer


@pytest.fixture
def with_store(starter_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMEROOM_STORE", str(starter_store))


@pytest.mark.usefixtures("with_store")
def test_check_answers_from_options() -> None:
    answer = document(
        "check", "--place", "lea:4808940", "--version", "hr2739-119",
        "--contract-end", "2025-08-02", "--grant-start", "2025-09-01",
        "--own-police", "never", "--no-officers-during-grant",
    )  # fmt: skip
    assert {"version", "status", "answers", "unknowns"} <= set(answer)
    assert (answer["version"], answer["status"]) == ("hr2739-119", "introduced")
    assert answer["answers"][0]["answer"] == "yes"
    assert answer["place_name"] == "Austin ISD"


@pytest.mark.usefixtures("with_store")
def test_check_of_a_district_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NotAvailable, match="found none"):
        run("check", "--place", "lea:4899999")


def test_check_reads_facts_and_options_win(tmp_path: Path) -> None:
    facts = tmp_path / "facts.yaml"
    facts.write_text(
        "contract_end_date: 2025-08-02\ngrant_start_date: 2025-09-01\nown_police: never\n"
        "officers_during_grant: false\n"
    )
    common = ["check", "--facts", str(facts)]
    assert document(*common)["answers"][0]["answer"] == "yes"
    assert document(*common, "--boundary", "more_than")["answers"][0]["answer"] == "no"
    assert document(*common, "--officers-during-grant")["answers"][0]["answer"] == "no"
    facts.write_text("contract_ends: 2025-08-02\n")
    with pytest.raises(BadInput, match="unknown key"):
        run(*common)


def test_check_cites_an_imported_bill() -> None:
    answer = document("check", "--bill", str(OWN), "--version", "2025", "--contract", "running")
    entry = answer["answers"][1]["trace"][0]
    assert (entry["text_status"], entry["citation"]) == ("verbatim", "S. 9901, section 3(b)(1)")


def test_use() -> None:
    answer = document("use", "metal detectors")
    assert answer["fits"] == "no"
    assert answer["rule"] == "use.metal-detectors"
    assert "congress.wiki" in answer["source"]
    assert document("use", "facial recognition", "--version", "2023")["fits"] == "unknown"


def test_diff_import_show_and_report(tmp_path: Path) -> None:
    assert document("diff", "2021", "2025")["to"] == "hr2739-119"
    imported = document("import", str(OWN), "--version", "2025")
    marks = {row["rule"]: row["mark"] for row in imported["rules"]}
    assert marks["eligibility.lead-days"] == "contradicts"
    shown = document("show", "--version", "2021")
    assert {row["text_status"] for row in shown["provisions"]} == {
        "verbatim", "secondary", "unknown",
    }  # fmt: skip
    path = tmp_path / "report.yaml"
    path.write_text(
        "place: lea:4808940\nyear: 2025-26\ntables:\n"
        "  arrests: {rows: [A, B], columns: [x, y], counts: [[4, 30], [25, 60]]}\n"
    )
    items = document("report", str(path))["items"]
    assert items[1]["content"]["rows"]["A"] == ["*", "*", 34]


@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("use", "metal detectors"),
        ("diff", "2021", "2025"),
        ("show",),
        ("show", "--markdown"),
        ("import", str(OWN), "--version", "2025"),
    ],
)
def test_every_output_says_that_it_is_a_bill(words: tuple[str, ...]) -> None:
    assert "is a bill, not law" in run(*words)
    if "--markdown" not in words:
        assert "is a bill, not law" in document(*words)["notice"]
    lines = run(*words).splitlines()
    assert all("None" not in line for line in lines if line.startswith("      "))


def test_the_readable_report_hides_small_cells(tmp_path: Path) -> None:
    path = tmp_path / "report.yaml"
    path.write_text(
        "place: lea:4808940\nyear: 2025-26\nfunds: {nurses: 5}\nsurveillance: [cameras]\ntables:\n"
        "  arrests: {rows: [A, B], columns: [x, y], counts: [[4, 30], [25, 60]]}\n"
    )
    text = run("report", str(path))
    assert "is a bill, not law" in text
    assert "nurses: 5 (fits the bill: yes)" in text
    assert "Missing, and asked for: referrals" in text
    assert " 4 " not in text
