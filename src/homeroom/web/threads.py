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
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

from homeroom.web.workers import Busy

P = ParamSpec("P")
T = TypeVar("T")
Task = tuple[Future[Any], Callable[[], Any]]


class Lane:
    """A few threads behind a bounded queue, in which clients take turns.

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
        self._inside = self._running = 0
        self._lock = threading.Lock()
        self._turns: OrderedDict[str, deque[Task]] = OrderedDict()
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
        future: Future[T] = Future()
        client, context = _CLIENT.get(), contextvars.copy_context()
        with self._lock:
            if self._inside >= self.threads + self.waiting:
                self.refused += 1
                raise Busy("Expected room for one more answer, found too many waiting. Try again.")
            self._inside += 1
            self._turns.setdefault(client, deque()).append((future, partial(context.run, work)))
        future.add_done_callback(self._left)
        self._start()
        return await asyncio.wrap_future(future)  # canceled with who waits, unless it began

    def _left(self, _: object) -> None:
        with self._lock:
            self._inside -= 1

    def _start(self) -> None:
        """Begin what waits, as long as threads are free: of each client one, then again."""
        while True:
            with self._lock:
                if self._running >= self.threads or not self._turns:
                    return
                client, theirs = self._turns.popitem(last=False)
                future, work = theirs.popleft()
                if theirs:
                    self._turns[client] = theirs  # at the end of the line
                if not future.set_running_or_notify_cancel():
                    continue
                self._running += 1
            self._pool.submit(self._do, future, work)

    def _do(self, future: Future[Any], work: Callable[[], Any]) -> None:
        try:
            made = work()
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it
            failed: BaseException | None = error
        else:
            failed = None
        with self._lock:
            self._running -= 1
        self._start()
        if failed is None:
            future.set_result(made)
        else:
            future.set_exception(failed)


SHORT, LONG = Lane("short", 6, 400), Lane("long", 2, 14)
_TAKES_LONG: contextvars.ContextVar[bool] = contextvars.ContextVar("takes_long", default=False)
_CLIENT: contextvars.ContextVar[str] = contextvars.ContextVar("client", default="")


def made_for(client: str, *, long: bool) -> None:
    """Say for whom the rest of this request is made, and whether that takes long.

    Parameters
    ----------
    client
        What tells clients apart: each gets its turn, however much another asks for at once.
    long
        Whether it is made among what takes long.
    """
    _CLIENT.set(client)
    _TAKES_LONG.set(long)


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
