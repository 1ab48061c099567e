"""Names that people use for districts, and districts that OCR counts as one: a YAML file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl
import yaml


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """What is known of a district beside the federal files."""

    place: str
    source: str
    name: str | None = None
    """Replaces the name in the files."""
    aliases: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    """NCES ids of the districts that OCR counts within this one."""
    parts_source: str = ""
    counted: str = "them"
    """What OCR counts as one district, in a sentence."""


@cache
def known_places() -> tuple[KnownPlace, ...]:
    """Return the entries of the file."""
    text = (files("homeroom.evidence") / "known_places.yaml").read_text(encoding="utf-8")
    return tuple(
        KnownPlace(**entry | {name: tuple(entry.get(name, ())) for name in ("aliases", "parts")})
        for entry in yaml.safe_load(text)
    )


def names() -> pl.DataFrame:
    """Return the names that replace those of the files: place_id, name."""
    rows = [(one.place, one.name) for one in known_places() if one.name]
    return pl.DataFrame(rows, ["place_id", "name"], orient="row")


def parents() -> pl.DataFrame:
    """Return the districts that OCR counts within another: place_id, parent."""
    rows = [(f"lea:{part}", one.place) for one in known_places() for part in one.parts]
    return pl.DataFrame(rows, ["place_id", "parent"], orient="row")


def counted(place: str) -> str:
    """Return what OCR counts as the one district of an id, as a sentence says it."""
    return next((one.counted for one in known_places() if one.place == place), "them")


def aliases() -> pl.DataFrame:
    """Return further names: place_id, alias, source."""
    rows = [(one.place, alias, one.source) for one in known_places() for alias in one.aliases]
    return pl.DataFrame(rows, ["place_id", "alias", "source"], orient="row")
