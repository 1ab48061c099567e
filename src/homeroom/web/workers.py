"""Processes that draw and typeset, behind a bounded queue with a deadline.

A native engine can abort its whole process, and nobody can stop it from outside. Here it costs one
answer: the process is replaced. Whoever asked and left takes the work along.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError
from concurrent.futures import TimeoutError as LateError

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from homeroom.errors import HomeroomError
from homeroom.report.engines import warm

_TASKS = 500
"""A process is replaced after so many answers, and its memory with it."""


class Busy(HomeroomError):
    """Too many answers wait for the engines."""

    kind = "busy"


class EngineFailed(HomeroomError):
    """An engine died, or took too long, over one answer."""

    kind = "engine"


class Workers:
    """A few processes for native work.

    Parameters
    ----------
    processes
        How many; each takes a core while it works, and about 150 MB.
    waiting
        How many answers may wait for one.
    seconds
        How long one answer may take, once it has begun; its process is then killed.
    """

    def __init__(self, processes: int = 2, waiting: int = 24, seconds: float = 12.0) -> None:
        self.processes, self.waiting, self.seconds = processes, waiting, seconds
        self.asked = self.died = self.refused = 0
        self._inside = 0
        self._pool: ProcessPool | None = None

    @property
    def inside(self) -> int:
        """Answers being made or waiting."""
        return self._inside

    async def run(self, work: Callable[..., bytes], *given: object) -> bytes:
        """Return what the work gives, made in another process.

        Raises
        ------
        Busy
            The queue is full.
        EngineFailed
            The process died over it, or it took too long.
        """
        if self._inside >= self.processes + self.waiting:
            self.refused += 1
            raise Busy("Expected room for one more picture, found too many waiting. Try again.")
        self._inside += 1
        self.asked += 1
        future: ProcessFuture[bytes] | None = None
        try:
            future = self._scheduled(work, given)
            made: bytes = await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if future is not None:
                future.cancel()  # type: ignore[no-untyped-call]  # kills its process, if begun
            raise
        except (ProcessExpired, LateError, CancelledError, BrokenExecutor) as error:
            self.died += 1
            raise EngineFailed(
                "The picture could not be drawn: its engine failed or took too long. "
                "The table behind it still answers."
            ) from error
        finally:
            self._inside -= 1
        return made

    def _scheduled(
        self, work: Callable[..., bytes], given: tuple[object, ...]
    ) -> ProcessFuture[bytes]:
        """Schedule the work; start a new pool if the old one was killed."""
        try:
            return self._started().schedule(work, args=given, timeout=self.seconds)
        except (RuntimeError, OSError, EOFError):
            self.died += 1
            broken, self._pool = self._pool, None
            # Beside: nobody who asks for something waits for what is left of it.
            threading.Thread(target=_stopped, args=(broken,), daemon=True).start()
            return self._started().schedule(work, args=given, timeout=self.seconds)

    def close(self) -> None:
        """Stop the processes, whatever they do."""
        stopping, self._pool = self._pool, None
        _stopped(stopping)

    def _started(self) -> ProcessPool:
        """Return the pool, started at the first need: a command that draws nothing needs none."""
        if self._pool is None:
            # A fork would copy the threads' locks of a running server.
            # The time to start an engine is not taken from the first answer's.
            self._pool = ProcessPool(
                self.processes, max_tasks=_TASKS, initializer=warm,
                context=multiprocessing.get_context("forkserver"),
            )  # fmt: skip
        return self._pool


def _stopped(pool: ProcessPool | None) -> None:
    if pool is not None:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join(timeout=5)
