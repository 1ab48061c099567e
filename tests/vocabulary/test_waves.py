"""Waves own their facts: the pandemic, breaks with every reason, and notes by measure."""

from __future__ import annotations

import pytest

from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.waves import WAVES, WITH_SCHOOL_FILES, breaks_between, usual


def test_one_wave_is_the_pandemic_year():
    assert [wave.id for wave in WAVES.values() if wave.pandemic] == ["2020-21"]


@pytest.mark.parametrize(
    ("waves", "latest"),
    [
        (["2015-16", "2017-18", "2020-21"], "2017-18"),
        (["2021-22", "2015-16"], "2021-22"),
        (["2020-21"], "2020-21"),
        (["2020-21", "2011-12"], "2011-12"),
        ([], None),
    ],
)
def test_the_usual_wave_is_the_latest_without_the_pandemic(waves, latest):
    assert usual(waves) == latest


def test_arrests_of_2021_22_carry_the_warning_on_their_definition():
    note, zeros = WAVES["2021-22"].notes_for("arrests")
    assert "by inference" in zeros
    assert "GAO-24-106294" in note
    assert "did not tell districts" in note
    assert "official or designee" in WAVES["2021-22"].notes_for("referrals")[0]
    assert WAVES["2021-22"].notes_for("iss") == ()
    assert "counts as zero" in WAVES["2015-16"].notes_for("officer")[0]


def test_a_break_names_every_reason():
    after = breaks_between("2020-21", "2021-22", "arrests")
    assert len(after) == 3
    assert any("pandemic" in reason for reason in after)
    assert any("definition of a referral" in reason for reason in after)
    assert any("GAO" in reason for reason in after)


def test_sums_of_schools_across_two_waves_name_the_privacy_method_and_the_pandemic():
    reasons = breaks_between("2015-16", "2020-21")
    assert any("privacy method" in reason for reason in reasons)
    assert any("pandemic" in reason for reason in reasons)
    assert breaks_between("2015-16", "2020-21", table=True) == WAVES["2020-21"].table_breaks
    assert breaks_between("2015-16", "2017-18", table=True) == ()


def test_notes_are_on_measures_and_roles_that_exist():
    for wave in WAVES.values():
        for note in wave.measure_notes:
            assert set(note.subjects) <= {*MEASURES, *ROLES}
            assert note.text.endswith(".")


def test_waves_with_school_files():
    assert WITH_SCHOOL_FILES == (
        "2013-14", "2015-16", "2017-18", "2020-21", "2021-22", "2023-24",
    )  # fmt: skip
