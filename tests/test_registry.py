"""One registry of questions: every face has the same names, parts, defaults, columns, and rows."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from click import Context
from click.testing import CliRunner
from starlette.testclient import TestClient

import homeroom
from homeroom.api.questions import QUESTIONS, Asked, json_schema
from homeroom.cli.main import COMMANDS, cli
from homeroom.figures.columns import MODELS, SYNONYMS, meaning
from homeroom.figures.rows import columns, schema
from homeroom.web.app import create_app
from homeroom.web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from homeroom.api import Homeroom

EXAMPLES: dict[str, dict[str, Any]] = {
    "rate": {"measure": "iss", "place": "Austin ISD", "by": ["race"]},
    "disparity": {"measure": "referrals", "by": ["race", "sex"], "statistics": ["odds_ratio"]},
    "panel": {"measures": ["arrests", "iss"], "waves": ["2017-18"], "within": "CO"},
    "staff": {"place": "Denver"},
    "trend": {"place": "TX"},
    "gaps": {"place": "VA"},
    "officers": {"place": "CO", "measure": "referrals"},
    "peers": {"place": "Denver", "count": 4, "same_state": True},
    "survey": {"item": "officer", "domain": "level"},
    "shootings": {},
    "claims": {},
    "research": {"intervention": "sro_presence", "verified": True},
}
BESIDE = {"peers": "peers", "shootings": "rows"}
"""Where the rows stand in the JSON of commands that print more than rows."""
FLAGS = {"verified": {True: "--verified", False: "--unverified"}}


@pytest.fixture(scope="module")
def room(starter_store: Path) -> Iterator[Homeroom]:
    with homeroom.open(starter_store) as opened:
        yield opened


@pytest.fixture(scope="module")
def site(room: Homeroom) -> TestClient:
    return TestClient(
        create_app(room, Settings(costly_per_minute=100_000)), base_url="http://127.0.0.1:8000"
    )


def command_line(asked: dict[str, Any]) -> list[str]:
    found = []
    for name, value in asked.items():
        if name in FLAGS:
            found.append(FLAGS[name][value])
        elif value is True:
            found.append(f"--{name.replace('_', '-')}")
        else:
            text = ",".join(value) if isinstance(value, list) else str(value)
            found += [f"--{name.replace('_', '-')}", text]
    return found


def query(asked: dict[str, Any]) -> dict[str, str]:
    return {
        name: "yes" if value is True else ",".join(value) if isinstance(value, list) else str(value)
        for name, value in asked.items()
    } | {"limit": "10000"}


def plain(frame: pl.DataFrame) -> Any:
    return json.loads(json.dumps(frame.to_dicts()))


def test_every_question_has_an_example() -> None:
    assert set(EXAMPLES) == {one.name for one in QUESTIONS.values() if one.columns}


@pytest.mark.parametrize("name", EXAMPLES)
def test_python_the_command_line_and_the_api_give_the_same_rows(
    room: Homeroom, site: TestClient, starter_store: Path, name: str
) -> None:
    one, asked = QUESTIONS[name], EXAMPLES[name]
    frame: pl.DataFrame = getattr(room, name)(**asked)
    rows = plain(frame)
    assert rows
    done = CliRunner(env={"HOMEROOM_STORE": str(starter_store)}).invoke(
        cli, [name, *command_line(asked), "--json"], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    printed = json.loads(done.stdout)
    assert (printed[BESIDE[name]] if name in BESIDE else printed) == rows
    for address in {one.address, f"/{name}"}:
        assert site.get(f"/api/v1{address}", params=query(asked)).json()["data"] == rows
    assert one.columns is not None
    known = one.columns()
    named = [column for column in known if column in frame.columns]
    assert named == frame.columns if one.varies else list(known) == frame.columns
    row = json_schema(one)
    assert row is not None
    for column, kind in frame.schema.items():
        wanted = known[column][0]
        assert kind.is_integer() == wanted.is_integer(), column
        assert kind.is_float() == wanted.is_float(), column
        assert known[column][1]
        assert column in row["properties"]


@pytest.mark.parametrize("one", QUESTIONS.values(), ids=lambda one: one.name)
def test_names_and_defaults_are_the_same_everywhere(site: TestClient, one: Asked) -> None:
    signature = inspect.signature(getattr(homeroom.Homeroom, one.name)).parameters
    document = site.get("/api/v1/openapi.json").json()
    parameters = {
        each["name"]: each for each in document["paths"][one.address]["get"]["parameters"]
    }
    assert one.name in COMMANDS
    command = cli.get_command(None, one.name)  # type: ignore[arg-type]
    assert command is not None
    options = {option.name: option for option in command.params}
    for part in one.parts:
        python = signature[part.name].default
        given = None if python is inspect.Parameter.empty else python
        assert (tuple(given) if part.several else given) == part.default, part.name
        assert part.name in options, part.name
        assert part.name in parameters
        if part.required:
            assert parameters[part.name]["required"]
        elif part.several:
            assert parameters[part.name]["schema"].get("default", "") == ",".join(part.default)
        elif part.kind not in ("flag", "maybe"):
            assert parameters[part.name]["schema"].get("default") == part.default
        if part.kind != "maybe" and not part.required:
            wanted = part.default or None  # an empty default is none
            assert (options[part.name].get_default(Context(command)) or None) == wanted, part.name
    paging = {"limit", "offset", "format", "data_version"}
    assert set(parameters) - paging == {part.name for part in one.parts}


def test_no_frame_of_figures_calls_a_thing_by_another_name() -> None:
    seen: dict[str, tuple[str, Any]] = {}
    for model in MODELS:
        for name, kind in schema(model).items():
            assert name not in SYNONYMS, (model.__name__, name, SYNONYMS.get(name))
            assert meaning(name), name
            assert seen.setdefault(name, (model.__name__, kind))[1] == kind, name
        assert all(columns(model).values())
    for one in QUESTIONS.values():
        if one.columns and one.name in ("disparity", "panel", "peers"):
            assert not set(one.columns()) & set(SYNONYMS), one.name


def test_an_older_name_of_a_part_still_answers(
    site: TestClient, room: Homeroom, starter_store: Path
) -> None:
    new = site.get("/api/v1/disparities?statistics=ratio").json()["data"]
    assert site.get("/api/v1/disparities?statistic=ratio").json()["data"] == new
    arguments = ["disparity", "--statistic", "rate", "--statistic", "ratio", "--json"]
    done = CliRunner(env={"HOMEROOM_STORE": str(starter_store)}).invoke(cli, arguments)
    assert json.loads(done.stdout) == plain(room.disparity())


def test_the_api_has_officers_disparities_and_briefs(site: TestClient, room: Homeroom) -> None:
    brief = site.get("/api/v1/brief?place=Denver").json()["data"]
    assert brief == json.loads(json.dumps(room.brief("Denver").as_dict(), default=str))
    for path in ("officers", "disparity", "brief", "find", "place/{id}"):
        served = {getattr(route, "path", "") for route in site.app.routes}  # type: ignore[attr-defined]
        assert f"/api/v1/{path}" in served


def test_types_of_results_are_at_the_door() -> None:
    for name in homeroom.__all__:
        assert getattr(homeroom, name) is not None
    assert issubclass(homeroom.UnknownPlace, homeroom.NotAvailable)
    assert homeroom.RateRow.__doc__
