"""Claims of other kinds than outcomes: who is asked, what is answered, what is honestly not."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from homeroom.claims.catalogue import catalogue, entry_of
from homeroom.cli.main import cli
from homeroom.errors import Ambiguous

CONTRACT = {
    "status", "kind", "question", "statistic", "relation", "unread", "miss", "say_instead",
    "verdict", "stated_value", "value", "sentence", "sources",
}  # fmt: skip
ASKED = {
    "measure", "group", "versus", "comparator", "place", "wave", "sex", "disability", "schools",
}  # fmt: skip


# Truth: the CRDC's school files of Texas and Houston 2017-18 in the starter facts (officers 4,078
# and 121.3, social workers 619 and 32.1, 422 students a counselor), SSOCS 2018 (51.2 percent), the
# Post's 428 shootings, and OCR's state tables of referrals.
@pytest.mark.parametrize(
    ("sentence", "kind", "verdict", "value"),
    [
        ("Texas public schools employed about 4,000 police officers in 2017-18.", "staff", "holds",
         4078.24),
        ("Texas schools have more police officers than social workers.", "staff", "holds", 6.59),
        ("Texas schools have fewer police officers than social workers.", "staff",
         "does_not_hold", 6.59),
        ("Houston ISD has four times as many police officers as social workers.", "staff", "holds",
         3.776),
        ("In Texas, there are 434 students per counselor.", "staff", "close", 422.4),
        ("The student-to-counselor ratio in Texas is 250:1.", "staff", "does_not_hold", 422.4),
        ("51 percent of public schools had a police officer at least once a week in 2017-18.",
         "survey", "holds", 51.2),
        ("Two-thirds of public schools had a police officer in 2016.", "survey", "does_not_hold",
         47.7),
        ("There have been 428 school shootings since Columbine.", "shootings", "holds", 428),
        ("An officer or guard was present in nearly half of school shootings.", "shootings",
         "close", 43.7),
        ("Virginia has the highest rate of referrals to law enforcement in 2017-18.", "rank",
         "holds", 1),
        ("Virginia has the highest rate of arrests in 2017-18.", "rank", "does_not_hold", None),
        ("In every state, Black students are arrested at a higher rate than white students.",
         "number_of_states", "does_not_hold", None),
        ("Police arrested three times more Black students than white students in 2017-18.",
         "count_ratio", "does_not_hold", 0.9185),
        ("Black students are arrested at twice their share of enrollment.", "composition_index",
         "holds", 2.09),
        ("The Black-white arrest gap narrowed between 2015-16 and 2017-18.", "gap_trend", "holds",
         -0.584),
        (("Arrests of Black students fell while arrests of white students rose from 2015-16 to "
         "2017-18."), "change", "holds", -9.73),
        ("Fewer Black students were arrested in 2017-18 than in 2015-16.", "change", "holds",
         -9.73),
        ("2,541 more students were arrested in 2017-18 than in 2015-16.", "change", "holds", 2541),
        ("In 2015-16, arrests were 5 percent lower than in 2017-18.", "change", "holds", 4.907),
    ],
)  # fmt: skip
def test_a_claim_is_held_against_what_knows_of_it(room, sentence, kind, verdict, value) -> None:
    found = room.check(sentence).as_dict()
    assert (found["kind"], found["verdict"]) == (kind, verdict), found["sentence"]
    assert found["status"] == "checked"
    assert set(found) >= CONTRACT
    assert set(found["question"]) == ASKED
    if value is not None:
        assert found["value"] == pytest.approx(value, rel=2e-3)
    assert (found["say_instead"] is None) == (verdict == "holds")
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize(
    ("sentence", "kind", "says"),
    [
        ("Police in schools cause more arrests of Black students.", "effect", "What would settle"),
        ("Hiring counselors reduces arrests by 20 percent.", "effect", "What would settle"),
        (("Because of school resource officers, Black students are arrested at three times the "
         "rate of white students."), "effect", "The figure alone can be checked"),
        ("The federal government has spent $1 billion on school police since 1998.",
         "federal_money", "USAspending.gov"),
        ("California law bans willful defiance suspensions.", "state_law", "50-State"),
        ("Illinois requires schools to end agreements with police.", "state_law", "also says"),
        ("Wyoming law requires an officer in every school.", "state_law", "No rule of Wyoming"),
        ("Black adults are arrested at three times the rate of white adults.", "other_people",
         "Crime Data Explorer"),
        ("In Canada, Black students are arrested at three times the rate of white students.",
         "elsewhere", "United States"),
        ("The nation's schools have 482 students per counselor.", "staff", "High schools only"),
        ("The moon is made of green cheese.", "other", "nothing of students"),
    ],
)  # fmt: skip
def test_what_cannot_be_tested_says_why_and_where_it_could_be(room, sentence, kind, says) -> None:
    found = room.check(sentence)
    assert (found.status, found.kind, found.value) == ("cannot", kind, None)
    assert says in found.sentence


# Truth: the rules in law/states (HB 3 of 2023, the Safe to Learn Act, Va. Code 22.1-253.13:2), the
# lines of context/federal_money.csv.
@pytest.mark.parametrize(
    ("sentence", "kind", "verdict"),
    [
        ("Texas law requires an armed officer at every school.", "state_law", "holds"),
        ("Florida requires a police officer in every public school.", "state_law", "close"),
        ("Maryland requires every school to have a school resource officer.", "state_law", "close"),
        ("Virginia law requires one counselor for every 325 students.", "state_law", "holds"),
        ("Virginia law requires one counselor for every 250 students.", "state_law",
         "does_not_hold"),
        ("The School Violence Prevention Program awarded $73 million in 2024.", "federal_money",
         "holds"),
        ("The Bipartisan Safer Communities Act provided $2 billion for school mental health.",
         "federal_money", "does_not_hold"),
        ("The Trump administration canceled $1 billion in school mental health grants.",
         "federal_money", "holds"),
        ("Austin ISD cut its police officers by 10 percent from 2017-18 to 2020-21.", "staff",
         "holds"),
        ("Austin ISD had more social workers in 2020-21 than in 2017-18.", "staff",
         "does_not_hold"),
        ("Austin ISD has 39 police officers and 189 counselors.", "staff", "holds"),
        ("Virginia meets the recommended ratio of one nurse for every 750 students.", "staff",
         "does_not_hold"),
        ("In 2021-22, there were 57 school shootings.", "shootings", "holds"),
    ],
)  # fmt: skip
def test_law_money_and_staff_over_time_have_verdicts(room, sentence, kind, verdict) -> None:
    found = room.check(sentence)
    assert (found.kind, found.verdict) == (kind, verdict), found.sentence
    assert found.status == "checked"
    assert set(found.as_dict()["question"]) == ASKED


def test_students_referred_to_police_are_no_police(room) -> None:
    found = room.check("Students referred to police rose 12 percent from 2015-16 to 2017-18.")
    assert (found.read.question.measure, found.verdict) == ("referrals", "holds")


def test_lacking_four_kinds_of_staff_is_read_both_ways(room) -> None:
    found = room.check(
        "14 million students are in schools with police but no counselor, nurse, psychologist, or "
        "social worker."
    )
    assert (found.status, found.kind) == ("cannot", "police_without_support")
    assert "Read the other way" in found.sentence
    any_one = room.check(
        "In Texas, 38 percent of students attend a school with police that lacks at least one of "
        "a counselor, nurse, psychologist, or social worker."
    )
    assert (any_one.verdict, round(any_one.value, 1)) == ("holds", 37.9)


def test_an_effect_comes_with_the_strongest_findings_of_every_side(room) -> None:
    found = room.check("Police officers make schools safer.")
    (entry,) = [one for one in found.evidence if one["kind"] == "research"]
    assert 3 <= len(entry["figures"]) <= 5
    assert all("(" in line for line in entry["figures"])  # each with its design
    assert "Better for students" in found.sentence
    assert "Worse for students" in found.sentence


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Congress should fund counselors, not cops.", "opinion"),
        ("Black students will be arrested at three times the rate of white students by 2030.",
         "forecast"),
        ("Hello there", "none"),
        ("", "none"),
    ],
)  # fmt: skip
def test_an_opinion_or_a_forecast_is_said_to_be_one(room, sentence, kind) -> None:
    found = room.check(sentence)
    assert (found.status, found.kind) == ("not_a_claim", kind)


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("The Counseling Not Criminalization in Schools Act became law in 2021.", "does_not_hold"),
        ("The Counseling Not Criminalization in Schools Act has not become law.", "holds"),
        ("The Counseling Not Criminalization in Schools Act would provide $5 billion.", "holds"),
        ("The Counseling Not Criminalization in Schools Act of 2020 would provide $5 billion.",
         "does_not_hold"),
        (("The Counseling Not Criminalization in Schools Act would bar federal money for police in "
         "schools."), "holds"),
        ("The Counseling Not Criminalization in Schools Act bans police from schools.",
         "does_not_hold"),
    ],
)  # fmt: skip
def test_the_acts_own_name_denies_nothing_and_its_text_answers(room, sentence, verdict) -> None:
    found = room.check(sentence)
    assert (found.kind, found.verdict) == ("act", verdict)


def test_the_wording_of_a_catalogue_entry_finds_the_entry(room) -> None:
    wording = catalogue()["six-times"].wording
    for said in (wording, f"Sen. Murphy said {wording}", f"\u201c{wording}\u201d Murphy said."):
        assert entry_of(said).id == "six-times"
    assert entry_of(wording.replace("six", "three")) is None
    found = room.check(catalogue()["federal-funds"].wording)
    assert (found.id, found.law[0]) == ("federal-funds", "ban.federal-funds")


def test_everything_open_is_asked_at_once_in_sentences_that_can_be_read(room) -> None:
    with pytest.raises(Ambiguous) as caught:
        room.check("In Kansas City, Black students were suspended at three times the rate.")
    for part in ("Kansas City", "Which outcome is meant?", "Compared with whom?"):
        assert part in str(caught.value)
    assert caught.value.choices
    for choice in caught.value.choices[:2]:
        found = room.check(choice)
        assert found.read.question.place.startswith("lea:")
        assert found.statement == choice


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("Black students are arrested at three times the rate of white students.", 0),
        ("Black students are arrested at three times the rate.", 2),
        ("Hiring counselors reduces arrests.", 3),
        ("Congress should act.", 3),
    ],
)
def test_the_exit_code_tells_checked_asked_and_cannot_apart(
    monkeypatch, starter_store, sentence, code
) -> None:
    monkeypatch.setenv("HOMEROOM_STORE", str(starter_store))
    found = CliRunner().invoke(cli, ["check", sentence, "--json"])
    assert found.exit_code == code
    said = json.loads(found.stdout)
    assert set(said) >= CONTRACT
    status = {0: {"checked"}, 2: {"asked"}, 3: {"cannot", "not_a_claim"}}[code]
    assert said["status"] in status


@pytest.mark.parametrize(
    "said",
    [
        "{} students are arrested at three times the rate of {} students in 2017-18.",
        "{} students are more likely to be referred to police than {} students in Texas.",
        "{} students are only twice as likely to be suspended out of school as {} students.",
        "{} students were arrested nearly as often as {} students in 2017-18.",
    ],
)
def test_swapping_the_groups_turns_the_figure_over_and_changes_no_rule(room, said) -> None:
    try:
        there = room.check(said.format("Black", "white")).as_dict()
    except Ambiguous as error:
        with pytest.raises(Ambiguous, match=str(error)[:20]):
            room.check(said.format("white", "Black"))
        return
    back = room.check(said.format("white", "Black")).as_dict()
    assert there["accepted"] == back["accepted"]
    assert (there["relation"], there["hedge"]) == (back["relation"], back["hedge"])
    assert there["value"] * back["value"] == pytest.approx(1)
    assert there["question"]["group"] == back["question"]["versus"]


@pytest.mark.parametrize(
    ("police", "counselors"),
    [
        ("Police make schools safer.", "Counselors make schools safer."),
        ("Hiring officers reduces suspensions.", "Hiring counselors reduces suspensions."),
        ("Police harm students.", "Counselors harm students."),
    ],
)
def test_praise_and_blame_of_either_side_get_the_same_answer(room, police, counselors) -> None:
    one, other = room.check(police), room.check(counselors)
    assert (one.verdict, one.kind, one.status) == (other.verdict, other.kind, other.status)
    assert one.research
    assert other.research
