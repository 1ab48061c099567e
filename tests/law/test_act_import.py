from __future__ import annotations

from pathlib import Path

import pytest

from homeroom.errors import BadInput
from homeroom.law.act import LeaFacts, check
from homeroom.law.act.billxml import LARGEST, parse_bill, read_bill
from homeroom.law.act.sidebyside import compare

OWN = Path(__file__).parent / "fixtures" / "own-bill.xml"
GOOD = OWN.read_bytes()


@pytest.fixture(scope="module")
def marks() -> dict[str, tuple[str, list[str]]]:
    result = compare(read_bill(OWN), "2025")
    return {
        row.provision.id: (row.mark, [passage.path for passage in row.passages])
        for row in result.rows
    }


def test_the_head_and_the_numbered_units_are_read() -> None:
    bill = read_bill(OWN)
    assert (bill.id, bill.number, bill.congress, bill.date) == (
        "s9901-119", "S. 9901", 119, "2025-05-05",
    )  # fmt: skip
    assert [one.path for one in bill.sections] == ["1", "2", "3", "4", "5"]
    by_path = {one.path: one for one in bill.passages}
    assert by_path["1"].text == "This Act may be cited as the \u201cExample Act\u201d."
    assert by_path["3(b)(1)"].text.startswith("it terminated each contract")
    assert by_path["3(b)(1)"].above == "Grants Conditions An agency is eligible if\u2014"
    assert "(24) to try out a quoted block." in by_path["4"].text
    assert "4(24)" not in by_path


@pytest.mark.parametrize(
    ("rule", "mark", "path"),
    [
        ("eligibility.lead-days", "contradicts", "3(b)(1)"),
        ("eligibility.contract-ended", "confirms", "3(b)(1)"),
        ("grants.authorised-total", "confirms", "5"),
        ("ban.acts", "confirms", "2"),
        ("use.metal-detectors", "confirms", "3(d)(1)"),
        ("use.cameras", "contradicts", "3(c)(2)"),
        ("use.counselors", "confirms", "3(c)(1)"),
        ("use.social-workers", "confirms", "3(c)(1)"),
        ("use.officers", "confirms", "2"),
        ("purpose.short-title", "leaves open", "1"),
        ("eligibility.application-parts", "leaves open", "3(b)(2)"),
        ("cops.mechanics", "leaves open", "4"),
    ],
)
def test_rules_are_marked(
    marks: dict[str, tuple[str, list[str]]], rule: str, mark: str, path: str
) -> None:
    assert marks[rule][0] == mark
    assert marks[rule][1][0] == path


def test_what_the_text_does_not_name_is_left_open(
    marks: dict[str, tuple[str, list[str]]],
) -> None:
    for rule in ("use.nurses", "use.facial-recognition", "grants.set-asides", "report.privacy"):
        assert marks[rule] == ("leaves open", [])


def test_findings_bar_nothing() -> None:
    text = GOOD.replace(b"<text>A recipient may not use", b"<text>Congress finds none may not use")
    assert text != GOOD
    rows = {row.provision.id: row for row in compare(parse_bill(text, "x"), 2025).rows}
    assert rows["use.metal-detectors"].passages == ()


def test_a_text_that_bars_and_allows_is_left_open() -> None:
    text = GOOD.replace(b"security cameras; and", b"metal detectors; and")
    rows = {row.provision.id: row for row in compare(parse_bill(text, "x"), 2025).rows}
    assert rows["use.metal-detectors"].mark == "leaves open"
    assert len(rows["use.metal-detectors"].passages) == 2


def test_a_foreign_bill_needs_a_named_version_and_is_flagged() -> None:
    with pytest.raises(BadInput, match=r"S\. 9901 of the 119th"):
        compare(read_bill(OWN))
    assert "S. 9901 (119th)" in compare(read_bill(OWN), 2021).warning


def test_a_version_recognizes_itself_also_as_its_companion() -> None:
    text = GOOD.replace(b"119th CONGRESS", b"117th CONGRESS").replace(b"S. 9901", b"H. R. 4011")
    result = compare(parse_bill(text, "x"))
    assert (result.bill.id, result.warning) == ("s2125-117", "")


def test_confirmed_rules_become_verbatim_and_cite_the_section() -> None:
    from homeroom.law.act.parameters import load_act

    act = compare(read_bill(OWN), 2025).attached(load_act())
    trace = check(LeaFacts(contract="running"), act=act).answer("must-end-contract").trace
    assert (trace[0].text_status, trace[0].citation) == ("verbatim", "S. 9901, section 3(b)(1)")
    bill = act.bill(2025)
    assert act.value("eligibility.lead-days", bill).text_status == "secondary"
    assert load_act().value("grants.rolling", bill).text_status == "secondary"


HEAD = b'<?xml version="1.0"?>\n'
LAUGHS = b"".join(
    b'<!ENTITY a%d "%s">' % (level, b"&a%d;" % (level - 1) * 10) for level in range(1, 10)
)
HOSTILE = {
    "outside file": (
        HEAD + b'<!DOCTYPE bill [<!ENTITY x SYSTEM "file:///etc/passwd">]><bill>&x;</bill>',
        "declares things of its own",
    ),
    "parameter entity": (
        HEAD + b'<!DOCTYPE bill [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x">%x;]><bill/>',
        "declares things of its own",
    ),
    "billion laughs": (
        HEAD + b'<!DOCTYPE bill [<!ENTITY a0 "ha">' + LAUGHS + b"]><bill>&a9;</bill>",
        "declares things of its own",
    ),
    "empty internal subset": (HEAD + b"<!DOCTYPE bill []><bill/>", "declares things of its own"),
    "undeclared entity": (
        GOOD.replace(b"security cameras", b"&cameras;"),
        "uses an entity",
    ),
    "cut off": (GOOD[: len(GOOD) // 2], "no complete XML file"),
    "empty": (b"", "no complete XML file"),
    "no XML": (b"%PDF-1.7", "no complete XML file"),
    "two roots": (GOOD + b"<bill/>", "no complete XML file"),
    "a resolution": (HEAD + b"<resolution><form/></resolution>", "expected a bill"),
    "a web page": (HEAD + b"<html><body/></html>", "expected a bill"),
    "no form": (HEAD + b"<bill><legis-body/></bill>", "expected <form>"),
    "USLM": (
        HEAD + b'<bill xmlns="http://schemas.gpo.gov/xml/uslm"><meta/><main/></bill>',
        "USLM",
    ),
    "no section": (
        GOOD[: GOOD.index(b"<section")] + b"</legis-body></bill>",
        "holds no section",
    ),
    "no number": (GOOD.replace(b"S. 9901", b"[DISCUSSION DRAFT]"), "expected a number"),
    "deep nesting": (b"<bill>" * 5000, "nested more than"),
    "odd encoding": (b'<?xml version="1.0" encoding="x-none"?><bill/>', "encoding|no complete"),
    "too large": (b" " * (LARGEST + 1), "larger"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_broken_files_are_refused(name: str, tmp_path: Path) -> None:
    content, message = HOSTILE[name]
    path = tmp_path / "bill.xml"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=message):
        read_bill(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.xml", tmp_path):
        with pytest.raises(BadInput, match="cannot be read"):
            read_bill(path)


def test_every_cut_of_a_good_file_is_refused() -> None:
    end = len(GOOD.rstrip())
    for length in range(0, end, 97):
        with pytest.raises(BadInput):
            parse_bill(GOOD[:length], "cut.xml")
