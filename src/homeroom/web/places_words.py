"""Codes of places in words."""

from __future__ import annotations

KIND_WORDS = {"nation": "Nation", "state": "State", "district": "School district",
              "school": "School"}  # fmt: skip
_LOCALE = {"1": "city", "2": "suburb", "3": "town", "4": "rural"}
_SIZE = {
    "11": "large city", "12": "midsize city", "13": "small city", "21": "large suburb",
    "22": "midsize suburb", "23": "small suburb", "31": "town, near a city",
    "32": "town, at a distance", "33": "remote town", "41": "rural, near a city",
    "42": "rural, at a distance", "43": "remote rural",
}  # fmt: skip


def locale_words(code: str | None) -> str:
    """Say an NCES locale code in words."""
    if not code:
        return ""
    return _SIZE.get(code) or _LOCALE.get(code[:1], "")
