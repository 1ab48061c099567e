from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.errors import Ambiguous, BadInput
from homeroom.law.act import LeaFacts, check, diff, facts_from, load_act, use
from homeroom.law.act.check import QUESTIONS
from homeroom.law.act.facts import REPORT_ITEMS
from homeroom.law.act.uses import match
from homeroom.law.logic import Truth

DAYS = st.dates(min_value=date(2025, 6, 1), max_value=date(2025, 12, 1))
BOOLS = st.booleans()
KNOWN = st.builds(
    lambda standing, day: (standing, day if standing == "ended" else None),
    st.sampled_from(["never", "running", "ended"]),
    DAYS,
)


@st.composite
def full_facts(draw: st.DrawFn) -> LeaFacts:
    contract, contract_end = draw(KNOWN)
    police, dissolved = draw(KNOWN)
    return LeaFacts(
        contract=contract,
        contract_end_date=contract_end,
        own_police=police,
        own_police_dissolved=dissolved,
        grant_start_date=draw(DAYS),
        application_date=draw(DAYS),
        officers_during_grant=draw(BOOLS),
        application_parts=("plan",),
        share_disadvantaged=draw(st.floats(0, 1)),
        federal_money_for_officers=draw(BOOLS),
        cops_grant_for_officers=draw(BOOLS),
        reports_published=tuple(draw(st.sets(st.sampled_from(REPORT_ITEMS)))),
    )


NAMES = list(LeaFacts.__dataclass_fields__)


@settings(max_examples=200)
@given(full_facts(), st.sets(st.sampled_from(NAMES)), st.sampled_from([2020, 2021, 2023, 2025]))
def test_learning_a_fact_never_overturns_an_answer(
    full: LeaFacts, hidden: set[str], version: int
) -> None:
    # A date implies its standing, so that hiding only the standing hides nothing.
    partial = replace(full, **dict.fromkeys(hidden, None))
    known, guessed = check(full, version=version), check(partial, version=version)
    for before, after in zip(guessed.answers, known.answers, strict=True):
        if before.finding.answer is not Truth.UNKNOWN:
            assert before.finding.answer == after.finding.answer, before.id


@given(full_facts())
def test_with_all_facts_known_2025_settles_eligibility_or_names_the_gap(full: LeaFacts) -> None:
    finding = check(full).answer("eligible")
    if finding.answer is Truth.UNKNOWN:
        assert full.contract == full.own_police == "never"
        assert all(name.startswith("eligibility.never-had-officers") for name in finding.unknowns)


def test_the_contract_of_the_answer() -> None:
    document = check(LeaFacts(), version="hr2739-119", place="lea:4808940").as_dict()
    assert json.loads(json.dumps(document)) == document
    assert document["version"] == "hr2739-119"
    assert document["status"] == "introduced"
    assert document["place"] == "lea:4808940"
    assert "is a bill, not law" in str(document["notice"])
    answers = document["answers"]
    assert isinstance(answers, list)
    assert len(answers) == len(QUESTIONS)
    for answer in answers:
        assert set(answer) == {"question", "answer", "trace"}
        assert answer["answer"] in {"yes", "no", "unknown"}
        assert answer["trace"]
        for entry in answer["trace"]:
            assert set(entry) == {"rule", "citation", "text_status", "facts", "result"}
            assert entry["text_status"] in {"verbatim", "secondary", "unknown"}
    assert "own_police" in document["unknowns"]


def test_every_silence_of_the_version_is_listed() -> None:
    act = load_act()
    for bill in act.bills:
        listed = {name.split(":")[0] for name in check(LeaFacts(), version=bill.id).unknowns}
        silent = {
            key
            for key, provision in act.provisions.items()
            if provision.values[bill.id].content is None and not key.startswith("use.")
        }
        assert silent <= listed


