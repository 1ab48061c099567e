"""Calling libraries that are not written in Python, some of which panic over a damaged file.

A panic is no Python exception of the usual kind, and it writes lines of its own to the terminal
before anyone can catch it. Here it becomes an ordinary error, and says nothing.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_STDERR = 2
_LOCK = threading.Lock()
_STOPS = (KeyboardInterrupt, SystemExit, GeneratorExit)


class PanicError(Exception):
    """A library gave up on a file."""


class _Muted:
    """How many calls are under way, and where the terminal's error stream was before them."""

    calls = 0
    before = -1


@contextmanager
def calm() -> Iterator[None]:
    """Run a library's code so that a panic raises an error and prints nothing.

    Raises
    ------
    PanicError
        The library panicked.
    """
    _mute()
    try:
        yield
    except (Exception, *_STOPS):
        raise
    except BaseException as error:
        raise PanicError((str(error).splitlines() or ["no reason"])[0][:200]) from error
    finally:
        _unmute()


def _mute() -> None:
    with _LOCK, suppress(OSError, ValueError):  # without an error stream there is nothing to mute
        _Muted.calls += 1
        if _Muted.calls == 1:
            sys.stderr.flush()
            _Muted.before = os.dup(_STDERR)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, _STDERR)
            os.close(nowhere)


def _unmute() -> None:
    with _LOCK:
        _Muted.calls -= 1
        if _Muted.calls == 0 and _Muted.before >= 0:
            os.dup2(_Muted.before, _STDERR)
            os.close(_Muted.before)
            _Muted.before = -1
