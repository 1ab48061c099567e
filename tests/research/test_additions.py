"""The additions and corrections of November 2026, and the balance of both sides."""

from __future__ import annotations

import csv
import re

import pytest

from homeroom.research import balance, load
from homeroom.research.balance import SIDES
from homeroom.research.schema import Grade, Verified

BALANCE = {
    "additional_counselor": (7, 1, 0, 1, 5),
    "armed_guard_or_plainclothes": (0, 1, 1, 0, 3),
    "cameras": (0, 3, 1, 0, 0),
    "cbt_mentoring": (7, 3, 0, 0, 0),
    "counselor_ratio": (3, 0, 2, 0, 1),
    "gun_free_policy": (0, 0, 0, 1, 0),
    "mental_health_services": (4, 7, 0, 0, 0),
    "metal_detectors": (0, 1, 1, 1, 2),
    "nurse_school_health": (6, 3, 0, 0, 0),
    "officer_training": (2, 0, 0, 0, 0),
    "other_technology": (2, 1, 1, 0, 2),
    "pbis_sel": (13, 2, 1, 0, 1),
    "physical_access_control": (1, 0, 2, 0, 0),
    "police_diversion": (4, 0, 0, 0, 0),
    "policing_outside_school": (0, 0, 3, 0, 0),
    "restorative_practices": (8, 13, 1, 0, 2),
    "school_programmes_any": (1, 1, 0, 0, 0),
    "social_worker": (2, 0, 0, 0, 1),
    "sro_hiring_grant": (1, 3, 7, 1, 3),
    "sro_presence": (16, 14, 27, 5, 22),
    "sro_removal": (6, 7, 1, 0, 3),
    "student_support_coordinator": (2, 0, 0, 0, 0),
    "suspension_limits": (1, 1, 1, 0, 0),
    "teacher_training": (1, 0, 0, 0, 1),
    "threat_assessment": (3, 0, 0, 0, 4),
}
"""Findings by direction, as the compilers counted them: better, null or mixed, worse, disputed,
not counted."""

# Each correction, and what the library must hold because of it: entry, field, and (part of) the
# value. What a row that was replaced holds is read from the row itself.
CORRECTED = {
    "C01": ("MAENGSRO", "authors", "Pentek, Eisenberg"),
    "C02": ("E073", "source_id", "PENTEK2018"),
    "C03": ("E074", "source_id", "PENTEK2018"),
    "C04": ("E075", "source_id", "PENTEK2018"),
    "C05": ("E066", "estimate", 2.96),
    "C06": ("AUGUSTINE2018", "grade", Grade.MODERATE),
    **{f"C{7 + n:02}": (f"E{111 + n}", "notes", "compromised cluster RCT") for n in range(8)},
    "C15": ("GOTTFREDSON2021RACE", "doi", "10.1177/0011128721999346"),
    "C16": ("WESTED2025", "url", "www.ojp.gov"),
    "C17": ("E146", "verified", Verified.ABSTRACT),
    "C18": ("E147", "verified", Verified.ABSTRACT),
    "C19": ("E148", "verified", Verified.ABSTRACT),
    "C20": ("CHICAGO2025", "funding", "AERA 2025 abstract"),
    "C21": ("DENVER2023", "sample", "DENVER2024"),
    "C22": ("GOLBERSTEIN2023", "changed", "suicide attempts"),
    "C23": ("LINDSTROM2018", "authors", "Lindstrom Johnson"),
    "C24": ("E077", "notes", "anyone in uniform"),
    "C25": ("SWPBISCA", "authors", "Gage"),
    "C26": ("SSWGRAD100", "authors", "Tan, Battle"),
    "C27": ("SCHILDKRAUT2023", "doi", "10.1080/15388220.2022.2162533"),
    "C28": ("E129", "n", "2,740 males"),
    "C29": ("E092", "contrast", "one standard deviation"),
    "C30": ("E064", "notes", "DiD on a federal hiring grant"),
    "C31": ("E107", "notes", "2025"),
}


@pytest.fixture
def additions(shared_data):
    found = sorted((shared_data.parent / "reference" / "evidence").glob("additions_*"))
    if not found:
        pytest.skip("the additions are not beside the project")
    return found[0]


