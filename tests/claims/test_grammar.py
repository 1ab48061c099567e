from __future__ import annotations

import contextlib
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from homeroom.claims import wording
from homeroom.claims.grammar import read
from homeroom.claims.grammar.numbers import plain, step_of
from homeroom.errors import Ambiguous
from homeroom.figures.question import Question

SENTENCES = yaml.safe_load((Path(__file__).parent / "sentences.yaml").read_text(encoding="utf-8"))
READ = [entry for entry in SENTENCES if "reads" in entry]
ASKED = [entry for entry in SENTENCES if "asks" in entry]


@dataclass
class Place:
    id: str
    name: str
    kind: str
    score: float


def finder(query: str) -> list[Place]:
    known = {
        "testville": [Place("lea:0100001", "Testville Unified", "district", 99.0)],
        "twintown": [
            Place("lea:0100002", "Twintown 1", "district", 90.0),
            Place("lea:0100003", "Twintown 2", "district", 89.0),
        ],
    }
    return next((found for name, found in known.items() if name in query.lower()), [])


def test_there_are_sixty_sentences_and_half_of_them_mislead() -> None:
    assert len(SENTENCES) >= 60
    assert len({entry["says"] for entry in SENTENCES}) == len(SENTENCES)


@pytest.mark.parametrize("entry", READ, ids=lambda entry: entry["says"][:70])
def test_a_sentence_is_read_as_expected(entry: dict) -> None:
    reading = read(entry["says"], finder)
    assert asdict(reading.question) == asdict(Question(**entry["reads"]))
    assert reading.stated == pytest.approx(entry["stated"])
    assert reading.statistic == entry.get("statistic", "ratio")
    assert reading.relation == entry.get("relation", "about")
    assert reading.earlier == entry.get("earlier", "")
    if "open" in entry:
        assert list(reading.left_open) == entry["open"]
    if "notes" in entry:
        assert entry["notes"] in " ".join(reading.conventions)
    if "other" in entry:
        assert entry["other"] in " ".join(reading.alternatives)
    if "also" in entry:
        (part,) = reading.also
        assert (part.statistic, part.stated) == (
            entry["also"]["statistic"],
            entry["also"]["stated"],
        )
        assert part.question.measure == entry["also"]["measure"]


@pytest.mark.parametrize("entry", ASKED, ids=lambda entry: entry["says"][:70])
def test_an_ambiguous_sentence_is_asked_about(entry: dict) -> None:
    with pytest.raises(Ambiguous, match=entry["asks"]) as caught:
        read(entry["says"], finder)
    if "Springfield" not in entry["says"]:
        assert caught.value.choices


@pytest.mark.parametrize("entry", READ, ids=lambda entry: entry["says"][:70])
def test_the_echo_names_group_place_year_and_value(entry: dict) -> None:
    reading = read(entry["says"], finder)
    text = wording.echo(reading)
    assert text.startswith("Read as: ")
    assert reading.question.wave in text
    assert f"{reading.stated:.3g}" in text or f"{reading.stated:,.0f}" in text
    assert wording.subject(reading.question) in text
    for name in reading.left_open:
        assert f"No {'year' if name == 'wave' else 'place'} is named" in text


def test_a_sentence_without_a_year_never_takes_the_pandemic_year() -> None:
    assert {read(e["says"], finder).question.wave for e in READ if "wave" not in e["reads"]} == {
        "2017-18"
    }


@given(st.sampled_from(READ), st.sampled_from([str.upper, str.strip, lambda s: s + "  "]))
def test_reading_does_not_depend_on_space(entry: dict, change) -> None:
    if change is str.upper:  # capitals name places, so only the words of numbers may change
        assert plain(entry["says"].upper()) == plain(entry["says"])
    else:
        assert read(change(entry["says"]), finder) == read(entry["says"], finder)


@given(st.integers(2, 60))
def test_any_number_of_times_is_read(n: int) -> None:
    text = "Black students are arrested at {} times the rate of white students"
    assert read(text.format(n)).stated == n


@given(st.text(max_size=120))
def test_no_text_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(Ambiguous):
        assert read(text).question.wave


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("twenty-one percent", "21 percent"), ("two thousand", "2000"), ("1,500", "1500"),
        ("one hundred and five", "105"), ("three-fold", "3 times"), ("2.5x", "2.5 times"),
        ("31%", "31 percent"), ("two and a half times", "2.5 times"),
    ],
)  # fmt: skip
def test_numbers_are_made_plain(said: str, meant: str) -> None:
    assert plain(said) == meant


def test_a_number_is_rounded_to_what_its_digits_say() -> None:
    assert step_of("2.9") == pytest.approx(0.1)
    assert step_of("31") == 1
    assert step_of("54000") == 1000
