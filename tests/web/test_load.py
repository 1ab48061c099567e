"""Costs, bounded threads, and what the server says about itself."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

import homeroom
from homeroom.web import threads
from homeroom.web.app import create_app
from homeroom.web.limits import COSTS, Buckets, cost_of
from homeroom.web.settings import Settings
from homeroom.web.workers import Busy

if TYPE_CHECKING:
    from pathlib import Path

HERE, PROXY = ("127.0.0.1", 50_000), {"cf-connecting-ip": "203.0.113.9"}


def test_what_costs_more_leaves_fewer() -> None:
    buckets = Buckets(60)
    taken = [buckets.take("a", cost_of("/brief/US.pdf"), now=0.0) for _ in range(4)]
    assert taken == [True, True, True, False]
    assert buckets.take("b", 500, now=0.0)  # dearer than a full bucket: once a minute
    assert not buckets.take("b", 1, now=0.0)
    assert cost_of("/place/US") == 0
    assert cost_of("/api/v1/plans") > cost_of("/chart/rates.svg") > 0
    assert all(cost_of(start) == cost for start, cost in COSTS.items())


def test_abandoned_work_keeps_its_thread_and_what_waits_is_dropped() -> None:
    lane, held, done = threads.Lane("test", 1, 2), threading.Event(), []

    async def steps() -> None:
        asked = [asyncio.create_task(lane.run(held.wait))]
        asked += [asyncio.create_task(lane.run(lambda: done.append(1))) for _ in range(2)]
        await asyncio.sleep(0.05)
        assert lane.inside == 3
        with pytest.raises(Busy, match="too many waiting"):
            await lane.run(lambda: None)
        for one in asked:
            one.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
        assert lane.inside == 1  # the one that had begun
        held.set()
        for _ in range(500):
            await asyncio.sleep(0.01)
            if not lane.inside:
                break
        assert await lane.run(lambda: "next") == "next"

    asyncio.run(steps())
    assert done == []
    assert lane.refused == 1


def test_clients_take_turns_however_much_one_asks_for() -> None:
    lane, order = threads.Lane("test", 1, 10), []

    async def steps() -> None:
        held = threading.Event()
        first = asyncio.create_task(lane.run(held.wait))
        await asyncio.sleep(0.05)
        asked = []
        for client in ("a", "a", "a", "b"):
            threads.made_for(client, long=False)
            asked.append(asyncio.create_task(lane.run(lambda name=client: order.append(name))))
            await asyncio.sleep(0)
        held.set()
        await asyncio.gather(first, *asked)

    asyncio.run(steps())
    assert order == ["a", "b", "a", "a"]


def test_pages_are_answered_while_long_work_waits(
    starter_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every place among what takes long is taken: a brief is refused, and a page is made."""
    full = threads.Lane("full", 1, -1)
    monkeypatch.setattr(threads, "LONG", full)
    app = create_app(homeroom.open(starter_store), Settings())
    with TestClient(app, base_url="http://127.0.0.1:8000", client=HERE) as client:
        refused = client.get("/brief/US-TX.pdf")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
        assert client.get("/place/US-TX").status_code == 200
    assert full.refused == 1


def test_metrics_are_for_this_machine_and_name_no_place(starter_store: Path) -> None:
    app = create_app(homeroom.open(starter_store), Settings())
    with TestClient(app, base_url="http://127.0.0.1:8000", client=HERE) as client:
        client.get("/place/US-TX")
        told = client.get("/metrics")
        assert client.get("/metrics", headers=PROXY).status_code == 404
    assert told.headers["cache-control"] == "no-store"
    names = (
        "homeroom_request_seconds_count", 'homeroom_inside{where="workers"}',
        "homeroom_cache_bytes", "homeroom_threads", "process_resident_memory_bytes",
    )  # fmt: skip
    for name in names:
        assert name in told.text
    assert 'route="/place/{place_id}"' in told.text
    assert "US-TX" not in told.text


def test_an_address_that_is_too_long_is_not_said_back(starter_store: Path) -> None:
    app = create_app(homeroom.open(starter_store), Settings())
    with TestClient(app, base_url="http://127.0.0.1:8000", client=HERE) as client:
        for start in ("/place/", "/api/v1/places/"):
            answer = client.get(start + "q" * 60_000)
            assert answer.status_code == 414
            assert "qqq" not in answer.text
        assert answer.json()["error"]["type"] == "too_long"