def test_the_balance_of_both_sides_is_what_the_compilers_counted():
    found = {one.intervention: one for one in balance(as_reported=True)}
    assert {name: tuple(one.counts().values()) for name, one in found.items()} == BALANCE


def test_the_rule_for_all_findings_moves_one_of_them_to_no_clear_difference():
    ours, theirs = balance(), balance(as_reported=True)
    moved = {
        number
        for one, other in zip(ours, theirs, strict=True)
        for side in SIDES
        for number in set(getattr(one, side)) ^ set(getattr(other, side))
    }
    assert moved == {"E099"}  # its 95% interval holds no effect (p = .087)


@pytest.mark.parametrize("number", CORRECTED)
def test_each_correction_is_in_the_library(number):
    library = load()
    entry, field, value = CORRECTED[number]
    held = library.effects | library.replaced | library.sources
    found = getattr(held[entry], field)
    assert found == value or (isinstance(found, str) and str(value) in found)
    assert library.corrections[number].entry == entry
    assert library.corrections[number].url.startswith("http")


def test_corrected_rows_are_replaced_and_not_counted_beside_their_successors():
    library = load()
    replaced = {number: one.replaced_by for number, one in library.replaced.items()}
    assert replaced == {
        "E066": "E256", "E073": "E322", "E074": "E323", "E075": "E324",
        "E146": "E204", "E147": "E205", "E148": "E206",
    }  # fmt: skip
    assert not replaced.keys() & library.effects.keys()
    assert set(replaced.values()) <= library.effects.keys()


@pytest.mark.parametrize(
    "one_study",
    [
        ("SBLEREMOVAL", "SBLEFINAL", "AERA2024REMOVAL", "FISHERDEVLIN2023"),
        ("DEVLIN2015", "DEVLIN2018", "NAGOTT2013"),
        ("FISHERDEVLIN2020", "FISHERCAM2019"),
        ("GRASLEYBOY2019", "SWPBISCA", "FLEMINGSWD"),
        ("ALVAREZ2013", "SSWGRAD100"),
        ("DURLAK2011", "CIPRIANO2023"),
        ("OKONOFUA2016", "OKONOFUA2022"),
        ("CORNELL2018", "CORNELL2025", "CORNELL2012", "CORNELL2013"),
        ("PENTEK2018", "MAENGSRO"),
    ],
    ids=lambda names: names[0],
)
def test_sources_that_share_a_sample_have_one_vote(one_study):
    assert len({load().sources[name].study for name in one_study}) == 1


def test_reversed_signs_are_marked_and_point_to_fewer_problems():
    for number in ("E286", "E288", "E295"):
        effect = load().effects[number]
        assert effect.estimate_reversed
        assert effect.estimate > 0 > effect.direction
        assert "less of it" in effect.measured


def test_policing_outside_school_is_never_taken_together_with_officers_in_school():
    library = load()
    assert library.interventions["policing_outside_school"].family == "context"
    for one in (*library.topics.values(), *library.questions.values()):
        assert "policing_outside_school" not in one.interventions


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.shared
def test_every_addition_is_in_the_library_row_by_row(additions):
    library = load()
    rows = read(additions / "effects_new.csv")
    assert len(rows) == 125
    for row in rows:
        effect = library.effects[row["effect_id"]]
        assert effect.source_id == row["source_id"]
        assert effect.outcome == row["outcome"]
        assert effect.verified == row["verified"]
        assert effect.url == row["url"]
        given = [float(row[name]) if row[name] else None for name in ("estimate", "se")]
        assert [effect.estimate, effect.se] == given
    sources = read(additions / "sources_new.csv")
    assert {row["source_id"] for row in sources} <= library.sources.keys()
    corrections = read(additions / "corrections.csv")
    assert [row["correction_id"] for row in corrections] == list(CORRECTED)


@pytest.mark.shared
def test_the_balance_table_is_that_of_the_compilers(additions):
    text = (additions / "README.md").read_text(encoding="utf-8")
    row = re.compile(r"^\| (\S+) \|" + r" (\d+) \(\d+ new\) \|" * 4 + r" (\d+) \|$", re.MULTILINE)
    found = {name.replace("/", "_"): tuple(map(int, rest)) for name, *rest in row.findall(text)}
    assert found == BALANCE
