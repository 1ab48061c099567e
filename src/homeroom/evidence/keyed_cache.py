"""Making a value once, however many threads ask for it at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")
_NOTHING = object()


class KeyedCache:
    """Values by key. Who asks for one that is being made waits for it alone, not for others.

    What a maker raises is raised to whoever called it; who waited tries again.

    Parameters
    ----------
    most
        How many values to keep; the oldest go first. None keeps all.
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._made: dict[Hashable, Any] = {}
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._made

    def put(self, key: Hashable, value: object) -> None:
        """Keep a value that was made along with others, unless the key has one."""
        with self._lock:
            self._made.setdefault(key, value)

    def clear(self) -> None:
        """Forget every value; what is being made goes to those who asked for it."""
        with self._lock:
            self._made.clear()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of a key, made at the first call."""
        found = self._made.get(key, _NOTHING)
        if found is _NOTHING:
            with self._lock:
                mine = self._making.setdefault(key, threading.Lock())
            with mine:
                found = self._made.get(key, _NOTHING)
                if found is _NOTHING:
                    found = self._made[key] = make()
            with self._lock:
                self._making.pop(key, None)
                while self._most is not None and len(self._made) > self._most:
                    self._made.pop(next(iter(self._made)))
        made: T = found
        return made
