"""The starter facts: complete, small, and equal to what the agencies' files give."""

from __future__ import annotations

from importlib.resources import files

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from homeroom.evidence import sql, starter, store
from homeroom.evidence.build import build
from homeroom.evidence.compile import compile_facts
from homeroom.sources.tables import TABLES

AT_MOST = 25 * 2**20


def test_starter_facts_stay_within_their_size():
    folder = files("homeroom.evidence.starter")
    sizes = [len(f.read_bytes()) for f in folder.iterdir() if f.name.endswith(".parquet")]
    assert 0 < sum(sizes) <= AT_MOST


def test_every_table_ships_and_conforms():
    # Blocks that are zero by a skip code stand in files of 2021-22 and later, of which none ship.
    assert set(starter.tables()) == set(TABLES) - {"zero_block"}
    for name in starter.tables():
        frame = starter.load(name)
        assert len(frame) > 0, name
        TABLES[name].conform(frame.drop("source_id"))


def test_every_row_names_a_file_with_its_hash():
    sources = starter.load("source_file")
    assert sources["sha256"].str.contains(r"^[0-9a-f]{64}$").all()
    for name in starter.tables():
        unknown = starter.load(name).join(sources, on="source_id", how="anti")
        assert unknown.is_empty(), name


def test_no_row_of_an_incident_or_pupil_ships():
    # The Post's license lets us ship counts, not its rows.
    assert starter.load("incident_year").height < 200
    assert "Columbine" not in str(starter.load("incident_year").to_dicts())


def test_every_district_in_the_country_has_a_place(starter_store):
    with store.connect(starter_store) as con:
        districts = sql.rows(con, "SELECT count(*) FROM place WHERE kind = 'district'")[0][0]
        nowhere = sql.frame(
            con,
            "SELECT leaid FROM (SELECT leaid FROM district UNION SELECT leaid FROM finance "
            "UNION SELECT leaid FROM poverty) WHERE 'lea:' || leaid NOT IN "
            "(SELECT place_id FROM place)",
        )
    assert districts > 19_840
    # F-33 makes up ids with a letter for a few agencies that NCES does not number.
    assert nowhere.filter(pl.col("leaid").str.contains(r"^\d{7}$")).is_empty()


def test_schools_of_every_wave_are_in_the_store(starter_store):
    with store.connect(starter_store) as con:
        schools = dict(
            sql.rows(con, "SELECT wave, count(*) FROM school_total GROUP BY wave ORDER BY wave")
        )
    assert schools == {"2020-21": 26_293, "2021-22": 26_838}


def _that_ship(shared_data):
    """Return the files behind the starter facts: all but the sample of 2013-14.

    A thousand schools drawn from the whole country give no district and no state a figure.
    """
    folders = [p for p in shared_data.iterdir() if p.name != "crdc"]
    return [*folders, *(p for p in (shared_data / "crdc").iterdir() if p.name != "2013-14")]


@pytest.mark.shared
def test_shipped_tables_equal_a_fresh_compile(shared_data, tmp_path):
    compile_facts(_that_ship(shared_data), tmp_path, progress=lambda *_: None, level=1)
    for name in ("source_file", *starter.tables()):
        fresh = pl.read_parquet(tmp_path / f"{name}.parquet")
        assert_frame_equal(starter.load(name), fresh)


@pytest.mark.shared
def test_hashes_are_those_that_the_publisher_of_the_folder_lists(shared_data):
    listed = dict(
        reversed(line.split("  ./"))
        for line in (shared_data / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    by_name = {}
    for path, digest in listed.items():
        by_name.setdefault(path.rsplit("/", 1)[-1], set()).add(digest)
    for name, sha in starter.load("source_file").select("name", "sha256").iter_rows():
        assert sha in by_name[name.split(":")[0]], name


@pytest.mark.shared
def test_a_given_file_of_incidents_replaces_those_that_ship(shared_data, tmp_path):
    newer = tmp_path / "newer.csv"
    rows = (shared_data / "shootings" / "school-shootings-data.csv").read_bytes().splitlines()
    newer.write_bytes(b"\n".join(rows[:101]) + b"\n")
    build([newer], tmp_path / "store.duckdb")
    with store.connect(tmp_path / "store.duckdb") as con:
        assert sql.rows(con, "SELECT sum(incidents) FROM incident_year") == [(100,)]
        assert sql.rows(con, "SELECT sum(incidents) FROM incident_size") == [(100,)]
        assert sql.rows(con, "SELECT count(*) FROM survey_estimate")[0][0] > 1000
