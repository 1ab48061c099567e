"""A link that repeats the results for a text and holds none of its words.

Nothing is kept on a server, so a link must hold what it shows. It holds each claim's reading (a
question, a statistic, and the stated number, all in this program's vocabulary), or the id of an
entry of the catalogue, and where in the text the claim stands, in characters. Whoever opens it gets
every verdict worked out anew from the data: a link can't be forged into saying what they don't. Of
a claim that has no such reading it holds only that there is one. Speakers are words of the text and
stay out.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

from homeroom.claims.article.model import ArticleClaim
from homeroom.claims.catalogue import catalogue
from homeroom.claims.model import Hedge, Reading, Relation, Statistic
from homeroom.errors import BadInput
from homeroom.evidence.place_ids import place_range
from homeroom.figures.question import Question
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.waves import WAVES

LONGEST = 3_600
"""Characters of a link's part; addresses may be a little longer."""
_MOST = 60_000
_FURTHEST = 50_000
_WORDS = ("conventions", "alternatives")
"""Fields that hold words about the sentence: they stay out."""
_ENUMS: dict[str, Callable[[Any], Any]] = {
    "statistic": Statistic, "relation": Relation, "hedge": Hedge,
}  # fmt: skip
_ASKED = {field.name: field.default for field in fields(Question)}
_READ = [one for one in fields(Reading) if one.name not in (*_WORDS, "question", "also")]


@dataclass(frozen=True, slots=True)
class Shared:
    """A claim as a link holds it: one of reading and catalogue id, or neither."""

    start: int
    end: int
    tested: bool
    """Whether it was looked into; else it was not read, or has no reading to repeat."""
    reading: Reading | None = None
    catalogue_id: str | None = None


def encode(claims: Iterable[ArticleClaim]) -> str:
    """Return the part of a link for the claims of a text; the last ones stay out if it is full."""
    rows = [_row(one) for one in claims]
    while True:
        text = json.dumps(rows, separators=(",", ":"), ensure_ascii=True)
        packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
        if len(packed) <= LONGEST:
            return packed
        rows = rows[: max(len(rows) * LONGEST // len(packed) - 1, 1)]


def decode(part: str) -> list[Shared]:
    """Return the claims of a link.

    Raises
    ------
    BadInput
        It is no such link: cut off, or put together by hand.
    """
    try:
        packed = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        unpacker = zlib.decompressobj()
        text = unpacker.decompress(packed, _MOST)
        if unpacker.unconsumed_tail:
            raise _no_link()
        rows = json.loads(text)
        return [_shared(row) for row in rows]
    except (
        binascii.Error, zlib.error, ValueError, TypeError, KeyError, IndexError, RecursionError
    ) as error:  # fmt: skip
        raise _no_link() from error


def _no_link() -> BadInput:
    return BadInput("link: expected one that this site made, whole. Copy it again, all of it.")


def _row(claim: ArticleClaim) -> list[Any]:
    what: Any = claim.catalogue_id
    if what is None and claim.read is not None:
        what = _written(claim.read)
    return [claim.start, claim.end, int(claim.status != "asked"), what]


def _shared(row: Any) -> Shared:
    start, end, tested, what = row
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= _FURTHEST):
        raise ValueError
    if isinstance(what, str):
        if what not in catalogue():
            raise ValueError
        return Shared(start, end, bool(tested), catalogue_id=what)
    return Shared(start, end, bool(tested), reading=_reading(what) if what else None)


def _written(reading: Reading) -> dict[str, Any]:
    asked = {k: v for k, v in reading.question.as_dict().items() if v != str(_ASKED[k])}
    told = {one.name: getattr(reading, one.name) for one in _READ}
    kept = {name: value for name, value in told.items() if value != _DEFAULTS.get(name, _NONE)}
    also = {"also": [_written(one) for one in reading.also]} if reading.also else {}
    return {"q": asked, **kept, **also}


_NONE = object()
_DEFAULTS = {one.name: one.default for one in _READ}


def _reading(row: Any) -> Reading:
    asked: dict[str, Any] = {name: str(value)[:200] for name, value in row["q"].items()}
    question = Question(**asked)
    if question.measure not in MEASURES or question.wave not in WAVES:
        raise ValueError
    place_range(question.place)
    known = {one.name for one in _READ}
    values: dict[str, Any] = {}
    for name, value in row.items():
        if name in ("q", "also"):
            continue
        if name not in known:
            raise ValueError
        values[name] = _value(name, value)
    if not math.isfinite(float(values["stated"])):
        raise ValueError
    return Reading(question, also=tuple(_reading(one) for one in row.get("also", [])[:4]), **values)


def _value(name: str, value: Any) -> Any:
    if name in _ENUMS:
        return _ENUMS[name](value)
    if isinstance(value, list):
        if not all(one in _ASKED for one in value):
            raise ValueError
        return tuple(value)
    if name == "earlier" and value not in WAVES:
        raise ValueError
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    if name == "earlier":
        return value
    raise ValueError
