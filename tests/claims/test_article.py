from __future__ import annotations

from pathlib import Path

import pytest

from homeroom.api import Homeroom
from homeroom.claims.article.judging import NOT_CHECKED
from homeroom.claims.article.link import decode, encode
from homeroom.claims.article.model import Article, Kind
from homeroom.claims.article.recognized import known, recognized
from homeroom.claims.article.split import clean, sentences
from homeroom.claims.article.voices import with_voices
from homeroom.claims.catalogue import catalogue
from homeroom.errors import BadInput

STORY = (Path(__file__).parents[1] / "story_of_june_2021.txt").read_text(encoding="utf-8")
THREE = "were arrested at three times the rate of white students."
SPEAKERS = {
    "federal-funds": "The Act",
    "six-times": "Sen. Chris Murphy",
    "pipeline": "Sen. Chris Murphy",
    "trauma-professionals": "Sen. Chris Murphy",
    "officers-surge": None,
    "no-panacea": "Adam Skaggs",
    "defuse-conflicts": "Adam Skaggs",
    "sros-protect": "Mo Canady",
    "other-security": "Sen. Chris Murphy",
}


@pytest.fixture(scope="module")
def story(room: Homeroom) -> Article:
    return room.article(STORY)


def voices(text: str) -> list[tuple[str | None, str]]:
    cleaned = clean(text)
    return [(one.speaker, one.said) for one in with_voices(cleaned, sentences(cleaned))]


def test_the_story_of_june_2021_yields_its_nine_claims(story: Article) -> None:
    found = {claim.catalogue_id: claim.speaker for claim in story.claims}
    assert found == SPEAKERS
    assert len(story.claims) == 9
    assert story.summary()["text"] == (
        "9 claims: 1 does not hold, 8 cannot be tested with these data. Also 1 opinion."
    )


def test_every_claim_is_where_its_offsets_say(story: Article) -> None:
    for claim in story.claims:
        assert STORY[claim.start : claim.end] == claim.sentence
    six = next(one for one in story.claims if one.catalogue_id == "six-times")
    assert six.sentence.startswith("\u201cWe've seen")
    assert six.value == pytest.approx(1.885, abs=0.001)  # claims of OCR's tables, 2017-18
    assert six.verdict == "does_not_hold"


def test_what_cannot_be_tested_says_why_and_what_would_settle_it(story: Article) -> None:
    open_ones = [claim for claim in story.claims if claim.status != "checked"]
    assert len(open_ones) == 8
    assert all(claim.why and claim.where and claim.value is None for claim in open_ones)


def test_reviews_are_of_claims_with_a_verdict_alone(story: Article) -> None:
    (review,) = story.as_dict()["claim_reviews"]
    assert review["@type"] == "ClaimReview"
    assert review["itemReviewed"]["author"] == {"@type": "Person", "name": "Sen. Chris Murphy"}
    assert review["reviewRating"]["ratingValue"] == 1
    assert review["reviewRating"]["alternateName"] == "Does not hold"


@pytest.mark.parametrize("claim", list(catalogue().values()), ids=lambda one: one.id)
def test_the_catalogue_recognizes_its_own_wording(claim) -> None:
    assert recognized(claim.wording) == claim.id
    assert sorted(known()) == sorted(catalogue())


@pytest.mark.parametrize(
    "said",
    [
        "Black and Latino students are arrested at a rate three times that of white students.",
        "Black and Latino students are suspended at a rate six times that of white students.",
        "Officers have not stopped attackers.",
        "Would removing officers have an impact on safety?",
        "Federal money for police rose 3 percent.",
        "The board met at Parkland to hear from officers.",
    ],
)
def test_another_claim_is_not_taken_for_one_of_the_catalogue(said: str) -> None:
    assert recognized(said) is None


def test_those_shootings_point_back() -> None:
    said = "After those shootings, lawmakers rushed to put officers in schools."
    assert recognized(said) is None
    assert recognized(said, "It began at Sandy Hook and Parkland.") == "officers-surge"
    assert recognized("Lawmakers put officers in schools.", "It began at Parkland.") is None


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("\u201cWe need nurses,\u201d said Rep. Jane Roe. \u201cNow.\u201d", ["Rep. Jane Roe"] * 2),
        ("According to the report, arrests fell. Nobody knew.", ["the report", None]),
        ("Arrests fell in most schools, according to the ACLU.", ["the ACLU"]),
        ("Jane Roe, a parent, spoke. \u201cI want nurses,\u201d she said.", [None, "Jane Roe"]),
        ("Ms. Jane Roe said arrests fell. Roe said that nurses help.", ["Ms. Jane Roe"] * 2),
        ("\u201cOne thing is this. Two things are that,\u201d Jane Roe said.", ["Jane Roe"] * 2),
        ("The board met. Officers were there.", [None, None]),
    ],
)  # fmt: skip
def test_a_quote_keeps_its_speaker(text: str, speakers: list[str | None]) -> None:
    assert [who for who, _ in voices(text)] == speakers


def test_what_is_said_is_told_apart_from_who_says_it() -> None:
    ((_, said),) = voices(
        "\u201cArrests fell,\u201d Jane Roe said on Tuesday, \u201cin most schools here.\u201d"
    )
    assert said == "Arrests fell in most schools here."
    ((_, said),) = voices("Nurses, Jane Roe added, can calm a child.")
    assert said == "Nurses can calm a child."


def test_abbreviations_end_no_sentence_and_unseen_words_do() -> None:
    text = (
        "Sen. Roe of the U.S. Senate spoke at 3 p.m. on Tuesday. The arrested were Black. For them "
        "it was late."
    )
    assert [one.text for one in sentences(text)] == [
        "Sen. Roe of the U.S. Senate spoke at 3 p.m. on Tuesday.",
        "The arrested were Black.",
        "For them it was late.",
    ]


