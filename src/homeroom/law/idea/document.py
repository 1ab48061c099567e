"""Counts as a JSON document: the contract of ``homeroom law idea ratio --json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from homeroom.errors import BadInput
from homeroom.law.documents import listing, mapping
from homeroom.law.idea.counts import Counts, counts
from homeroom.law.idea.settings import Settings, StateSettings, state_settings
from homeroom.text_gate import check, short

MOST_BYTES = 2_000_000
_LISTS = "groups numerator denominator"
_STATE = "state_numerator state_denominator"
_SETTINGS = (
    "min_cell min_n comparison_min_cell comparison_min_n threshold years progress gap round_to"
)
_YEAR = f"{_LISTS} {_STATE}"
_MOST_YEARS = 30
KEYS = f"{_YEAR} {_SETTINGS} lea category state before"
"""Every key; all but the first three are optional."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A document as read: counts of each year, oldest first, and the settings."""

    years: tuple[Counts, ...]
    settings: Settings
    state: StateSettings | None


def read(text: str) -> Asked:
    """Return the counts and settings of a document.

    Parameters
    ----------
    text
        JSON: ``groups``, ``numerator``, ``denominator``, and perhaps ``state_numerator``,
        ``state_denominator``, ``min_cell`` (10), ``min_n`` (30), ``threshold``; also
        ``comparison_min_cell``, ``comparison_min_n``, ``years``, ``progress``, ``gap``,
        ``round_to``, ``lea``, ``category``, ``state`` (a postal code, whose settings then hold),
        and ``before``: a list of earlier years, oldest first, each with the five lists.

    Raises
    ------
    BadInput
        It is no such document.
    """
    raw = mapping(_parsed(text), "counts", required=_LISTS, optional=KEYS)
    lea = raw.get("lea")
    if lea is not None and not isinstance(lea, str):
        raise BadInput(f"lea: expected an id as text, found {short(lea)}.")
    about = raw.get("category")
    if about is not None and (isinstance(about, bool) or not isinstance(about, int | str)):
        raise BadInput(f"category: expected a number from 1 to 14 or a name, found {short(about)}.")
    earlier = listing(raw.get("before") or [], "before")
    if len(earlier) > _MOST_YEARS:
        raise BadInput(f"before: expected at most {_MOST_YEARS} years, found {len(earlier)}.")
    named = None if lea is None else check(lea, "lea")
    years = [
        _counts(mapping(one, f"before, year {at}", required=_LISTS, optional=_STATE), named, about)
        for at, one in enumerate(earlier, 1)
    ]
    years.append(_counts(raw, named, about))
    own = {name: raw[name] for name in _SETTINGS.split() if raw.get(name) is not None}
    for name in ("threshold", "progress"):
        if name in own and not isinstance(own[name], int | Decimal | str):
            raise BadInput(f"{name}: expected a number above 0, found {short(own[name])}.")
    postal = raw.get("state")
    if postal is None:
        return Asked(tuple(years), Settings(**own), None)
    if not isinstance(postal, str):
        raise BadInput(f"state: expected a postal code, such as WA, found {short(postal)}.")
    state = state_settings(postal)
    return Asked(tuple(years), state.settings(**own), state)


def _counts(raw: dict[str, Any], lea: str | None, about: str | int | None) -> Counts:
    return counts(
        raw["groups"],
        raw["numerator"],
        raw["denominator"],
        state_numerator=raw.get("state_numerator"),
        state_denominator=raw.get("state_denominator"),
        lea=lea,
        about=about,
    )


def _parsed(text: str) -> Any:
    """Read JSON in which no key stands twice and every decimal is exact."""
    if len(text) > MOST_BYTES:
        raise BadInput(f"counts: expected at most {MOST_BYTES:,} characters, found more.")
    try:
        return json.loads(
            text.removeprefix("\ufeff"),
            parse_float=Decimal,
            parse_constant=_refused,
            object_pairs_hook=_once,
        )
    except json.JSONDecodeError as error:
        raise BadInput(
            f"counts: expected a JSON document, found something else at line {error.lineno}, "
            f"column {error.colno} ({error.msg})."
        ) from error
    except (RecursionError, ValueError) as error:
        raise BadInput("counts: expected a flat JSON document of ordinary numbers.") from error


def _refused(name: str) -> Any:
    raise BadInput(f"counts: expected numbers, found {name}.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise BadInput(f"counts: expected each key once, found {short(key)} twice.")
        found[key] = value
    return found
