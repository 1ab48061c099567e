"""Making a value once, however many threads ask for it at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class KeyedCache:
    """Values by key. Who asks for one that is being made waits for it alone, not for others.

    What a maker raises is raised to whoever called it; who waited tries for himself.
    """

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def __contains__(self, key: Hashable) -> bool:
        return key in self._made

    def put(self, key: Hashable, value: object) -> None:
        """Keep a value that was made along with others, unless the key has one."""
        with self._lock:
            self._made.setdefault(key, value)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of a key, made at the first call."""
        if key not in self._made:
            with self._lock:
                mine = self._making.setdefault(key, threading.Lock())
            with mine:
                if key not in self._made:
                    self._made[key] = make()
            with self._lock:
                self._making.pop(key, None)
        found: T = self._made[key]
        return found
