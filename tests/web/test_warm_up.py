"""The first pages are made in the background, and nobody waits for that."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

import homeroom
from homeroom.web import warm
from homeroom.web.app import create_app
from homeroom.web.page_cache import PageCache
from homeroom.web.settings import Settings

from .serving import served

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW = ["/", "/methods", "/map"]


def site(store: Path, **changes: bool) -> TestClient:
    app = create_app(homeroom.open(store), Settings(costly_per_minute=100_000, **changes))
    return TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)


def until(said: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "pages", lambda: (FEW, []))


def test_the_list_has_what_people_come_for() -> None:
    first, claims = warm.pages()
    assert {"/", "/place/US", "/map", "/claims"} <= set(first)
    assert "six-times" in claims


@pytest.mark.usefixtures("few")
def test_readiness_says_when_the_first_pages_are_made(
    starter_store: Path, client: TestClient
) -> None:
    with site(starter_store, warm_up=True) as warming:
        ready = warming.get("/readyz").json()
        assert ready["status"] == "ready"
        until(lambda: warming.get("/readyz").json()["warm"])
        assert len(warming.app.state.cache) == len(FEW)
        for path in FEW:  # and they are those that a visitor would have been made
            assert warming.get(path).text == client.get(path).text
        assert len(warming.app.state.cache) == len(FEW)


def test_a_site_that_was_not_asked_to_warm_up_says_so(client: TestClient) -> None:
    assert client.get("/readyz").json()["warm"] is False


def test_a_claim_is_made_in_parts(starter_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm, "pages", lambda: ([], ["six-times"]))
    with homeroom.open(starter_store) as room:
        named = [part.args[0][0] for part in warm.parts(PageCache(room), ["six-times"])]
    assert {(one.wave, one.policy) for one in named} >= {
        ("2017-18", "published"), ("2017-18", "screened"), ("2015-16", "published"),
    }  # fmt: skip
    with site(starter_store, warm_up=True) as warming:
        until(lambda: warming.get("/readyz").json()["warm"])
        assert len(warming.app.state.cache) == 1
        assert "1.88 times the rate of white students" in warming.get("/claims/six-times").text


def test_a_page_that_cannot_be_made_stops_no_other(
    starter_store: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(warm, "pages", lambda: (["/nowhere", "/place/lea:0000000", "/about"], []))
    with (
        caplog.at_level(logging.INFO, "homeroom.web"),
        site(starter_store, warm_up=True) as warming,
    ):
        until(lambda: warming.get("/readyz").json()["warm"])
        assert len(warming.app.state.cache) == 1
    lines = [json.loads(record.message) for record in caplog.records]
    assert [line["route"] for line in lines if line["event"] == "warm-up"] == [
        "/nowhere", "/place/lea:0000000"
    ]  # fmt: skip
    assert {line["route"] for line in lines if line["event"] == "request"} == {"/readyz"}


def test_it_is_left_after_the_step_under_way(
    starter_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    begun, release = threading.Event(), threading.Event()

    def step() -> None:
        taken.append(1)
        begun.set()
        release.wait(10)

    monkeypatch.setattr(warm, "pages", lambda: ([], []))
    monkeypatch.setattr(warm, "parts", lambda _cache, _claims: [step] * 50)
    with site(starter_store, warm_up=True) as warming:
        assert begun.wait(10)
        # The step holds nothing that others need.
        assert warming.get("/place/US-TX").status_code == 200
        assert warming.get("/claims/six-times").status_code == 200
        release.set()
        warming.app.state.warm_up._traffic.under_way += 1  # and no further one begins now
        taken_then = len(taken)
    assert len(taken) <= taken_then + 1
    time.sleep(0.2)
    assert len(taken) <= taken_then + 1


def test_a_step_waits_while_somebody_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> tuple[bool, bool]:
        traffic = warm.Traffic()
        with traffic.one():
            waiting = asyncio.create_task(traffic.pause())
            await asyncio.sleep(0.3)
            early = waiting.done()
        await waiting
        monkeypatch.setattr(warm, "_PATIENCE", 0.2)
        with traffic.one():  # but not for ever: on a busy site there is always somebody
            await traffic.pause()
        return early, traffic.under_way == 0

    assert asyncio.run(run()) == (False, True)


def test_the_command_stops_though_it_is_warming_up(starter_store: Path, tmp_path: Path) -> None:
    with served(starter_store, tmp_path / "log.txt", warm_up=True) as made:
        assert b'"warm":false' in made.request("GET", "/readyz")
        made.process.send_signal(signal.SIGTERM)
        assert made.process.wait(15) in (0, -signal.SIGTERM)
    assert "Traceback" not in made.log.read_text()


def test_the_cache_makes_one_thing_once_and_others_meanwhile(starter_store: Path) -> None:
    made: list[int] = []
    begun, release = threading.Event(), threading.Event()

    def slow() -> str:
        made.append(1)
        begun.set()
        assert release.wait(10)
        return "slow"

    with homeroom.open(starter_store) as room, ThreadPoolExecutor(4) as pool:
        cache = PageCache(room)
        asked = [pool.submit(cache.keep, ("slow",), slow) for _ in range(3)]
        assert begun.wait(10)
        assert cache.keep(("other",), lambda: "other") == "other"
        release.set()
        assert [one.result(10) for one in asked] == ["slow"] * 3
        assert made == [1]
        with pytest.raises(ZeroDivisionError):
            cache.keep(("broken",), lambda: 1 / 0)
        assert cache.keep(("broken",), lambda: 2) == 2
        inside = pool.submit(cache.keep, ("x",), lambda: cache.keep(("x",), lambda: "x") + "y")
        assert inside.result(10) == "xy"
