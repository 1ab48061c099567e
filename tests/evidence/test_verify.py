"""Verifying: a store that was changed, a store with orphans, files whole and damaged."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import crdc_factory as crdc
from homeroom import api
from homeroom.errors import BadInput
from homeroom.evidence import checksums
from homeroom.evidence.build import build

A, B = "480000100001", "480000200001"
ROW = {"SCH_ENR_WH_M": 9, "SCH_DISCWODIS_ARR_WH_M": 2, "SCH_FTESECURITY_LEO": 1}


@pytest.fixture
def out(tmp_path) -> Path:
    path = tmp_path / "store.duckdb"
    folder = crdc.write_all(tmp_path / "in", [crdc.school(A, **ROW), crdc.school(B, **ROW)])
    build([folder], path, with_starter=False)
    return path


def failed(path: Path) -> dict[str, str]:
    frame = api.verify(path).filter(outcome="failed")
    return dict(frame.select("subject", "detail").rows())


def change(path: Path, *statements: str) -> None:
    with duckdb.connect(str(path)) as con:
        for statement in statements:
            con.execute(statement)


def test_a_store_as_built_is_whole(out):
    assert failed(out) == {}
    with api.Homeroom(out) as room:
        assert set(room.verify()["outcome"]) <= {"whole", "told", "not checked"}


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE cell SET value = value + 1 WHERE value = 2 AND school_no % 2 = 1", "cell"),
        ("DELETE FROM staff WHERE fte = 1", "staff"),
        ("INSERT INTO unanswered SELECT wave, school_no, 'ARR', 'idea', -9, 1 FROM answered",
         "unanswered"),
        ("UPDATE place SET name = 'Elsewhere' WHERE kind = 'district'", "place"),
        # Rows added in pairs cancel in an exclusive or.
        ("INSERT INTO build_note SELECT unnest(['a', 'a']), 'b'", "build_note"),
    ],
)  # fmt: skip
def test_a_figure_changed_after_the_build_is_noticed(out, statement, table):
    change(out, statement)
    assert table in failed(out)


def test_every_table_has_a_checksum_whatever_order_its_rows_stand_in(out):
    change(out, "CREATE TABLE other AS SELECT * FROM cell ORDER BY school_no DESC, cell_id DESC")
    with duckdb.connect(str(out)) as con:
        assert checksums.of_table(con, "other") == checksums.of_table(con, "cell")


def test_orphans_are_found(out):
    change(
        out,
        "DELETE FROM answered WHERE module = 'referrals_arrests'",
        "DELETE FROM source_file WHERE title LIKE '%School Support'",
        "UPDATE place SET state = 'ZZ' WHERE kind = 'school'",
    )
    found = failed(out)
    assert found["cells of schools that no module asked"] == "2 rows"
    assert found["places without a state"] == "2 rows"
    assert found["rows of staff without a file"] == "14 rows"


def test_a_damaged_block_is_noticed(out):
    data = bytearray(out.read_bytes())
    for at in range(3 * 4096, len(data), 4096):
        data[at + 100] ^= 1
    out.write_bytes(bytes(data))
    assert failed(out)


def test_checksums_of_another_engine_are_not_held_against_the_store(out):
    change(out, "UPDATE meta SET value = 'DuckDB 0.1' WHERE key = 'checksum_engine'")
    assert failed(out) == {}
    assert "not checked" in set(api.verify(out).filter(check="checksum")["outcome"])
    change(out, "DELETE FROM staff")
    assert "staff" in failed(out)


def test_totals_are_held_against_state_tables(out):
    row = "'2017-18', 'TX', 'arrests', 'all', 'all', 'all', {value}, NULL, 2, 100, 1"
    change(out, f"INSERT INTO official_estimate VALUES ({row.format(value=4)})")
    (told,) = api.verify(out).filter(check="totals")["detail"]
    assert "1 match" in told
    change(out, "UPDATE official_estimate SET value = 5")
    (told,) = api.verify(out).filter(check="totals")["detail"]
    assert "TX: 4 here, 5 in OCR's" in told
    change(out, "UPDATE official_estimate SET schools = 9000")
    assert api.verify(out).filter(check="totals")["outcome"].item() == "not checked"


def test_a_file_is_named_and_counted(tmp_path):
    file = crdc.write(tmp_path, "Enrollment", [crdc.school(A, SCH_ENR_WH_M=9), crdc.school(B)])
    row = api.verify(file).row(0, named=True)
    assert row["outcome"] == "whole"
    assert "CRDC 2017-18, Enrollment" in row["detail"]
    assert "2 schools" in row["detail"]


def test_a_damaged_file_says_why(tmp_path):
    file = crdc.write(tmp_path, "Enrollment", [crdc.school(A, SCH_ENR_WH_M="nine")])
    row = api.verify(file).row(0, named=True)
    assert (row["outcome"], "'nine'" in row["detail"]) == ("failed", True)
    with pytest.raises(BadInput, match="found nothing there"):
        api.verify(tmp_path / "absent.csv")
