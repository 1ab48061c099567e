"""How a download and a build are shown: as bars for people, as lines of JSON for programs."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bar

from homeroom.sources.download import Progress

_PAUSE = 0.25
"""Seconds between two lines on one file."""


class Watch(Protocol):
    """Shows how the work goes."""

    def fetching(self, wave: str) -> Progress:
        """Return who is told how the download of a wave goes."""
        ...

    def building(self, what: str, done: int, total: int) -> None:
        """Show what the build does, and how many files of how many are done."""
        ...

    def said(self, step: str, **facts: object) -> None:
        """Take a fact for programs; people read it elsewhere."""
        ...


class Drawn:
    """Draws what a download tells on a rich progress bar."""

    def __init__(self, bar: Bar, label: str) -> None:
        self._bar = bar
        self._task = bar.add_task(label, total=None)

    def moved(self, done: int, total: int | None) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=done, total=total)

    def told(self, message: str) -> None:
        """Print a line above the bar."""
        self._bar.console.print(message, highlight=False, soft_wrap=True)


class Bars:
    """Bars on a terminal: share, bytes, speed, and time left."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._build: TaskID | None = None

    def fetching(self, wave: str) -> Progress:
        """See :class:`Watch`."""
        return Drawn(self._bar, wave)

    def building(self, what: str, done: int, total: int) -> None:
        """See :class:`Watch`: a line for each new thing, since these bars count bytes."""
        self._bar.console.print(f"{done} of {total} files: {what}", highlight=False, soft_wrap=True)

    def said(self, step: str, **facts: object) -> None:
        """See :class:`Watch`."""


class Lines:
    """A line of JSON for everything that happens; the website reads them."""

    def __init__(self, write: Callable[[str], None] = click.echo) -> None:
        self._write = write

    def fetching(self, wave: str) -> Progress:
        """See :class:`Watch`."""
        return _Line(self, wave)

    def building(self, what: str, done: int, total: int) -> None:
        """See :class:`Watch`."""
        self.said("build", what=what, done=done, total=total)

    def said(self, step: str, **facts: object) -> None:
        """See :class:`Watch`."""
        self._write(json.dumps({"step": step, **facts}))


class _Line:
    def __init__(self, lines: Lines, wave: str) -> None:
        self._lines, self._wave, self._last = lines, wave, 0.0

    def moved(self, done: int, total: int | None) -> None:
        """Say it, though not for every chunk."""
        now = time.monotonic()
        if done == total or now - self._last >= _PAUSE:
            self._last = now
            self._lines.said("fetch", wave=self._wave, done=done, total=total)

    def told(self, message: str) -> None:
        self._lines.said("told", wave=self._wave, message=message)


@contextmanager
def watching(form: str) -> Iterator[Watch]:
    """Show the work while the block runs, as ``bars`` on stderr or as ``lines`` on stdout.

    A request to end the process (SIGTERM) stops the work as Ctrl-C does, so that drafts go and
    what was fetched stays.
    """
    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(),
        DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with _ended_gently():
        if form == "lines":
            yield Lines()
            return
        with Bar(*columns, console=Console(stderr=True)) as bar:
            yield Bars(bar)


@contextmanager
def _ended_gently() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
