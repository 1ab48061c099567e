"""Finding places by name, with typos, best first.

Names are cut into trigrams; an inverted index of them gives candidates for a query in
milliseconds, and a fuzzy comparison ranks those. The index is made from the place table when the
first search is asked for, and kept with the connection's owner.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from homeroom.evidence import sql
from homeroom.vocabulary.states import POSTAL_OF_NAME, STATES

_CANDIDATES = 400
_SHORT = (
    (r"\bconsolidated independent school district\b", "cisd"),
    (r"\bindependent school district\b", "isd"),
    (r"\bunified school district\b", "usd"),
    (r"\bschool district\b", ""),
    (r"\b(public|pblc) (schools|schs)\b", ""),
    (r"\bcounty\b", "co"),
    (r"\belementary( school)?\b|\belem\b", "el"),
    (r"\bhigh school\b", "h s"),
    (r"\bmiddle school\b", "middle"),
    (r"\bsaint\b", "st"),
    (r"\bno\.? (\d)", r"\1"),
)
_UNLIKE = 45.0
"""Below this, of 100, a name is not what was meant."""
_KIND_WORDS = re.compile(r"\b(c?isd|usd|sd|el|h s|middle|co|city)\b")
"""Words that people leave out when they name a place."""
_KIND_BONUS = {"nation": 8.0, "state": 8.0, "district": 4.0, "school": 0.0}


def shortenings() -> tuple[tuple[str, str], ...]:
    """Return the patterns by which common words of a folded name are shortened, in their order."""
    return _SHORT


def fold(text: str) -> str:
    """Return a name in lower case without accents or punctuation, common words shortened."""
    return fold_all([text])[0]


def fold_all(texts: Iterable[str]) -> list[str]:
    """Fold many names at once, a line each: a hundred thousand take as long as a few patterns."""
    lines = "\n".join(text.replace("\n", " ") for text in texts)
    plain = unicodedata.normalize("NFKD", lines).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9\n]+", " ", plain)
    for pattern, short in _SHORT:
        plain = re.sub(pattern, short, plain)
    return [" ".join(line.split()) for line in plain.split("\n")]


@dataclass(frozen=True, slots=True)
class Found:
    """A place that a search gave; ``score`` is 0 to 100."""

    id: str
    name: str
    kind: str
    state: str | None
    score: float
    within: str | None = None
    """Name of a school's district, or a district's county."""
    students: int | None = None
    """Students enrolled, where the place list says so."""


class PlaceIndex:
    """Search over the places of one store."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        frame = sql.frame(
            con,
            "SELECT place_id, name, kind, state, coalesce(lea_name, county) AS within, "
            "coalesce(students, 0) AS students, "
            "CASE WHEN kind = 'district' THEN coalesce(city, '') ELSE '' END AS city "
            "FROM place ORDER BY place_id",
        )
        aliases = sql.frame(
            con,
            "SELECT place_id, alias AS name FROM place_alias ORDER BY place_id, alias",
        )
        frame = pl.concat(
            [frame, aliases.join(frame.drop("name"), on="place_id", maintain_order="left")],
            how="diagonal",
        )
        self._rows = frame.select("place_id", "name", "kind", "state", "within").rows()
        self._names = fold_all(frame["name"])
        # The first row of a place holds its name, the others its aliases.
        self._title = dict(reversed(frame.select("place_id", "name").rows()))
        self._aliases: dict[str, list[str]] = {}
        for place_id, alias in aliases.rows():
            self._aliases.setdefault(place_id, []).append(alias)
        self._cities = fold_all(frame["city"])
        self._students = frame["students"].to_list()
        self._size = np.log10(frame["students"].to_numpy() + 1.0)
        self._states = np.array([state or "" for state in frame["state"]])
        self._bonus = np.array([_KIND_BONUS[kind] for kind in frame["kind"]])
        texts = [f"  {name}  {city} " for name, city in zip(self._names, self._cities, strict=True)]
        grams, self._owner = _trigrams(texts)
        self._starts = np.flatnonzero(np.diff(grams, prepend=-1))
        self._grams = grams[self._starts]
        self._ends = np.append(self._starts[1:], len(grams))
        self._lengths = np.bincount(self._owner, minlength=len(texts)).astype(np.float64)

    def find(self, query: str, limit: int = 10, kind: str | None = None) -> list[Found]:
        """Return the places whose name is nearest to ``query``, best first."""
        words, state = _without_state(fold(query))
        if not words:
            return []
        wanted, _ = _trigrams([f"  {words} "])
        at = np.searchsorted(self._grams, wanted)
        known = at[(at < len(self._grams))]
        known = known[np.isin(self._grams[known], wanted)]
        if not len(known):
            return []
        hits = np.concatenate([self._owner[self._starts[i] : self._ends[i]] for i in known])
        shared = np.bincount(hits, minlength=len(self._names)).astype(np.float64)
        likeness = 2 * shared / (self._lengths + len(wanted))
        likeness += 0.02 * self._size + 0.01 * self._bonus
        if state:
            likeness += 0.2 * (self._states == state)
        if kind:
            likeness[[row[2] != kind for row in self._rows]] = 0
        top = np.argpartition(-likeness, min(_CANDIDATES, len(likeness) - 1))[:_CANDIDATES]
        scored = [(self._score(words, state, int(i)), int(i)) for i in top if likeness[i] > 0.2]
        best = sorted(
            (pair for pair in scored if pair[0] > 0),
            key=lambda pair: (-pair[0], self._rows[pair[1]][0]),
        )
        once = {self._rows[i][0]: (score, i) for score, i in reversed(best)}
        first = sorted(once.values(), key=lambda pair: (-pair[0], self._rows[pair[1]][0]))[:limit]
        return [self._found(score, i) for score, i in first]

    def names_of(self, one: Found) -> list[str]:
        """Return a place's name and its aliases."""
        return [one.name, *self._aliases.get(one.id, ())]

    def called(self, text: str, kind: str, *, exactly: bool) -> set[str]:
        """Return the ids of the places of a kind that have a text as their name or an alias.

        Parameters
        ----------
        exactly
            Compare letter by letter but for case; else as :func:`fold` shortens words.
        """
        words = " ".join(text.casefold().split()) if exactly else fold(text)
        return {
            row[0]
            for row, name in zip(self._rows, self._names, strict=True)
            if row[2] == kind and words == (row[1].casefold() if exactly else name)
        }

    def _score(self, words: str, state: str | None, at: int) -> float:
        name = self._names[at]
        near = max(
            OSA.normalized_similarity(words, name),
            0.98 * OSA.normalized_similarity(words, _KIND_WORDS.sub("", name).strip()),
            0.95 * OSA.normalized_similarity(words, self._cities[at]),
        )
        alike = 60 * near + 0.4 * fuzz.token_set_ratio(words, name)
        if alike < _UNLIKE:
            return 0.0
        here = 14.0 if state and self._states[at] == state else 0.0
        return float(0.84 * alike + 1.2 * self._size[at] + self._bonus[at] + here)

    def _found(self, score: float, at: int) -> Found:
        place_id, _, kind, state, within = self._rows[at]
        name = self._title[place_id]
        return Found(place_id, name, kind, state, round(min(score, 100.0), 1), within,
                     self._students[at] or None)  # fmt: skip


def _trigrams(texts: list[str]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return each distinct trigram of each text, and the number of the text it is in, in order."""
    data = np.frombuffer("\n".join(texts).encode("ascii"), dtype=np.uint8).astype(np.int32)
    owner = np.cumsum(data == 10)
    grams = data[:-2] * 65536 + data[1:-1] * 256 + data[2:]
    inside = (data[:-2] != 10) & (data[1:-1] != 10) & (data[2:] != 10)
    # One sort of whole numbers puts them in order and repetitions side by side.
    pairs = np.sort(grams[inside].astype(np.int64) << 32 | owner[:-2][inside])
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    return (pairs >> 32).astype(np.int32), (pairs & 0xFFFFFFFF).astype(np.int32)


def _without_state(words: str) -> tuple[str, str | None]:
    """Take a state off the end of a query: "austin isd tx", "denver colorado"."""
    parts = words.split()
    for length in (1, 2, 3):
        tail = " ".join(parts[-length:])
        # "co" ends the names of counties more often than it means Colorado.
        short = length == 1 and tail != "co" and tail.upper() in STATES
        postal = tail.upper() if short else POSTAL_OF_NAME.get(tail)
        if postal and len(parts) > length:
            return " ".join(parts[:-length]), postal
    return words, None
