"""The panel: the engine's figures in one tidy frame, with staff and ids to join by."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pytest
from click.testing import CliRunner

import homeroom
from homeroom.cli.main import cli
from homeroom.figures.panel import panel_columns, types
from homeroom.figures.question import Question
from homeroom.vocabulary.groups import Group
from homeroom.vocabulary.roles import ROLES

if TYPE_CHECKING:
    from pathlib import Path

    from homeroom.api import Homeroom

ASKED: list[dict[str, Any]] = [
    {"measures": ("arrests", "referrals"), "by": ("race",), "level": "district", "within": "CO"},
    {"measures": "arrests", "level": "district", "within": "TX", "policy": "screened"},
    {"measures": ("iss",), "by": ("sex", "disability"), "level": "state", "within": "US"},
    {"measures": "arrests", "by": "race", "level": "school", "within": "Austin ISD"},
    {"measures": ("offenses", "enrollment"), "level": "nation"},
]


@pytest.fixture(scope="module", params=ASKED, ids=lambda one: f"{one['level']} {one.get('by')}")
def asked(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


def group_of(row: dict[str, Any]) -> Group:
    named = [row[axis] for axis in ("race", "sex", "disability") if row[axis] != "all"]
    return Group("/".join(named) or "all")


def test_every_row_is_what_the_engine_answers(room: Homeroom, asked: dict[str, Any]) -> None:
    rows = room.panel(**asked)
    assert dict(rows.schema) == types()
    assert rows.select("place", "wave", "measure", "group").is_unique().all()
    some = rows.sample(min(400, len(rows)), seed=1).to_dicts()
    questions = [
        Question(row["measure"], group_of(row), place=row["place"], wave=row["wave"],
                 policy=row["policy"])
        for row in some
    ]  # fmt: skip
    for row, one in zip(some, room.answer(questions), strict=True):
        assert (row["count"], row["students"], row["rate_per_10000"]) == (
            one.group.count, one.group.students, one.group.rate_per_10000
        )  # fmt: skip
        for name in ("low", "high", "status", "coverage", "coverage_schools", "doubtful", "note",
                     "basis", "source", "all_events"):  # fmt: skip
            assert row[name] == getattr(one, name), (name, row)
        assert row["reason_id"] == one.reason
        no_number = one.value is None or one.status != "observed"
        assert row["reason"] == (one.explanation if no_number else None)
        assert row["doubts"] == ("; ".join(dict.fromkeys(d.rule for d in one.doubts)) or None)


def test_a_null_is_never_a_zero_and_says_why(room: Homeroom, asked: dict[str, Any]) -> None:
    rows = room.panel(**asked)
    silent = rows.filter(pl.col("rate_per_10000").is_null())
    assert silent.filter(pl.col("reason").is_null()).is_empty()
    missing = rows.filter(pl.col("status").is_in(["missing", "suppressed"]))
    assert missing["rate_per_10000"].null_count() == len(missing)


def test_the_staff_beside_a_place_are_those_of_staff(room: Homeroom) -> None:
    for within, level, policy in (("Austin ISD", "district", "published"),
                                  ("CO", "state", "published"), ("Denver", "district", "screened"),
                                  ("US", "nation", "published")):  # fmt: skip
        rows = room.panel(within=within, level=level, policy=policy)  # type: ignore[arg-type]
        assert len(rows) >= 2
        for row in rows.to_dicts():
            try:
                alone = room.staff(within, row["wave"], policy=policy)  # type: ignore[arg-type]
            except homeroom.NotAvailable:
                assert all(row[f"{role}_fte"] is None for role in ROLES)
                continue
            known = {one["role"]: (one["fte"], one["students"]) for one in alone.to_dicts()}
            told = {role: (row[f"{role}_fte"], row[f"{role}_students"]) for role in known}
            assert told == known
            assert row["staff_universe"] == (alone["universe"].drop_nulls().unique().sort()
                                             .str.join("; ").item() or None)  # fmt: skip
            doubted = {role for role in known if f"{role}: " in (row["staff_doubts"] or "")}
            assert doubted == set(alone.filter(pl.col("doubts").is_not_null())["role"])


def test_ids_are_text_that_joins(room: Homeroom) -> None:
    districts = room.panel(level="district", within="CO")
    assert all(re.fullmatch(r"08.{5}", one) for one in districts["leaid"])
    assert set(districts["fips"]) == {"08"}
    assert districts["combokey"].null_count() == len(districts)
    schools = room.panel(level="school", within="Austin ISD")
    assert all(one.startswith("4808940") and len(one) == 12 for one in schools["combokey"])
    states = room.panel(level="state", waves="2017-18")
    assert dict(states.select("state", "fips").unique().rows())["AL"] == "01"
    nation = room.panel(level="nation", waves="2017-18")
    assert nation.select("state", "fips", "leaid", "combokey").row(0) == (None,) * 4


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"measures": ()}, "found none"), ({"measures": "arrest"}, "expected one of"),
     ({"waves": "2001-02"}, "wave '2001-02'"), ({"level": "school"}, "state or a district"),
     ({"level": "county"}, "expected one of"), ({"level": "state", "within": "Denver"}, "lies"),
     ({"by": "age"}, "race, sex, disability"), ({"policy": "strict"}, "policy"),
     ({"measures": "offenses", "by": "race"}, "not published by group")],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused(
    room: Homeroom, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(homeroom.BadInput, match=said):
        room.panel(**asked)
    with pytest.raises(homeroom.NotAvailable, match="found none"):
        room.panel(waves="2023-24")


def run(store: Path, *arguments: str) -> str:
    done = CliRunner(env={"HOMEROOM_STORE": str(store)}).invoke(
        cli, ["panel", "--within", "CO", "--by", "race", *arguments], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return done.stdout


def test_each_program_reads_its_file(room: Homeroom, starter_store: Path, tmp_path: Path) -> None:
    rows = room.panel(by="race", within="CO")
    for option, name in (("--parquet", "p.parquet"), ("--stata", "p.dta"), ("--r", "p.rds")):
        assert f"{len(rows)} rows" in run(starter_store, option, str(tmp_path / name))
    assert pl.read_parquet(tmp_path / "p.parquet").equals(rows)
    text = list(csv.DictReader(io.StringIO(run(starter_store, "--csv"))))
    assert list(text[0]) == [*rows.columns, "data_version"]
    assert [row["leaid"] for row in text] == rows["leaid"].to_list()
    stata = pd.read_stata(tmp_path / "p.dta")
    assert list(stata) == rows.columns
    assert list(stata["leaid"]) == rows["leaid"].to_list()
    assert list(stata["low"].isna()) == rows["low"].is_null().to_list()
    assert stata["count"].sum() == rows["count"].sum()


def test_r_reads_its_file(room: Homeroom, starter_store: Path, tmp_path: Path) -> None:
    if (program := shutil.which("Rscript")) is None:
        pytest.skip("R is not installed here")
    run(starter_store, "--r", str(tmp_path / "p.rds"))
    code = f"""d <- readRDS("{tmp_path}/p.rds"); options(digits = 15)
      cat(nrow(d), sum(d$count, na.rm = TRUE), sum(is.na(d$low)), sum(is.na(d$reason)),
          sum(d$doubtful), class(d$leaid), d$leaid[1], sum(d$high, na.rm = TRUE),
          attr(d$leaid, "label") == "{panel_columns()["leaid"]}",
          any(grepl("version: {room.meta["data_version"]}", attr(d, "homeroom"))), sep = "|")"""
    done = subprocess.run([program, "-e", code], capture_output=True, text=True, check=True)
    rows = room.panel(by="race", within="CO")
    *numbers, kind, first, high, label, version = done.stdout.split("|")
    assert [int(one) for one in numbers] == [
        len(rows), rows["count"].sum(), rows["low"].null_count(), rows["reason"].null_count(),
        rows["doubtful"].sum(),
    ]  # fmt: skip
    assert (kind, first, label, version) == ("character", rows["leaid"][0], "TRUE", "TRUE")
    assert float(high) == pytest.approx(rows["high"].sum(), rel=1e-12)  # sums in another order


def test_one_file_is_asked_for_at_a_time(starter_store: Path, tmp_path: Path) -> None:
    done = CliRunner(env={"HOMEROOM_STORE": str(starter_store)}).invoke(
        cli, ["panel", "--csv", "--r", str(tmp_path / "p.rds")]
    )
    assert isinstance(done.exception, homeroom.BadInput)
    assert not (tmp_path / "p.rds").exists()
