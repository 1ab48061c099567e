"""Documents as somebody writes them who never read the reference: as meant, or with the mend."""

from __future__ import annotations

import re
from decimal import Decimal

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_cases import AUSTIN

from homeroom.errors import BadInput
from homeroom.plans.document import Plan, from_dict, load, read, written
from homeroom.plans.format.pages import reference, schema
from homeroom.plans.worked import EXAMPLES, examples

HEAD = f"name: A\nplace: {AUSTIN}\nstart: 2026\nyears: 3\n"


def as_meant(text: str) -> Plan:
    return read(HEAD + text)


MEANT = [
    ("officers: {remove: half}", "officers.share", Decimal("0.5")),
    ("officers: remove 10", "officers.hundredths", 1000),
    ("officers: cut 25%", "officers.share", Decimal("0.25")),
    ("SROs: {phase out: [25%, half, all]}", "officers.share", Decimal(1)),
    ("police: keep", "officers.form", "keep"),
    ("officers: {end: 0.5 posts}", "officers.hundredths", 50),
    ("officers: {end: two thirds, schools: high schools}", "officers.where.levels", ("high",)),
    ("officers: {end: all, schools: [Akins High School, middle]}", "officers.where.names",
     ("Akins High School",)),
    ("officers: {end: all, at: secondary}", "officers.where.levels", ("middle", "high")),
    ("officers: {end: half, paid_by: city police}", "paid_by.shares", (("city", Decimal(1)),)),
    ("paid by: {district: 60%, city: 40%}", "paid_by.district", Decimal("0.6")),
    ("paid_by: not sure", "paid_by.known", False),
    ("hire: {counselors: 10}", "hire", {"counselor": 1000}),
    ("hire: {School Counsellors: 2.5 FTE, social workers: 4}", "hire",
     {"counselor": 250, "social_worker": 400}),
    ("hire: {nurses: {posts: [2, 4, 6], schools: elementary schools, contract: 10 months}}",
     "hires.nurse.steps", (200, 400, 600)),
    ("staff: {psychologist: '1,200'}", "hire", {"psychologist": 120_000}),
    ("programmes: {restorative justice: {schools: high}}", "programs.0.what",
     "restorative_practices"),
    ("security: {cameras: 24}", "security.0.units", 2400),
    ("security: [metal detectors]", "security.0.units", None),
    ("yearly growth: 3%", "growths.wages", Decimal(3)),
    ("inflation: {salaries: 3.5%, goods: 2%}", "growth", 350),
    ("yearly_growth: 3", "growth", 300),
    ("budget: $1.2 million", "budget", 120_000_000),
    ("new local money: 85,000", "budget", 8_500_000),
    ("transition: {officers leave: 1 year, staff start: half a year}", "start_after", 6),
    ("grant: {from: the state, share: 50%, years: 2, then: stop, for: [new staff]}",
     "grant.pays_for", ("hire",)),
    ("mou: {notice: 90 months, exit fee: 250k, by: section 4}", "agreement.exit_cost", 25_000_000),
    ("fiscal year starts: July", "fiscal_month", 7),
    ("today: {students: '72,000', staff: {SROs: 40, counselors: 150}, source: HR}",
     "today.staff", {"officer": 4000, "counselor": 15_000}),
    ("ratios: {counselors: 300}", "ratios", {"counselor": 300}),
    ("officer costs: {vehicle: 9k, insurance: $1500}", "officer_costs.total", 1_050_000),
    ("baseline: 2017-2018", "baseline", "2017-18"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "path", "value"), MEANT, ids=[text for text, *_ in MEANT])
def test_a_strangers_document_is_taken_as_meant(text: str, path: str, value: object) -> None:
    held: object = as_meant(text)
    for name in path.split("."):
        if isinstance(held, dict):
            held = held[name]
        else:
            held = held[int(name)] if isinstance(held, tuple) else getattr(held, name)
    assert held == value
    assert read(written(as_meant(text))) == as_meant(text)


