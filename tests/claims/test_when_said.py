"""The day of a claim: what its speaker could know, and what was published later."""

from __future__ import annotations

from datetime import date

import pytest

from homeroom.claims.article.dated import date_in_page, date_of
from homeroom.claims.article.quotes import in_double_quotes
from homeroom.claims.waves import default_on, known_by
from homeroom.vocabulary.waves import WAVES

TIMES = "Black students are arrested at three times the rate of white students."
STORY = """Senator wants police out of schools
By Jane Doe | June 12, 2019

'Black students are arrested at three times the rate of white students,' said Sen. Chris Murphy.
"""


def test_waves_follow_each_other_into_print() -> None:
    days = [wave.published for wave in WAVES.values()]
    assert days == sorted(days)
    assert default_on(date(2019, 6, 12)) == "2015-16"
    assert default_on(None) == "2017-18"
    assert "2017-18" not in known_by(date(2020, 10, 14))


def test_a_claim_is_held_against_what_was_published_by_its_day(room) -> None:
    found = room.check(TIMES, said_on=date(2019, 6, 12))
    assert found.value == pytest.approx(3.460, abs=1e-3)  # OCR's state tables of 2015-16
    assert found.as_dict()["said_on"] == "2019-06-12"
    assert [row["wave"] for row in found.later] == ["2017-18", "2020-21"]
    assert found.later[0]["value"] == pytest.approx(2.876, abs=1e-3)
    assert "Published later" in found.sentence


def test_a_claim_that_names_its_year_or_no_day_has_nothing_later(room) -> None:
    dated = room.check(f"{TIMES[:-1]} in 2015-16.", said_on=date(2019, 6, 12))
    assert (dated.later, room.check(TIMES).later) == ([], [])


def test_a_story_is_read_from_the_day_of_its_byline(room) -> None:
    found = room.article(STORY)
    (claim,) = found.claims
    assert found.published == date(2019, 6, 12)
    assert (claim.speaker, claim.quoted) == ("Sen. Chris Murphy", True)
    assert claim.value == pytest.approx(3.460, abs=1e-3)
    assert claim.sentence.startswith("'Black students")
    later = room.article(STORY, published=date(2021, 6, 17)).claims[0]
    assert later.value == pytest.approx(2.876, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Title\nBy Jane Doe, June 17, 2021\n\nText.", date(2021, 6, 17)),
        ("Published 2021-06-17\nText.", date(2021, 6, 17)),
        ("17 June 2021\nText.", date(2021, 6, 17)),
        ("The shooting of Feb. 14, 2018, in Parkland changed the debate.", None),
        ("On June 17, 2021, senators introduced the bill again.", None),
        ("February 30, 2021\nText.", None),
    ],
)
def test_only_a_byline_dates_a_text(text, day) -> None:
    assert date_of(text) == day


def test_a_page_says_in_its_markup_when_it_was_published() -> None:
    page = '<meta property="article:published_time" content="2021-06-17T08:00:00Z"><p>Text</p>'
    assert date_in_page(page) == date(2021, 6, 17)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("'We can't let students' rights go,' he said.",
         "\u201cWe can't let students' rights go,\u201d he said."),
        ("She said, \u2018One in 500 students was arrested.\u2019",
         "She said, \u201cOne in 500 students was arrested.\u201d"),
        ("\u201cHe told me \u2018go home right now\u2019 twice.\u201d",
         "\u201cHe told me \u2018go home right now\u2019 twice.\u201d"),
        ("The '90s and students' rates don't matter.",
         "The '90s and students' rates don't matter."),
    ],
)  # fmt: skip
def test_quotes_in_single_marks_are_quotes_and_apostrophes_are_none(text, quoted) -> None:
    assert in_double_quotes(text) == quoted
    assert len(quoted) == len(text)
