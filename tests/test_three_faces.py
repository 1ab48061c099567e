"""Python, the command line, and the API give the same rows for the same question."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, get_args

import polars as pl
import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

import homeroom
from homeroom.api import choices
from homeroom.cli.main import cli
from homeroom.figures import disparities, question
from homeroom.figures.by_unit import LEVELS
from homeroom.report import place_charts
from homeroom.report.brief.subject import subject
from homeroom.vocabulary.groups import ALL, AXES, SEXES
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.waves import WAVES
from homeroom.web.app import create_app
from homeroom.web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from homeroom.api import Homeroom


@pytest.fixture(scope="module")
def room(starter_store: Path) -> Iterator[Homeroom]:
    with homeroom.open(starter_store) as opened:
        yield opened


@pytest.fixture(scope="module")
def site(room: Homeroom) -> TestClient:
    settings = Settings(costly_per_minute=100_000, warm_up=False)
    return TestClient(create_app(room, settings), base_url="http://127.0.0.1:8000")


def printed(store: Path, *arguments: str) -> Any:
    done = CliRunner(env={"HOMEROOM_STORE": str(store)}).invoke(
        cli, [*arguments, "--json"], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def options(asked: dict[str, str]) -> list[str]:
    return [word for name, value in asked.items() for word in (f"--{name}", value)]


def plain(frame: pl.DataFrame) -> Any:
    return json.loads(json.dumps(frame.to_dicts()))


QUESTIONS = [
    ("rate", "rates", {"measure": "arrests", "place": "US", "by": "race"}),
    ("rate", "rates", {"measure": "iss", "place": "Austin ISD", "by": "race,sex"}),
    ("rate", "rates", {"measure": "referrals", "place": "TX", "wave": "2020-21",
                       "policy": "screened"}),
    ("rate", "rates", {"measure": "arrests", "place": "US", "wave": "2020-21",
                       "basis": "schools", "by": "disability", "section504": "without"}),
    ("rate", "rates", {"measure": "offenses", "place": "Virginia", "wave": "2017-18"}),
    ("staff", "staff", {"place": "California"}),
    ("staff", "staff", {"place": "lea:0803360", "wave": "2017-18", "policy": "screened"}),
    ("gaps", "gaps", {"place": "Colorado"}),
    ("officers", "officers", {"place": "Austin ISD", "measure": "referrals"}),
    ("trend", "trend", {"measure": "arrests", "place": "US-TX"}),
    ("disparity", "disparities", {"level": "state", "measure": "referrals", "wave": "2015-16"}),
    ("disparity", "disparities", {"level": "district", "within": "CO", "versus": "white",
                                  "by": "race,sex", "statistics": "difference"}),
]  # fmt: skip
NAMES = {"rate": "rate", "staff": "staff", "gaps": "gaps", "officers": "officers",
         "trend": "trend", "disparity": "disparity"}  # fmt: skip


@pytest.mark.parametrize(("command", "path", "asked"), QUESTIONS)
def test_the_three_faces_give_the_same_rows(
    room: Homeroom, site: TestClient, starter_store: Path, command: str, path: str,
    asked: dict[str, str],
) -> None:  # fmt: skip
    wanted: dict[str, Any] = dict(asked)
    if "by" in wanted:
        wanted["by"] = wanted["by"].split(",")
    if "statistics" in wanted:
        wanted["statistics"] = [wanted.pop("statistics")]
    rows = plain(getattr(room, NAMES[command])(**wanted))
    assert rows
    assert printed(starter_store, command, *options(asked)) == rows
    answer = site.get(f"/api/v1/{path}", params=asked | {"limit": "10000"})
    assert answer.json()["data"] == rows


def test_peers_are_the_same_everywhere(
    room: Homeroom, site: TestClient, starter_store: Path
) -> None:
    rows = plain(room.peers("Denver", count=5, same_state=True))
    told = printed(starter_store, "peers", "--place", "Denver", "--count", "5", "--same-state")
    assert told["peers"] == rows
    answer = site.get("/api/v1/peers?place=Denver&count=5&same_state=yes")
    assert answer.json()["data"] == rows
    assert told["standing"]["wave"] == "2017-18"


@pytest.mark.parametrize("asked", [
    {"group": "black", "versus": "white", "place": "Austin ISD"},
    {"group": "black+hispanic", "versus": "others", "place": "US", "wave": "2017-18"},
    {"group": "idea", "versus": "wodis", "place": "VA", "measure": "referrals",
     "average": "mean_of_schools", "basis": "schools"},
])  # fmt: skip
def test_ratios_are_the_same_everywhere(
    room: Homeroom, site: TestClient, starter_store: Path, asked: dict[str, str]
) -> None:
    wanted: dict[str, Any] = dict(asked)
    figure = room.ratio(**wanted).as_dict()
    told = printed(starter_store, "ratio", *options(asked))
    answer = site.get("/api/v1/ratio", params=asked).json()["data"]
    assert answer["ratio"] == figure.pop("value")
    assert {name: answer[name] for name in figure} == json.loads(json.dumps(figure))
    assert told["ratio"] == answer["ratio"]
    kept = ("low", "high", "method", "group", "versus", "coverage", "source", "reason", "note")
    assert {name: told[name] for name in kept} == {name: answer[name] for name in kept}


def test_a_name_an_id_and_a_postal_code_mean_the_same_place(room: Homeroom) -> None:
    assert room.resolve("Austin ISD") == room.resolve("lea:4808940") == "lea:4808940"
    assert room.resolve("TX") == room.resolve("Texas") == "US-TX"
    assert room.rate("arrests", "Austin ISD").equals(room.rate("arrests", "lea:4808940"))


def test_a_figure_prints_as_one_line_with_its_interval_and_note(room: Homeroom) -> None:
    figure = room.ratio("iss", place="TX", wave="2020-21")
    shown = repr(figure)
    assert shown.startswith("<Figure 1.467 (")
    assert "Black vs. white students, iss, US-TX 2020-21; schools" in shown
    assert "\n" not in shown
    html = figure._repr_html_()
    assert html.index("Counted") < html.index("37,175") < html.index("1.467")
    narrow = room.figures("arrests", "US", "2020-21", basis="schools")[0]
    assert "only" in repr(narrow)
    assert narrow.note is not None
    assert narrow.note.split("'")[0] in narrow._repr_html_()


def test_a_figure_that_does_not_exist_prints_why(room: Homeroom) -> None:
    figure = room.ratio("arrests", place="lea:0622710", wave="2017-18")
    assert "no figure (not_at_hand)" in repr(figure)
    assert "No file in the store" in figure._repr_html_()


def test_the_types_of_choices_are_the_lists_that_values_are_checked_against() -> None:
    assert set(get_args(choices.Measure)) == set(MEASURES)
    assert get_args(choices.Wave) == tuple(WAVES)
    assert get_args(choices.ChartKind) == place_charts.KINDS
    assert get_args(choices.Axis) == tuple(AXES)
    assert get_args(choices.Level) == LEVELS
    assert get_args(choices.Sex) == (ALL, *SEXES)
    assert get_args(choices.Disability) == (ALL, *AXES["disability"])
    assert get_args(choices.Statistic) == disparities.STATISTICS
    for name, kind in (
        ("BASES", choices.Basis), ("SECTION_504", choices.Section504),
        ("COMPARATORS", choices.Comparator), ("AVERAGES", choices.Average),
        ("SCHOOLS", choices.Schools),
    ):  # fmt: skip
        assert get_args(kind) == getattr(question, name)


def test_a_picture_and_a_brief_are_made_at_the_door(room: Homeroom, tmp_path: Path) -> None:
    for kind in place_charts.KINDS:
        made = room.picture(kind, "Austin ISD")
        room.chart(kind, "Austin ISD", out=tmp_path / f"{kind}.svg")
        assert "Austin ISD" in made.title
        assert (tmp_path / f"{kind}.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "In-school" in room.picture("rates", "TX", measure="iss", wave="2020-21").title
    assert "In-school" not in room.picture("rates", "TX").title
    with pytest.raises(homeroom.NotAvailable, match="found none"):
        room.chart("rates", "Los Angeles Unified")
    with pytest.raises(homeroom.BadInput, match="expected one of"):
        room.chart("pie", "TX")  # type: ignore[arg-type]
    brief = room.brief("Austin ISD", tmp_path / "brief.html")
    assert "counselors" in brief.title
    assert (tmp_path / "brief.html").stat().st_size > 10_000


def test_importing_the_package_loads_no_data_frames() -> None:
    """The command line's help and a script's first line should not wait for what they don't use."""
    code = (
        "import sys, homeroom; assert 'polars' not in sys.modules and 'duckdb' not in sys.modules; "
        "assert homeroom.BadInput.exit_code == 2; assert homeroom.Question().measure == 'arrests'"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


PLACES = (
    "US", "US-TX", "US-VT", "US-NY", "US-NV", "lea:4808940", "lea:4816620", "lea:0622710",
    "lea:1703870", "lea:5103660", "school:480894000291", "school:480145013781",
)  # fmt: skip


@pytest.mark.parametrize("policy", ["published", "screened"])
@pytest.mark.parametrize("place", PLACES)
def test_the_page_the_brief_and_the_api_show_what_the_engine_answers(
    room: Homeroom, site: TestClient, place: str, policy: str
) -> None:
    about = subject(room.store, place, name=None, policy=policy)
    sent = site.get(f"/api/v1/places/{place}", params={"policy": policy}).json()["data"]
    rows = {(row["measure"], row["wave"], row["group"]): row for row in sent["outcomes"]}
    shown = {
        (f.question.measure, f.question.wave, f.question.group): f for f in about.page.outcomes
    }
    assert rows.keys() == shown.keys()
    alone = room.answer([one.question for one in shown.values()])
    for key, one in zip(shown, alone, strict=True):
        assert shown[key] == one
        told = (one.group.count, one.group.students, one.coverage, one.basis, one.doubtful)
        assert told == tuple(
            rows[key][name] for name in ("count", "students", "coverage", "basis", "doubtful")
        )
    staff = {(row["wave"], row["role"]): row["fte"] for row in sent["staff"]}
    assert staff == {(one.wave, one.role): one.fte for one in about.page.staff}
    for wave in dict.fromkeys(one.wave for one in about.page.staff):
        asked = room.staff(place, wave, policy=policy)
        assert {(wave, role): fte for role, fte in asked.select("role", "fte").rows()} == {
            key: fte for key, fte in staff.items() if key[0] == wave
        }


FRAMES = """
import hashlib, sys
import homeroom

room = homeroom.open(sys.argv[1])
for _ in range(int(sys.argv[2])):
    frames = (
        room.staff("US", "2017-18"), room.staff("US-TX", "2017-18"), room.gaps("US", "2017-18"),
        room.rate("arrests", "US-TX", "2020-21", by="race"), room.trend("arrests", "US"),
        room.officers("arrests", "US-CO", "2017-18"),
    )
    room.store.cache.clear()
    print([hashlib.sha256(frame.write_csv().encode()).hexdigest() for frame in frames])
"""


def test_every_frame_is_the_same_bytes_each_time_in_two_processes(starter_store: Path) -> None:
    """Nothing is kept from one time to the next; ``make prove`` asks 13 times in each."""
    rounds = os.environ.get("HOMEROOM_ROUNDS", "3")
    running = [
        subprocess.Popen(
            [sys.executable, "-c", FRAMES, str(starter_store), rounds],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    lines = [line for one in running for line in one.communicate(timeout=300)[0].splitlines()]
    assert len(lines) == 2 * int(rounds)
    assert len(set(lines)) == 1