def test_the_trace_shows_the_days() -> None:
    facts = LeaFacts(contract_end_date=date(2025, 8, 2), grant_start_date=date(2025, 9, 1))
    entry = check(facts).answer("must-end-contract").trace[0].as_dict()
    assert entry["facts"] == {
        "contract": "ended",
        "contract_end_date": "2025-08-02",
        "grant_start_date": "2025-09-01",
        "days_required": 30,
        "boundary": "at_least",
        "days_between": 30,
    }


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"contract_ended": "2025-01-01"}, "unknown key"),
        ({"contract": "perhaps"}, "expected one of"),
        ({"contract": "running", "contract_end_date": "2025-01-01"}, "correct one"),
        ({"contract_end_date": "1 May"}, "like 2025-08-01"),
        ({"grant_start_date": 20250501}, "like 2025-08-01"),
        ({"grant_start_date": datetime(2025, 5, 1)}, "like 2025-08-01"),  # noqa: DTZ001
        ({"share_disadvantaged": 53}, "from 0 to 1"),
        ({"share_disadvantaged": float("nan")}, "from 0 to 1"),
        ({"officers_during_grant": "no"}, "true or false"),
        ({"reports_published": ["budget"]}, "none of"),
        ({"application_parts": "plan"}, "list of words"),
        ({"application_parts": 5}, "list of words"),
        (["contract"], "expected a mapping"),
    ],
)
def test_wrong_facts_are_refused(document: object, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        facts_from(document)


@pytest.mark.parametrize("place", ["4808940", "lea:480894", "lea:48089400", "school:4808940", ""])
def test_a_place_that_is_no_district_is_refused(place: str) -> None:
    with pytest.raises(BadInput, match="seven digits"):
        check(LeaFacts(), place=place)


def test_a_boundary_that_does_not_exist_is_refused() -> None:
    with pytest.raises(BadInput, match="at_least"):
        check(LeaFacts(), boundary="about")


@pytest.mark.parametrize(
    "phrase",
    ["security", "training", "metal detectors and cameras", "police training in PBIS, SROs"],
)
def test_an_ambiguous_use_is_asked_back(phrase: str) -> None:
    with pytest.raises(Ambiguous) as caught:
        use(phrase)
    assert len(caught.value.choices) > 1


def test_every_choice_that_is_offered_is_understood() -> None:
    from homeroom.law.act.uses import load_lexicon

    for choices in load_lexicon().ambiguous.values():
        for choice in choices:
            assert len(match(choice)) == 1, choice


@pytest.mark.parametrize(
    "phrase", ["alternatives to zero tolerance", "ending police partnerships", "a swimming pool"]
)
def test_doing_away_with_a_use_is_no_use(phrase: str) -> None:
    fit = use(phrase)
    assert (fit.fits, fit.rule, fit.as_dict()["source"]) == (
        "unknown",
        "use.unlisted",
        "none found",
    )


def test_an_empty_use_is_refused() -> None:
    with pytest.raises(BadInput, match="empty"):
        use(" ?! ")


@given(st.text(max_size=40))
def test_any_phrase_gets_an_answer_or_a_clear_refusal(phrase: str) -> None:
    with suppress(Ambiguous, BadInput):
        assert use(phrase).fits in set(Truth)


def test_a_wider_use_decides_only_where_the_narrow_one_is_silent() -> None:
    assert use("cameras", version=2025).rule == "use.cameras"
    fit = use("cameras", version=2021)
    assert (fit.fits, fit.rule) == ("no", "use.surveillance-equipment")
    assert "a camera that watches" in fit.reason


def test_diff_of_2021_and_2025() -> None:
    first, second, rows = diff("2021", "2025")
    changes = {row.provision.id: row.change for row in rows}
    assert (first.id, second.id) == ("s2125-117", "hr2739-119")
    assert set(changes) == set(load_act().provisions)
    assert changes["ban.officer-term"] == "changed"
    assert changes["ban.acts"] == "same"
    assert changes["grants.authorised-total"] == "same"
    assert changes["eligibility.lead-days"] == "unknown"
    assert {row.change for row in diff(2023, 2023)[2]} == {"same", "unknown"}


def test_diff_of_2020_and_2021_shows_what_the_summaries_dropped() -> None:
    changed = {row.provision.id for row in diff(2020, 2021)[2] if row.change == "changed"}
    assert {
        "ban.officer-term", "ban.places", "use.required", "grants.authorised-total",
        "purpose.finding-1-terms", "cops.barred-purpose", "purpose.grant-aims",
        "use.trauma-informed-services",
    } == changed  # fmt: skip


def test_never_had_officers_does_not_stand_against_officers_that_schools_reported() -> None:
    never = {"contract": "never", "own_police": "never"}
    alone = check(LeaFacts(**never))
    assert str(alone.answer("must-dissolve-police").answer) == "no"
    assert alone.contradictions == ()
    held = check(LeaFacts(**never, officers_reported=39.0, officers_reported_in="2017-18"))
    assert "39.00 full-time officers for 2017-18" in held.contradictions[0]
    for question in ("must-end-contract", "must-dissolve-police"):
        assert str(held.answer(question).answer) == "unknown"


@pytest.mark.parametrize("words", ["plainclothes police", "plain-clothes police officers"])
def test_police_in_plain_clothes_are_police(words: str) -> None:
    found, uniformed = use(words), use("school resource officers")
    assert (str(found.fits), found.rule) == (str(uniformed.fits), uniformed.rule) == (
        "no", "use.officers",
    )  # fmt: skip
