from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeroom.errors import BadInput
from homeroom.text_gate import check, repaired, short

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)


@given(ANYTHING)
def test_what_passes_the_gate_is_text_that_xml_takes_and_a_terminal_only_shows(text: str) -> None:
    try:
        passed = check(text, "name")
    except BadInput as error:
        assert "control characters" in str(error)  # noqa: PT017 - either it passes or says why
        return
    passed.encode()
    ET.fromstring(f"<a>{passed.replace('&', '').replace('<', '')}</a>")  # noqa: S314
    assert not any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in passed)
    assert check(passed, "name") == passed


@given(ANYTHING)
def test_a_repaired_name_passes_the_gate_unchanged(text: str) -> None:
    name = repaired(text)
    assert check(name, "name", longest=1000) == name


@pytest.mark.parametrize("letter", ["\x1b", "\uffff", "\ufffe", "\ud800", "\x85", "\u202e", "\x00"])
def test_a_character_that_acts_is_refused_and_named(letter: str) -> None:
    with pytest.raises(BadInput, match=f"U\\+{ord(letter):04X}"):
        check(f"Austin{letter}", "name")


def test_letters_of_every_script_and_emoji_pass() -> None:
    for text in ("Doña Ana", "奥斯汀学区", "مدرسة", "School 🎓", "Kahoʻolawe"):
        assert check(text, "name") == text


def test_two_ways_to_write_a_letter_are_one() -> None:
    assert check("Espan\u0303ola", "name") == "Espa\u00f1ola"


def test_a_quoted_value_stays_short_and_inert() -> None:
    assert len(short({"k": ["x" * 10_000] * 10_000})) < 400
    assert "\x1b" not in short("\x1b[31m")
