from __future__ import annotations

import re
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeroom.errors import BadInput
from homeroom.law.act.document import load_coverage, markdown
from homeroom.law.act.parameters import (
    TextStatus,
    load_act,
    read_bills,
    read_provisions,
)
from homeroom.law.act.rules import RULES
from homeroom.law.act.uses import load_lexicon, read_lexicon

ACT = load_act()
DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "act-provisions.md"
DATA = files("homeroom.law.act")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("2020", "s4360-116"),
        (2021, "s2125-117"),
        ("2023", "s3214-118"),
        ("2025", "hr2739-119"),
        ("hr7848-116", "s4360-116"),
        ("HR4011-117", "s2125-117"),
        ("hr6202-118", "s3214-118"),
        ("hr2739-119", "hr2739-119"),
    ],
)
def test_versions_by_year_id_and_companion(name: str | int, found: str) -> None:
    assert ACT.bill(name).id == found


@pytest.mark.parametrize("name", ["2022", "s2125", "", "hr1-119"])
def test_an_unknown_version_is_refused_with_the_choices(name: str) -> None:
    with pytest.raises(BadInput, match="2025 or hr2739-119"):
        ACT.bill(name)


def test_no_version_is_law() -> None:
    assert {bill.status for bill in ACT.bills} == {"introduced"}
    assert all("is a bill, not law" in bill.notice for bill in ACT.bills)


@given(st.dates(min_value=date(2019, 1, 1), max_value=date(2028, 1, 1)))
def test_each_day_has_at_most_one_version(day: date) -> None:
    pending = [bill for bill in ACT.bills if bill.introduced <= day < bill.congress_ends]
    assert len(pending) <= 1
    assert ACT.pending_on(day) == (pending[0] if pending else None)


def test_the_days_on_which_a_version_begins_and_ends() -> None:
    for bill in ACT.bills:
        assert ACT.pending_on(bill.introduced) == bill
        assert ACT.pending_on(bill.introduced - timedelta(days=1)) is None
        assert ACT.pending_on(bill.congress_ends - timedelta(days=1)) == bill
        assert ACT.pending_on(bill.congress_ends) is None
        assert bill.introduced.year == bill.year
        assert bill.congress == (bill.year - 1789) // 2 + 1


def test_each_version_has_exactly_one_value_of_each_provision() -> None:
    for provision in ACT.provisions.values():
        assert list(provision.values) == [bill.id for bill in ACT.bills]
        for value in provision.values.values():
            assert (value.content is None) == (value.text_status is TextStatus.UNKNOWN)
            assert value.citation
            assert value.source


def test_every_rule_and_every_use_stands_on_a_provision() -> None:
    assert set(RULES) <= set(ACT.provisions)
    named = {use.provision for use in load_lexicon().uses}
    wider = {use.reads_as for use in load_lexicon().uses if use.reads_as}
    kinds = {key for key, provision in ACT.provisions.items() if provision.kind == "use"}
    assert named == kinds
    assert wider <= kinds


BILLS = DATA.joinpath("bills.yaml").read_text("utf-8")
PROVISIONS = DATA.joinpath("provisions.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("unit: days", "unti: days", "unknown key 'unti'"),
        ("unit: days", "unit: days\n  unit: weeks", "stands twice"),
        ("unknown: [2020, 2021, 2023]", "unknown: [2020, 2021]", "once"),
        ("unknown: [2020, 2021, 2023]", "unknown: [2020, 2020, 2021, 2023]", "once"),
        ("unknown: [2020, 2021, 2023]", "unknown: [2020, 2021, 2022, 2023]", "2022"),
        ("text_status: secondary", "text_status: rumour", "verbatim or secondary"),
        ("text_status: secondary", "text_status: unknown", "verbatim or secondary"),
        ("source: digests", "source: hearsay", "hearsay"),
        ("kind: number", "kind: sum", "kind is one of"),
        ("value: 30,", "value: thirty,", "no value for a provision of kind number"),
        ("value: 30,", "value: true,", "no value for a provision of kind number"),
        ("check: days", "check: daze", "find.check"),
        ("id: eligibility.lead-days", "id: eligibility.exceptions", "stands twice"),
    ],
)
def test_damaged_provisions_are_refused(old: str, new: str, message: str) -> None:
    assert old in PROVISIONS
    with pytest.raises(BadInput, match=re.escape(message)):
        read_provisions(PROVISIONS.replace(old, new, 1), "provisions.yaml", ACT.bills)


def test_damaged_bills_and_lexica_are_refused() -> None:
    with pytest.raises(BadInput, match="unknown key 'enacted'"):
        read_bills(BILLS.replace("status: introduced", "enacted: 2020-01-01", 1), "bills.yaml")
    lexicon = DATA.joinpath("uses.yaml").read_text("utf-8")
    with pytest.raises(BadInput, match="two uses"):
        read_lexicon(lexicon.replace("[pbis,", "[nurses, pbis,", 1), "uses.yaml")
    with pytest.raises(BadInput, match="no valid YAML"):
        read_bills("- {", "bills.yaml")


def test_every_entry_of_the_coverage_is_real_and_every_provision_is_covered() -> None:
    named = {key for entry in load_coverage() for key in entry.encoded}
    assert named - {"bills", "notice"} == set(ACT.provisions)
    assert all(entry.left_out or entry.encoded for entry in load_coverage())


def units(text: str) -> dict[tuple[str, int], str]:
    """Number the lines of each section; heads of tables and rules under them are no statements."""
    found: dict[tuple[str, int], str] = {}
    heading, number = "", 0
    lines = [line.strip() for line in text.splitlines()]
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("#"):
            if line.startswith("## "):
                heading, number = line[3:], 0
            continue
        if not line or line.startswith("|---") or after.startswith("|---"):
            continue
        number += 1
        found[heading, number] = line
    return found


@pytest.mark.shared
def test_every_statement_of_the_reference_is_encoded_or_left_out(shared_data: Path) -> None:
    reference = shared_data.parent / "reference" / "act.md"
    if not reference.is_file():
        pytest.skip(f"the reference is not beside the project ({reference} does not exist)")
    statements = units(reference.read_text("utf-8"))
    entries = [entry for entry in load_coverage() if entry.heading is not None]
    covered = set()
    for entry in entries:
        hits = [
            key
            for key in statements
            if key[1] == entry.unit
            and key[0].startswith(entry.heading or "")
            and bool(key[0]) == bool(entry.heading)
        ]
        assert len(hits) == 1, entry
        assert (entry.word or "") in statements[hits[0]], entry
        covered.add(hits[0])
    assert set(statements) - covered == set()


def test_the_table_in_the_docs_is_up_to_date() -> None:
    assert DOCS.read_text("utf-8") == markdown(), "run: homeroom act show --markdown"


def test_unverified_figures_are_in_no_data_file() -> None:
    for name in ("bills.yaml", "provisions.yaml", "uses.yaml", "coverage.yaml"):
        text = DATA.joinpath(name).read_text("utf-8")
        assert not re.search(r"46,000|14 million|nearly 3x|\(b\)\(12\)|10389\(4\)", text), name
