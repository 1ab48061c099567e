"""The worked examples of docs/architecture.md, performed as written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from starlette.testclient import TestClient

import crdc_factory as crdc
from homeroom.api import Homeroom
from homeroom.evidence.build import build
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.waves import WAVES, usual
from homeroom.web.app import create_app
from homeroom.web.pictures import KINDS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "architecture.md"


def example(name: str) -> str:
    """Return the code of an example."""
    found = re.search(
        rf"<!-- example: {name} -->\n```python\n(.*?)```",
        PAGE.read_text(encoding="utf-8"),
        re.DOTALL,
    )
    assert found, f"docs/architecture.md: expected an example {name!r}."
    return found[1]


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """Take the entries out again, whatever an example added."""
    tables = (MEASURES, ROLES, WAVES, KINDS)
    before = [dict(table) for table in tables]
    yield
    for table, kept in zip(tables, before, strict=True):
        table.clear()
        table.update(kept)


def test_an_outcome_is_one_entry_and_moves_no_other_sum(tmp_path: Path, room: Homeroom) -> None:
    exec(example("outcome"), {})  # noqa: S102 (our own documentation)
    build([], tmp_path / "store.duckdb")
    with Homeroom(tmp_path / "store.duckdb") as after:
        found = after.rate("threats_without_weapon", "US-VA", "2017-18", basis="schools")
        assert found["count"].item() == 5_369
        for measure in ("offenses", "arrests"):
            asked = (measure, "US-VA", "2017-18")
            assert (
                after.rate(*asked, basis="schools")["count"].item()
                == room.rate(*asked, basis="schools")["count"].item()
            )


def test_a_role_is_one_entry(tmp_path: Path) -> None:
    exec(example("role"), {})  # noqa: S102
    rows = [
        crdc.school(f"4800001{at:05d}", SCH_ENR_WH_M=100, SCH_FTETEACH_CERT=fte)
        for at, fte in enumerate((4, 6), 1)
    ]
    folder = crdc.write_all(tmp_path / "2017-18", rows, "2017-18")
    build([folder], tmp_path / "store.duckdb", with_starter=False)
    with Homeroom(tmp_path / "store.duckdb") as room:
        staff = room.staff("lea:4800001", "2017-18").filter(role="certified_teacher")
    assert staff["fte"].item() == 10
    assert staff["students_per_fte"].item() == 20


def test_a_wave_is_one_entry_and_breaks_the_trend(tmp_path: Path) -> None:
    exec(example("wave"), {})  # noqa: S102
    assert usual(WAVES) == "2025-26"
    path = tmp_path / "store.duckdb"
    rows = [crdc.school("480000100001", SCH_ENR_WH_M=1000, SCH_DISCWODIS_ARR_WH_M=7)]
    build([crdc.write_all(tmp_path / "2017-18", rows, "2017-18")], path, with_starter=False)
    with duckdb.connect(str(path)) as con:  # as a reader of the new wave would have stored it
        for table in ("school", "answered", "cell", "unanswered", "staff", "school_size",
                      "nonresponse"):  # fmt: skip
            con.execute(
                f"INSERT INTO {table} BY NAME SELECT * REPLACE ('2025-26' AS wave) FROM {table}"
            )
    with Homeroom(path) as room:
        frame = room.rate("arrests", "lea:4800001")
        assert (frame["wave"].item(0), frame["count"].item(0)) == ("2025-26", 7)
        trend = room.trend("arrests", "lea:4800001").filter(group="all")
    why = trend.filter(wave="2025-26")["break_before"].item()
    assert "another method" in why
    assert "Citations count as arrests" in why
    assert trend["segment"].n_unique() == 2


def test_a_chart_is_a_function_and_a_kind(starter_store: Path) -> None:
    exec(example("chart"), {})  # noqa: S102
    app = create_app(Homeroom(starter_store))  # which the site closes: no other test shares it
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        picture = client.get("/chart/coverage.svg", params={"place": "US-TX"})
        table = client.get("/chart/coverage.csv", params={"place": "US-TX"})
    assert picture.status_code == table.status_code == 200
    assert "<svg" in picture.text
    assert "2017-18" in table.text
