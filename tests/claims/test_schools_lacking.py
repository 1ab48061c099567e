"""Claims of students in schools with police and no counselor: the figure of the gaps answers."""

from __future__ import annotations

import pytest

from homeroom.claims.check import check
from homeroom.claims.grammar.schools_lacking import read_lacking
from homeroom.errors import Ambiguous
from homeroom.figures.gaps import police_without_support

NO_COUNSELOR = "police_and_no_counselor"


@pytest.mark.parametrize(
    ("sentence", "name", "value"),
    [
        ("1.7 million students are in schools with police but no counselors", NO_COUNSELOR, 1.7e6),
        (
            "1.6 million students attend school with school police but not a school counselor",
            NO_COUNSELOR,
            1.6e6,
        ),
        ("3 million students are in schools with cops but no nurses", "police_and_no_nurse", 3e6),
        (
            "6 million students go to schools with an SRO and no school psychologist",
            "police_and_no_psychologist",
            6e6,
        ),
        (
            "10 million students are in schools with police officers but without a social worker",
            "police_and_no_social_worker",
            1e7,
        ),
        (
            "In Texas, 3 percent of students are in schools that have police but lack a counselor",
            NO_COUNSELOR,
            3,
        ),
        (
            "One in six Colorado students attend schools with police but lacking a social worker",
            "police_and_no_social_worker",
            16.67,
        ),
        ("40 percent of Texas students are in schools with police.", "police", 40),
    ],
)
def test_a_claim_about_police_and_no_support_is_read(
    sentence: str, name: str, value: float
) -> None:
    found = read_lacking(sentence)
    assert found is not None
    assert (found.set, found.unit) == (name, "students")
    assert found.reading.stated == pytest.approx(value)


@pytest.mark.parametrize(
    "sentence",
    [
        "Black students are arrested at three times the rate of white students.",
        "Students in schools with police are arrested at twice the rate of white students.",
        "54,321 students were arrested in 2017-18.",
    ],
)
def test_another_claim_is_left_to_the_other_reader(sentence: str) -> None:
    assert read_lacking(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "asks"),
    [
        ("14 million students are in schools with police but no counselor, nurse, or psychologist",
         "Several kinds of staff"),
        ("Millions of students are in schools with cops but no counselors.", "How many students"),
        ("2 million Black students are in schools with police but no counselors", "all students"),
        ("1 million students are in schools with police but no mental health staff", "which is"),
    ],
)  # fmt: skip
def test_what_the_figure_does_not_tell_is_asked_about(sentence: str, asks: str) -> None:
    with pytest.raises(Ambiguous, match=asks) as caught:
        read_lacking(sentence)
    assert caught.value.choices


def test_a_part_of_the_nation_does_not_decide_and_the_origin_is_named(store) -> None:
    found = check(store, "1.7 million students are in schools with police but no counselors")
    assert found.verdict == "cannot_be_tested"
    assert found.value is None
    for part in ("ACLU", "Cops and No Counselors", "2015-16", "15% of the nation's students"):
        assert part in found.sentence
    assert "1,700,000 students" in found.sentence
    assert found.sources


def test_a_state_with_all_its_schools_is_decided(store) -> None:
    (truth,) = (
        one for one in police_without_support(store, "US-CO", "2017-18") if one.set == NO_COUNSELOR
    )
    said = "In Colorado in 2017-18, {} students were in schools with police but no counselor."
    right = check(store, said.format(f"{truth.students:,}"))
    assert (right.verdict, right.value) == ("holds", truth.students)
    assert f"{truth.schools:,} schools with a police officer and no counselor" in right.sentence
    assert "Civil Rights Data Collection 2017-18" in right.sentence
    assert check(store, said.format("1,000,000")).verdict == "does_not_hold"
    assert check(store, said.format("more than 1,000")).verdict == "holds"
