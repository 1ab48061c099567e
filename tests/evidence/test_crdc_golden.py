"""Statistic of the agencies' own files, known from elsewhere, come out of the store exactly."""

from __future__ import annotations

import polars as pl
import pytest

from homeroom.api import Homeroom
from homeroom.evidence.build import build

pytestmark = pytest.mark.shared

KNOWN = {  # enrollment, referrals, arrests, officers
    "TX": (5_397_857, 21_093, 11_457, 4_078.24),
    "CO": (910_919, 5_127, 190, 305.62),
    "VA": (1_294_226, 18_104, 2_180, 756.05),
}
TEXAS_ARRESTS = {
    "american_indian": 40, "asian": 87, "hispanic": 6_555, "black": 2_319, "white": 1_328,
    "pacific": 10, "two_or_more": 175,
}  # fmt: skip


@pytest.fixture(scope="module")
def room(shared_data, tmp_path_factory):
    path = tmp_path_factory.mktemp("golden") / "store.duckdb"
    crdc = shared_data / "crdc"
    build([crdc / "2015-16", crdc / "2017-18", crdc / "state_tables"], path, with_starter=False)
    with Homeroom(path) as opened:
        yield opened


def groups(room, measure, state, wave="2017-18", basis="schools", **more) -> dict[str, int]:
    frame = room.rate(measure, f"US-{state}", wave, basis=basis, **more)
    return dict(frame.select("group", "count").rows())


@pytest.mark.parametrize("state", KNOWN)
def test_state_sums_of_schools(room, state):
    students, referrals, arrests, officers = KNOWN[state]
    found = room.rate("enrollment", f"US-{state}", "2017-18", basis="schools")
    assert found["count"].to_list() == [students]
    assert groups(room, "referrals", state)["all"] == referrals
    assert groups(room, "arrests", state)["all"] == arrests
    staff = room.staff(f"US-{state}", "2017-18")
    assert staff.filter(role="officer")["fte"].item() == pytest.approx(officers, abs=0.005)


def test_arrests_of_texas_by_race_and_under_section_504(room):
    by_race = groups(room, "arrests", "TX", by=("race",))
    assert {race: by_race[race] for race in TEXAS_ARRESTS} == TEXAS_ARRESTS
    by_part = groups(room, "arrests", "TX", by=("disability",))
    assert by_part["s504"] == 943
    assert sum(TEXAS_ARRESTS.values()) + 943 == by_race["all"]
    without = groups(room, "arrests", "TX", section504="without")
    assert without["all"] == sum(TEXAS_ARRESTS.values())


@pytest.mark.parametrize("measure", ["arrests", "referrals"])
@pytest.mark.parametrize("state", KNOWN)
def test_schools_equal_the_state_tables_of_2017_18(room, state, measure):
    schools = groups(room, measure, state, by=("race",))
    table = groups(room, measure, state, basis="state_table", by=("race",))
    assert set(table) == {*TEXAS_ARRESTS, "all"}
    assert {group: schools[group] for group in table} == table


def test_schools_exceed_the_state_tables_of_2015_16(room):
    assert groups(room, "arrests", "AK", "2015-16")["all"] == 4
    assert groups(room, "arrests", "AK", "2015-16", basis="state_table")["all"] == 2
    states = ("DC", "DE", "ID", "NV", "WV")
    schools = sum(groups(room, "arrests", s, "2015-16")["all"] for s in states)
    table = sum(groups(room, "arrests", s, "2015-16", "state_table")["all"] for s in states)
    assert schools > table > 0


@pytest.mark.parametrize(
    ("module", "element", "parts"),
    [
        ("Referrals_and_Arrests", "ARR", {"wodis": "DISCWODIS_ARR", "idea": "DISCWDIS_ARR_IDEA"}),
        ("Referrals_and_Arrests", "REF", {"wodis": "DISCWODIS_REF", "idea": "DISCWDIS_REF_IDEA"}),
        ("Enrollment", "ENR", {"any": "ENR", "idea": "IDEAENR", "s504": "504ENR"}),
    ],
)
@pytest.mark.parametrize("state", KNOWN)
def test_cells_add_up_to_the_files_own_totals(room, shared_data, state, module, element, parts):
    file = pl.read_csv(
        shared_data / "crdc" / "2017-18" / f"{module}_{state}.csv.gz", infer_schema=False
    )
    cells = room.table("cells").filter(
        pl.col("wave") == "2017-18", pl.col("element") == element,
        pl.col("combokey").is_in(file["COMBOKEY"].implode()),
    )  # fmt: skip
    checked = 0
    for part, stem in parts.items():
        for letter, sex in (("M", "male"), ("F", "female")):
            raw = file.select(pl.col(rf"^SCH_{stem}_[A-Z]{{2}}_{letter}$").cast(int))
            assert raw.width == 7
            whole = file.filter(raw.min_horizontal() >= 0)
            mine = (
                cells.filter(disability=part, sex=sex)
                .group_by("combokey")
                .agg(pl.col("value").sum())
            )
            both = whole.select(
                combokey="COMBOKEY", total=pl.col(f"TOT_{stem}_{letter}").cast(int)
            ).join(mine, on="combokey", how="left")
            assert both.filter(pl.col("total") != pl.col("value").fill_null(0)).is_empty()
            checked += both["total"].sum()
    assert checked > 0
