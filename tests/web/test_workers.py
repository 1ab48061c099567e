from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from homeroom.report import engines
from homeroom.web.workers import Busy, EngineFailed, Workers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_BAR = {
    "data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {"x": {"field": "a"}},
}  # fmt: skip
_FATAL = json.dumps(_BAR | {"title": "\uffff"})
"""The engine takes its whole process down over this title."""


def _with(made: Workers, steps: Callable[[Workers], Awaitable[Any]]) -> Any:
    try:
        return asyncio.run(steps(made))  # type: ignore[arg-type]
    finally:
        made.close()


async def _drawn(workers: Workers) -> bytes:
    return await workers.run(engines.draw, json.dumps(_BAR), "svg")


def test_an_engine_that_takes_its_process_down_costs_one_answer() -> None:
    async def steps(workers: Workers) -> bytes:
        with pytest.raises(EngineFailed, match="could not be drawn"):
            await workers.run(engines.draw, _FATAL, "svg")
        with pytest.raises(EngineFailed):
            await workers.run(signal.raise_signal, signal.SIGKILL)  # type: ignore[arg-type]
        return await _drawn(workers)

    assert b"<svg" in _with(Workers(1), steps)


def _kill_all() -> None:
    """Kill what this process draws with: the process that others are forked from, and those."""
    found = [path.parent for path in Path("/proc").glob("[0-9]*/stat")]
    parents = {one: (one / "stat").read_text().rpartition(")")[2].split()[1] for one in found}
    mine = str(os.getpid())
    servers = [
        one.name
        for one in found
        if parents[one] == mine and b"forkserver" in (one / "cmdline").read_bytes()
    ]
    for one in found:
        if one.name in servers or parents[one] in servers:
            os.kill(int(one.name), signal.SIGKILL)


@pytest.mark.skipif(not Path("/proc").exists(), reason="finds processes as Linux lists them")
def test_a_pool_that_was_killed_as_a_whole_is_replaced() -> None:
    """Its server process too, from which the others are forked."""

    async def steps(workers: Workers) -> bytes:
        await _drawn(workers)
        _kill_all()
        for _ in range(40):
            with contextlib.suppress(EngineFailed):
                return await _drawn(workers)
            await asyncio.sleep(0.25)
        return b""

    assert b"<svg" in _with(Workers(1), steps)


def test_work_past_its_deadline_is_killed_and_the_next_is_done() -> None:
    async def steps(workers: Workers) -> bytes:
        await _drawn(workers)
        started = time.monotonic()
        with pytest.raises(EngineFailed, match="took too long"):
            await workers.run(time.sleep, 300)  # type: ignore[arg-type]
        assert time.monotonic() - started < 60
        return await _drawn(workers)

    assert b"<svg" in _with(Workers(1, seconds=5), steps)


def test_who_leaves_takes_the_work_along() -> None:
    async def steps(workers: Workers) -> bytes:
        await _drawn(workers)
        asked = asyncio.create_task(workers.run(time.sleep, 300))  # type: ignore[arg-type]
        await asyncio.sleep(0.5)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert workers.inside == 0
        return await asyncio.wait_for(_drawn(workers), 60)

    assert b"<svg" in _with(Workers(1, seconds=400), steps)


def test_a_full_queue_says_so_at_once() -> None:
    async def steps(workers: Workers) -> int:
        asked = [
            asyncio.create_task(workers.run(time.sleep, 300))  # type: ignore[arg-type]
            for _ in range(3)
        ]
        await asyncio.sleep(0.2)
        with pytest.raises(Busy, match="too many waiting"):
            await _drawn(workers)
        for one in asked:
            one.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
        return workers.refused

    assert _with(Workers(1, waiting=2), steps) == 1
