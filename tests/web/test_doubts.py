"""Pages state scope and doubt beside the number, never only at their end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from justhtml import JustHTML

if TYPE_CHECKING:
    from starlette.testclient import TestClient

AUSTIN, DEL_VALLE = "lea:4808940", "lea:4816620"
DOUBT = re.compile(r"doubt", re.IGNORECASE)
BLOCKS = {"p", "li", "tr", "figcaption", "h1", "h2", "h3", "caption", "dd", "title"}


def blocks(text: str) -> list[Any]:
    """Return the elements that a reader takes in at once: a paragraph, a card, a row."""
    tree = JustHTML(text, sanitize=False)
    return [node for node in tree.query("*") if node.name in BLOCKS]


def lead(text: str) -> str:
    found = re.search(r'<p class="lead">(.*?)</p>', text, re.DOTALL)
    assert found
    return found[1]


def numbers(text: str) -> str:
    found = re.search(r'<ul class="numbers".*?</ul>', text, re.DOTALL)
    assert found
    return found[0]


def test_a_doubtful_district_does_not_open_with_its_bare_rate(client: TestClient) -> None:
    text = client.get(f"/place/{DEL_VALLE}").text
    assert "3,541" in lead(text)
    assert "we doubt because" in lead(text)
    assert "3,175" not in lead(text)


@pytest.mark.parametrize(
    "address",
    [f"/place/{DEL_VALLE}", f"/place/{DEL_VALLE}/peers", "/map?state=TX",
     f"/compare?places={DEL_VALLE},{AUSTIN}", f"/chart/rates?place={DEL_VALLE}&wave=2017-18"],
)  # fmt: skip
def test_no_doubtful_figure_stands_without_its_doubt(client: TestClient, address: str) -> None:
    """In the same paragraph, card, or row; in the text of pictures as well."""
    text = client.get(address).text
    shown = [one for one in blocks(text) if re.search(r"3,175|3,541", one.to_text())]
    assert shown
    assert [one.to_text() for one in shown if not DOUBT.search(one.to_text())] == []
    for alt in re.findall(r'alt="([^"]*)"', text):
        assert not re.search(r"3,175|3,541", alt) or DOUBT.search(alt)
    description = re.findall(r'<meta name="description" content="([^"]*)"', text)
    assert all(not re.search(r"3,175|3,541", one) or DOUBT.search(one) for one in description)


def test_a_screened_page_says_that_data_were_reported(client: TestClient) -> None:
    text = client.get(f"/place/{DEL_VALLE}?policy=screened&wave=2017-18").text
    assert "reported, but left out: a quality rule doubts it" in lead(text)
    assert "not reported" not in text[: text.index('id="adults"')]


def test_links_of_a_screened_page_keep_the_policy(client: TestClient) -> None:
    text = client.get(f"/place/{DEL_VALLE}?policy=screened").text
    waves = re.findall(rf'href="(/place/{DEL_VALLE}\?(?:staff_)?wave=[^"]*)"', text)
    assert waves
    assert all("policy=screened" in one for one in waves)


def test_a_district_is_held_against_places_only_where_they_are_whole(client: TestClient) -> None:
    usual = numbers(client.get(f"/place/{AUSTIN}").text)
    assert "Texas 21.2 (doubtful)" in usual
    assert "the nation 10.7" in usual
    pandemic = numbers(client.get(f"/place/{AUSTIN}?wave=2020-21").text)
    assert "the nation" not in pandemic  # Colorado and Texas are all that the store has
    assert "4.98" not in pandemic


def test_a_map_ranks_no_doubtful_district_and_says_how_many(client: TestClient) -> None:
    text = client.get("/map?state=TX").text
    ranks = re.search(r'<ol class="found ranks">(.*?)</ol>', text, re.DOTALL)
    assert ranks
    assert DEL_VALLE not in ranks[1]
    assert re.search(r"We doubt \d+ of them", text)
    apart = text[text.index("Reported, and doubted") :]
    assert f"/place/{DEL_VALLE}" in apart
    picture = re.search(r"<h2>([^<]*highest[^<]*)</h2>", text)
    assert picture
    assert "Del Valle" not in picture[1]


def test_peers_leave_doubtful_ones_out_and_say_how_many(client: TestClient) -> None:
    own = client.get(f"/place/{DEL_VALLE}/peers").text
    assert "is not ranked among its peers" in lead(own)
    killeen = client.get(f"/place/{AUSTIN}/peers").text
    doubted = len(re.findall(r'<td>[^<]*<span class="doubt">doubtful</span>', killeen))
    assert (f"{doubted} of the peers reported a figure" in killeen) == (doubted > 0)


@pytest.mark.parametrize(
    "place", ["school:480145013781", "school:480145013768", "lea:1703870"]
)  # fmt: skip
@pytest.mark.parametrize("policy", ["published", "screened"])
@pytest.mark.parametrize("wave", ["", "2015-16", "2017-18", "2020-21"])
def test_places_without_enrollment_answer(
    client: TestClient, place: str, policy: str, wave: str
) -> None:
    asked = f"/place/{place}?policy={policy}" + (f"&wave={wave}&staff_wave={wave}" if wave else "")
    answer = client.get(asked)
    assert answer.status_code == 200
    assert "nan" not in re.findall(r">([^<]*)</td>", answer.text)


def test_adults_without_enrollment_are_no_zero_students_each(client: TestClient) -> None:
    text = client.get("/place/lea:1703870?staff_wave=2020-21").text
    row = next(
        one.to_text() for one in blocks(text) if one.name == "tr" and "ounselor" in one.to_text()
    )
    assert "10" in row
    assert "0.00" not in row


def test_the_home_page_says_what_its_findings_speak_for(client: TestClient) -> None:
    text = client.get("/").text
    cards = re.findall(r"<li>\s*<p class=\"big-figure\".*?</li>", text, re.DOTALL)
    assert len(cards) == 3
    nation, states, gap = cards
    assert "nationwide" in nation
    assert "eft out" in states
    assert "high schools" in gap
