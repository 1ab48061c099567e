"""The plan form covers the document, and saves and opens it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from homeroom.plans.document import Plan, from_dict, read
from homeroom.plans.format.records import keys
from homeroom.web.params import read as read_form
from homeroom.web.plan_fields import FORM, OWN, PAYER, SECTIONS
from homeroom.web.plan_reading import as_yaml, plans_of

PLACE = "lea:4808940"
FULL = {
    "place": PLACE, "start": "2027", "years": "4", "budget": "$1.2 million", "paid_by": "city",
    "employed_by": "city", "notice": "6 months", "exit_cost": "250k", "mou": "section 4",
    "overtime": "9,000", "guards_paid": "district", "t_students": "72,000", "t_officer": "40",
    "t_source": "HR", "t_year": "2025-26", "s_counselor": "61,000", "price_counselor": "98,000",
    "price_year": "2026", "grow_pay": "3%", "grow_rest": "2%", "fiscal": "July", "step": "whole",
    "vacancies": "8%", "fill": "4 months", "r_counselor": "300", "g_source": "the state",
    "g_share": "50%", "g_for": "hire, programs", "g_years": "2", "g_match": "25%", "g_then": "end",
    "name": "One", "end": "10%, half", "at": "high", "guards_end": "5", "begin": "6 months",
    "counselor": "10", "hire_at": "middle", "contract": "10 months", "spread": "students",
    "once": "100,000", "programs": "mentoring: {schools: high, price: {central: 4000, source: q}}",
    "security": "unarmed staff: {units: 12, schools: high}",
    "assume": "- {action: officers, outcome: arrests, central: 10%}",
    "name_2": "Two", "officers_2": "keep", "nurse_2": "3", "baseline": "2017-18",
    "unverified": "yes",
}  # fmt: skip


def test_the_form_says_what_the_document_says() -> None:
    one, two = plans_of(read_form(FULL, FORM))
    assert (one.start, one.years, one.budget, one.step) == (2027, 4, 120_000_000, 100)
    assert one.paid_by
    assert one.agreement
    assert one.today
    assert (one.paid_by.district, one.agreement.notice, one.employed_by) == (0, 6, "city")
    assert (one.today.enrollment, one.today.staff["officer"]) == (72_000, 4000)
    assert one.officers
    assert one.officers.where.levels == ("high",)
    assert [float(step.share or 0) for step in one.officers.steps] == [0.1, 0.5]
    assert (one.hires["counselor"].contract, one.hires["counselor"].where.levels) == (
        10, ("middle",),
    )  # fmt: skip
    assert one.grant
    assert (one.grant.years, one.grant.afterwards) == (2, "end")
    assert [item.what for item in one.items] == ["unarmed_staff", "mentoring"]
    assert one.prices["counselor"].year == 2026
    assert one.assumptions[0].central == 10
    assert (two.hire, two.items, two.paid_by) == ({"nurse": 300}, (), one.paid_by)


def test_every_key_of_the_document_can_be_asked_for_in_the_form() -> None:
    asked = {field.path.split(".")[0] for fields in SECTIONS.values() for field in fields}
    asked |= {field.path.split(".")[0] for field in (*OWN, PAYER)}
    asked |= {"name", "place", "start", "years", "budget", "officers", "hire", "transition"}
    assert {key.name for key in keys(Plan).values()} - asked == {"include_unverified"}


def test_what_is_saved_opens_as_the_same_plans(client: TestClient) -> None:
    answer = client.get("/plan.yaml", params=FULL)
    assert answer.headers["content-disposition"].endswith('filename="homeroom-plan.yaml"')
    parts = [read(text) for text in answer.text.split("---\n")]
    assert parts == plans_of(read_form(FULL, FORM))
    small = as_yaml([from_dict({"name": "A", "place": PLACE, "start": 2026, "years": 1,
                                "hire": {"nurse": 2}})])  # fmt: skip
    opened = client.post("/plan/open", files={"file": ("plan.yaml", small)}, follow_redirects=False)
    assert opened.status_code == 303
    where = urlsplit(opened.headers["location"])
    assert parse_qs(where.query)["yaml"] == [small]
    page = client.get(opened.headers["location"])
    assert page.status_code == 200
    assert "Side by side" in page.text


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "choose a file"), (b"\xff\xfe\x00", "UTF-8"), (b"# x\n" * 3000, "as an address holds")],
)
def test_a_file_that_cannot_be_opened_is_refused_in_words(
    client: TestClient, content: bytes, said: str
) -> None:
    answer = client.post("/plan/open", files={"file": ("plan.yaml", content)})
    assert answer.status_code == 400
    assert said in answer.text


def test_three_questions_come_first(client: TestClient) -> None:
    page = client.get("/plan").text
    places = [page.index(words) for words in ("1. Where", "2. Who pays", "3. What would change")]
    assert places == sorted(places)
    keys_page = client.get("/plan/keys")
    assert keys_page.status_code == 200
    assert "paid_by" in keys_page.text
    assert client.get("/plan.schema.json").json()["title"] == "Homeroom plan"


def test_a_slip_in_a_field_is_answered_with_the_mend(client: TestClient) -> None:
    page = client.get("/plan", params={"place": PLACE, "grow_pay": "0.03"})
    assert "write <code>3%</code> or <code>0.03%</code>" in page.text


def test_points_and_nothing_below_zero_are_shown_as_such(client: TestClient) -> None:
    page = client.get(
        "/plan", params={"place": PLACE, "counselor": "10", "spread": "students"}
    ).text
    assert "no range published" in page
    assert "For whom:" in page
    assert "$-0" not in page
    assert "−$0" not in page