def test_place_year_and_group_are_carried_and_shown(room: Homeroom) -> None:
    found = room.article(
        "In Connecticut in 2017-18, Black students were arrested at four times the rate of white "
        "students. They made up 13 percent of enrollment."
    )
    second = found.claims[1]
    assert [(one.what, one.said, one.read_as) for one in second.carried] == [
        ("group", "They", "Black students"), ("place", "", "Connecticut"), ("wave", "", "2017-18"),
    ]  # fmt: skip
    assert second.question is not None
    assert (second.question["place"], second.question["group"]) == ("US-CT", "black")
    assert second.value == pytest.approx(12.8, abs=0.05)
    assert all(one.start == 0 and one.sure for one in second.carried)


def test_that_stands_for_group_and_outcome(room: Homeroom) -> None:
    found = room.article(
        "In 2017-18, Black students were referred to law enforcement more often than white "
        "students. That is 2.4 times the rate of white students."
    )
    assert found.claims[1].question is not None
    assert found.claims[1].question["measure"] == "referrals"
    assert found.claims[1].question["group"] == "black"


@pytest.mark.parametrize(
    "text",
    [
        f"Police officers watch Black students. They {THREE}",
        f"Black students walked while Asian students rode. They {THREE}",
        f"Nothing was said before. They {THREE}",
        "In 2017-18, 54,321 students were arrested. That is twice the rate of white students.",
        f"Black students spoke.\n\nThey {THREE}",
    ],
)  # fmt: skip
def test_a_pronoun_that_may_be_several_gets_no_verdict(room: Homeroom, text: str) -> None:
    last = room.article(text).claims[-1]
    assert (last.status, last.verdict, last.value, last.label) == ("asked", None, None, NOT_CHECKED)
    assert "meant" in last.why


def test_a_place_from_further_off_decides_nothing(room: Homeroom) -> None:
    before = "In Connecticut, Black students were arrested more often than white students.\n\n"
    said = "Black students were arrested at {} times the rate of white students in 2017-18."
    open_one = room.article(before + said.format("four")).claims[-1]  # 2.9 in the nation, 4.1 there
    assert (open_one.status, open_one.verdict, open_one.answer) == ("asked", None, "")
    assert "Connecticut" in open_one.why
    assert len(open_one.choices) == 2
    either = room.article(before + said.format("nine")).claims[-1]
    assert either.verdict == "does_not_hold"
    assert "Connecticut" in either.more["also"]
    assert not either.carried[-1].sure


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Students deserve better.", Kind.OPINION),
        ("The board will vote in May.", Kind.FORECAST),
        ("Will the bill pass?", Kind.NONE),
        ("The bill would ban armed officers in schools.", Kind.NOT_CHECKED),
        ("He wrote the Counseling Not Criminalization in Schools Act.", Kind.NONE),
        ("The board met on Tuesday.", Kind.NONE),
        ("The district spent $3 million on officers.", Kind.NOT_CHECKED),
        ("Graduation rates rose 5 percent.", Kind.NOT_CHECKED),
        ("Officers reduce violence in schools.", Kind.NOT_CHECKED),
        ("In 2017-18, 54,321 students were arrested.", Kind.CHECKED),
    ],
)  # fmt: skip
def test_every_sentence_is_one_of_the_kinds(room: Homeroom, said: str, kind: Kind) -> None:
    (one,) = room.article(said).marked
    assert one.kind is kind
    assert (one.claim is not None) is (kind in (Kind.CHECKED, Kind.NOT_CHECKED))


def test_a_sentence_with_words_not_read_gets_no_verdict(room: Homeroom) -> None:
    (claim,) = room.article(f"For disorderly conduct, Black students {THREE}").claims
    assert claim.status == "asked"
    assert claim.verdict is None
    assert claim.unread


def test_offsets_count_in_the_text_as_given(room: Homeroom) -> None:
    said = "Black students were arrested at 2.9 times the rate of white students in 2017-18."
    text = f"  Caf\u00e9s \U0001f600 opened.\r\n\r\n\u2022 {said}\r\n"
    (claim,) = room.article(text).claims
    assert text[claim.start : claim.end].endswith(said)


def test_a_link_repeats_the_results_and_holds_no_words(room: Homeroom) -> None:
    text = STORY + (
        "\n\nPeople in Zanzibar Falls said that in 2017-18, Black students were arrested at 2.9 "
        "times the rate of white students."
    )
    found = room.article(text)
    part = encode(found.claims)
    back = decode(part)
    assert [(one.start, one.end) for one in back] == [(one.start, one.end) for one in found.claims]
    assert [one.catalogue_id for one in back] == [one.catalogue_id for one in found.claims]
    checked = [one for one in found.claims if one.read is not None and one.catalogue_id is None]
    again = [one.reading for one in back if one.reading is not None]
    assert [one.question for one in again] == [one.read.question for one in checked if one.read]
    assert [one.stated for one in again] == [one.stated_value for one in checked]
    assert "Zanzibar" not in repr(back)
    assert "Murphy" not in repr(back)


@pytest.mark.parametrize("part", ["", "x", "eJw", "!!!!", "eJyLBQAAXgBc", "a" * 3000])
def test_a_link_put_together_by_hand_is_refused(part: str) -> None:
    with pytest.raises(BadInput, match="link"):
        decode(part)


def test_a_very_full_link_still_fits(room: Homeroom) -> None:
    (claim,) = room.article(
        "Black students were arrested at 2.9 times the rate of white students in 2017-18."
    ).claims
    assert len(encode([claim] * 3000)) <= 3600
