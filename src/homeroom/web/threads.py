"""Threads in which answers are made: few, and apart for what takes long.

A thread cannot be stopped. So what is abandoned before it began is dropped, what is abandoned later
keeps its thread until it is done, and there are never more threads than these: visitors who come
and leave cannot pile up work. What takes long has threads of its own, so that pages which take
little never wait for it.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from homeroom.web.workers import Busy

P = ParamSpec("P")
T = TypeVar("T")


class Lane:
    """A few threads behind a bounded queue.

    Parameters
    ----------
    name
        What the threads are called.
    threads
        How many.
    waiting
        How many answers may wait for one.
    """

    def __init__(self, name: str, threads: int, waiting: int) -> None:
        self.name, self.threads, self.waiting = name, threads, waiting
        self.refused = 0
        self._inside = 0
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=f"homeroom-{name}")

    @property
    def inside(self) -> int:
        """Answers being made or waiting, those that nobody waits for any more included."""
        return self._inside

    async def run(self, work: Callable[[], T]) -> T:
        """Return what the work gives.

        Raises
        ------
        Busy
            Too many answers wait.
        """
        with self._lock:
            if self._inside >= self.threads + self.waiting:
                self.refused += 1
                raise Busy("Expected room for one more answer, found too many waiting. Try again.")
            self._inside += 1
        future = self._pool.submit(contextvars.copy_context().run, work)
        future.add_done_callback(self._left)
        return await asyncio.wrap_future(future)  # canceled with who waits, unless it began

    def _left(self, _: object) -> None:
        with self._lock:
            self._inside -= 1


SHORT, LONG = Lane("short", 6, 400), Lane("long", 2, 14)
_TAKES_LONG: contextvars.ContextVar[bool] = contextvars.ContextVar("takes_long", default=False)


def takes_long() -> None:
    """Have the rest of this request made among what takes long."""
    _TAKES_LONG.set(True)


async def run_in_threadpool(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what the work gives, made in a thread of the lane that this request is in.

    Parameters
    ----------
    work
        What to do, and after it what it is given.

    Raises
    ------
    Busy
        Too many answers wait.
    """
    lane = LONG if _TAKES_LONG.get() else SHORT
    return await lane.run(partial(work, *args, **kwargs))