MENDED = [
    ("yearly_growth: 0.03", "write `3%` or `0.03%`"),
    ("officers: {end: 0.5}", "write `half` or `0.5 posts`"),
    ("officers: {keep: 0.25}", "write `25%` or `0.25 posts`"),
    ("officers: half", "expected a mapping with"),
    ("hire: {counsellar: 3}", "Did you mean `counselor`?"),
    ("hire: {principal: 1}", "the keys are ['counselor'"),
    ("offcers: {end: half}", "Did you mean `officers`?"),
    ("officers: {ende: half}", "Did you mean `end`?"),
    ("programs: {restoritive_practices: 3}", "Did you mean `restorative_practices`?"),
    ("hire: {counselor: 50%}", "expected a number of full-time equivalents"),
    ("paid_by: mayor", "expected one of district, city, county, state, unknown"),
    ("paid_by: {district: 60%, city: 30%}", "add up to 100%, found 90%"),
    ("grant: {source: x, share: 50}", "write `50%`"),
    ("grant: {source: the Act, share: half, act: 2024}", "There is no version '2024'"),
    ("hire: {counselor: {posts: 3, contract: 6 months}}", "write `10 months`"),
    ("prices: {counselor: 85000}", "expected a mapping with"),
    ("today: {file: staff.csv}", "only in a plan file on your own computer"),
    ("officers: {end: 3, remove: 4}", "end stands twice"),
    ("transition: {officers_leave_after: soon}", "as in `6 months`"),
    ("budget: lots", "write a number such as 85000"),
    ("assumptions: [{action: counselor, outcome: arrests, central: 0.1}]\nhire: {counselor: 1}",
     "write `10%` or `0.1%`"),
    ("officers: {end: 10, over: 12 months, schools: 5}", "write schools' names, a level"),
    ("hire: {counselor: 10, counselors: 4}", "stands twice"),
    ("officer costs: {vehicle: 9k, insurance: $1,500}", "without commas, as in 1500"),
    ("spread: richest", "expected one of gaps, students, even"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "mend"), MENDED, ids=[text for text, _ in MENDED])
def test_what_could_mean_two_things_is_refused_with_the_mend(text: str, mend: str) -> None:
    with pytest.raises(BadInput, match=re.escape(mend)) as refused:
        as_meant(text)
    assert len(str(refused.value)) < 700


@pytest.mark.parametrize(
    ("start", "said"),
    [("2026-27", 2026), ("2026-2027", 2026), ("SY 2026-27", 2026), ("fall 2026", 2026),
     ("FY2027", "write the school year"), ("2026-28", "as in `2026` or `2026-27`"),
     ("26", "from 2000 to 2100")],
)  # fmt: skip
def test_a_school_year_is_read_by_its_first_year(start: str, said: object) -> None:
    document = {"name": "A", "place": AUSTIN, "start": start, "years": 1}
    if isinstance(said, int):
        assert from_dict(document).start == said
    else:
        with pytest.raises(BadInput, match=re.escape(str(said))):
            from_dict(document)


@given(
    st.sampled_from(["keep", "end"]), st.integers(0, 10_000), st.integers(0, 10_000),
    st.integers(0, 1000), st.dictionaries(st.sampled_from(["counselor", "nurse"]),
                                          st.lists(st.integers(0, 9999), min_size=1, max_size=4)),
)  # fmt: skip
def test_a_plan_written_is_read_as_the_same_plan(
    form: str, posts: int, share: int, growth: int, hire: dict[str, list[int]]
) -> None:
    plan = from_dict(
        {"name": "Plan: 1 # no", "place": AUSTIN, "start": 2026, "years": 4,
         "officers": {form: f"{posts / 100} posts"}, "guards": {form: f"{share / 100}%"},
         "hire": {role: [n / 100 for n in steps] for role, steps in hire.items()},
         "yearly_growth": f"{growth / 100}%"}
    )  # fmt: skip
    assert read(written(plan)) == plan


def test_every_example_is_valid_under_the_schema_and_survives_writing() -> None:
    checks = jsonschema.Draft202012Validator(schema())
    checks.check_schema(schema())
    for name, text in examples().items():
        plan = load(EXAMPLES / f"{name}.yaml")  # type: ignore[arg-type]
        assert read(written(plan)) == plan
        import yaml

        assert list(checks.iter_errors(yaml.safe_load(text))) == []
        assert list(checks.iter_errors(yaml.safe_load(written(plan)))) == []
    assert list(checks.iter_errors({"name": "A"}))


def test_the_reference_has_every_key_once() -> None:
    page = reference()
    for part in ("Plan", "Change", "Hire", "Where", "Grant", "PriceGiven", "Today", "Agreement"):
        assert page.count(f"## {part}\n") == 1
    assert page.count("| `paid_by` |") == 1
