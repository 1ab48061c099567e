"""Run the cases that stand in act/*.yaml: at least one for and one against, for each provision."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from homeroom.errors import BadInput
from homeroom.law.act.billxml import parse_bill
from homeroom.law.act.check import check
from homeroom.law.act.facts import facts_from
from homeroom.law.act.parameters import Act, TextStatus, load_act
from homeroom.law.act.sidebyside import compare
from homeroom.law.act.uses import use
from homeroom.law.documents import mapping, parse
from homeroom.law.logic import plain

HERE = Path(__file__).parent
KEYS = "name version date boundary facts suppose question answer says holds use fits by text mark"
RUNS = {"answer", "says", "holds", "fits", "mark"}


def read_cases(text: str, where: str) -> list[dict[str, Any]]:
    cases = []
    for row in parse(text, where):
        case = mapping(row, where, required="rule applies", optional=f"{KEYS} passages")
        if not RUNS.intersection(case):
            raise BadInput(f"{where}: {case['rule']}: the case expects nothing.")
        cases.append(case)
    return cases


CASES = [
    pytest.param(case, id=f"{path.stem}-{number}-{case.get('name', case['rule'])}")
    for path in sorted((HERE / "act").glob("*.yaml"))
    for number, case in enumerate(read_cases(path.read_text("utf-8"), path.name))
]


def supposed(act: Act, case: dict[str, Any]) -> Act:
    """Suppose that a silent provision said something, to see that the rule would follow it."""
    if "suppose" not in case:
        return act
    provision, bill = act.provisions[case["rule"]], act.bill(case["version"])
    said = case["suppose"]
    value = replace(
        provision.values[bill.id],
        content=tuple(said) if isinstance(said, list) else said,
        text_status=TextStatus.SECONDARY,
    )
    changed = replace(provision, values={**provision.values, bill.id: value})
    return replace(act, provisions={**act.provisions, provision.id: changed})


def tiny_bill(sentence: str) -> bytes:
    return (
        "<bill><form><congress>119th CONGRESS</congress><legis-num>S. 9902</legis-num></form>"
        "<legis-body><section><enum>3.</enum><header>Example</header>"
        f"<text>{escape(sentence)}</text></section></legis-body></bill>"
    ).encode()


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    act = supposed(load_act(), case)
    bill = act.pending_on(case["date"]) if "date" in case else act.bill(case["version"])
    content = None if bill is None else plain(act.value(case["rule"], bill).content)
    if "says" in case:
        assert content == case["says"]
    if "holds" in case:
        assert case["holds"] in str(content)
    if "answer" in case:
        result = check(
            facts_from(case["facts"]),
            version=case["version"],
            boundary=case.get("boundary", "at_least"),
            act=act,
        )
        finding = result.answer(case["question"])
        assert finding.answer == case["answer"]
        touched = {entry.rule for entry in finding.trace}
        # The number of days is a parameter of two rules, and speaks through them.
        assert case["rule"] in touched or case["rule"] == "eligibility.lead-days"
    if "fits" in case:
        fit = use(case["use"], version=case["version"])
        assert fit.fits == case["fits"]
        if fit.fits != "unknown":
            assert fit.rule == case.get("by", case["rule"])
    if "mark" in case:
        rows = compare(parse_bill(tiny_bill(case["text"]), "tiny.xml"), case["version"]).rows
        row = next(row for row in rows if row.provision.id == case["rule"])
        assert (row.mark, len(row.passages)) == (case["mark"], case["passages"])


def test_every_provision_has_a_case_for_and_a_case_against() -> None:
    cases = [case.values[0] for case in CASES]
    for applies in (True, False):
        named = {case["rule"] for case in cases if case["applies"] is applies}
        assert set(load_act().provisions) - named == set()
        assert named - set(load_act().provisions) == set()


@pytest.mark.parametrize(
    "text", ["- {rule: a, applies: true, says: 1, sais: 2}", "- {rule: a, applies: true}"]
)
def test_the_keys_of_a_case_are_a_closed_set(text: str) -> None:
    with pytest.raises(BadInput):
        read_cases(text, "case.yaml")
