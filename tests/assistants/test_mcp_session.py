"""An assistant's session with `homeroom mcp`, over standard input and output, as it would run."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp", reason="the extra `mcp` is not installed")

from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from homeroom.api import Homeroom
from homeroom.errors import Confidential
from homeroom.mcp import claims, figures
from homeroom.mcp.server import create_server
from homeroom.mcp.tools import TOOLS

ASKED = "Were Black students in Austin arrested six times as often?"
CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("find_place", {"name": "Austin ISD"}),
    ("figure", {"place": "Austin ISD", "group": "black", "versus": "white"}),
    ("check_claim", {"claim": ASKED}),
    ("check_article", {"text": f"{ASKED} Police make schools safer, he said."}),
    ("research", {"intervention": "sro_presence", "outcome": "school_arrests"}),
    ("act", {"place": "Austin ISD", "facts": {"contract": "ended"}}),
    ("plan", {"document": {"name": "Half", "place": "Austin ISD", "start": 2026, "years": 1,
                           "officers": {"end": "half"}}}),
    ("figure", {"place": "no such place anywhere"}),
    ("figure", {"place": "TX", "measure": "detentions"}),
)  # fmt: skip


@pytest.fixture(scope="module")
def session(starter_store: Path) -> list[Any]:
    """Every call of a session, with what came back; first the list of tools."""

    async def talk() -> list[Any]:
        started = StdioServerParameters(
            command=sys.executable, args=["-m", "homeroom", "mcp"],
            env={**os.environ, "HOMEROOM_STORE": str(starter_store)},
        )  # fmt: skip
        async with Client(stdio_client(started)) as client:
            return [await client.list_tools(), *[await client.call_tool(*one) for one in CALLS]]

    return asyncio.run(talk())


def answer(session: list[Any], name: str) -> dict[str, Any]:
    at = next(at for at, (called, _) in enumerate(CALLS, 1) if called == name)
    assert not session[at].is_error, session[at].content
    return session[at].structured_content


def test_the_question_on_austin_is_answered_with_scope_and_source(session: list[Any]) -> None:
    said = answer(session, "check_claim")
    assert "Compared with whom?" in said["answer"]
    assert "6.2 times the rate of white students in AUSTIN ISD" in said["answer"]
    assert "2.8 times the rate of all other students" in said["answer"]
    assert said["scope"] == "AUSTIN ISD as a whole, 2017-18"
    assert said["coverage"] > 0.99
    assert any("Referrals_and_Arrests_TX.csv.gz" in one for one in said["sources"])
    assert "data version" in said["citation"]
    values = [one["value"] for one in said["data"]["readings"]]
    assert values[0] == pytest.approx(6.167, abs=0.001)
    assert [one["verdict"] for one in said["data"]["readings"]][:2] == ["holds", "does_not_hold"]


def test_every_answer_holds_words_scope_doubt_coverage_and_citation(session: list[Any]) -> None:
    listed, *answers = session
    assert [tool.name for tool in listed.tools] == [tool.name for tool in TOOLS]
    assert {name for name, _ in CALLS} == {tool.name for tool in TOOLS}
    for (name, _), found in zip(CALLS[:7], answers[:7], strict=True):
        said = found.structured_content
        assert set(said) == {"answer", "scope", "doubt", "coverage", "sources", "citation", "data"}
        assert said["answer"], name
        assert said["scope"], name
        assert "data version" in said["citation"], name


def test_the_figure_is_the_one_that_python_gives(session: list[Any], room: Homeroom) -> None:
    said = answer(session, "figure")
    own = room.ratio("arrests", "black", "white", "Austin ISD")
    assert said["data"]["value"] == own.value
    assert said["data"]["group"]["count"] == own.group.count
    assert "6.17 times the rate (95% interval 4.26 to 8.93)" in said["answer"]


def test_refusals_say_what_was_expected(session: list[Any]) -> None:
    for found in session[-2:]:
        assert found.is_error
        assert "Traceback" not in found.content[0].text
    assert "expected the name of a place" in session[-2].content[0].text
    assert "'arrests'" in session[-1].content[0].text


def test_a_doubtful_or_partial_figure_says_so(room: Homeroom) -> None:
    said = figures.figure(room, "US", "seclusion", wave="2017-18")
    assert said["scope"].startswith("the United States: Colorado, Texas, and Virginia only")
    assert "in Colorado, Texas, and Virginia (14% of the nation's students)" in said["answer"]
    rows = room.store.con.execute(
        "SELECT place_id FROM place WHERE kind = 'district' AND state = 'TX' ORDER BY place_id"
    ).fetchall()
    found = room.answer([figures.Question(place=one, wave="2017-18") for (one,) in rows])
    doubtful = next(one for one in found if one.doubtful)
    said = figures.figure(room, doubtful.question.place, wave="2017-18")
    assert said["doubt"]
    assert "We doubt this figure" in said["answer"]


def test_no_assistant_gets_confidential_records(
    room: Homeroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(room), "access", property(lambda _: "confidential"))
    with pytest.raises(Confidential, match="expected a public store"):
        create_server(room)


def test_a_claim_of_the_catalogue_keeps_its_verdict(room: Homeroom) -> None:
    said = claims.check_claim(room, "six-times")
    assert said["data"]["verdict"] == str(room.check("six-times").verdict)
    assert len(str(said)) < 40_000
