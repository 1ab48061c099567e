"""The search index of an edition: places by the first two letters of each word of their name.

A browser reads one or two small files for a search, whatever the number of places. Names are folded
here as for the server's search, and the patterns go along so that the browser folds a query alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from homeroom.evidence.find import fold_all, shortenings
from homeroom.report.names import readable
from homeroom.vocabulary.states import STATES
from homeroom.web.places_words import KIND_WORDS

FOLDER = "search"
_KINDS = ("state", "district", "school", "nation")


def index(places: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the files of the index by path, as what becomes JSON.

    Parameters
    ----------
    places
        Rows with place_id, kind, name, state, and within, the larger place that tells it apart.
    """
    rows = list(places)
    folded = fold_all(str(row["name"]) for row in rows)
    shards: dict[str, list[list[Any]]] = defaultdict(list)
    for row, words in zip(rows, folded, strict=True):
        entry = [
            row["place_id"].replace(":", "-"), _shown(row), words,
            _KINDS.index(row["kind"]), row["state"] or "", readable(row["within"] or "") or "",
        ]  # fmt: skip
        for shard in {shard_of(word) for word in words.split()}:
            shards[shard].append(entry)
    files: dict[str, Any] = {f"{FOLDER}/{name}.json": found for name, found in shards.items()}
    files[f"{FOLDER}/index.json"] = {
        "shards": {name: len(found) for name, found in sorted(shards.items())},
        "short": [list(one) for one in shortenings()],
        "kinds": [KIND_WORDS[kind] for kind in _KINDS],
        "states": {name.lower(): code for code, name in STATES.items()},
    }
    return files


def shard_of(word: str) -> str:
    """Return the shard of a folded word: its first two letters."""
    return word[:2]


def _shown(row: Mapping[str, Any]) -> str:
    if row["kind"] == "state":
        return STATES.get(str(row["state"]), str(row["name"]))
    return readable(str(row["name"])) or str(row["name"])
