"""Lists of words that reading a text needs."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml


@cache
def words(name: str) -> frozenset[str]:
    """Return a list of words.yaml."""
    text = (files("homeroom.claims.article") / "words.yaml").read_text(encoding="utf-8")
    return frozenset(yaml.safe_load(text)[name].split())
