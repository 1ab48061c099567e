"""The patterns of words.yaml, parts put in."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from homeroom.claims.grammar.patterns import with_parts


@cache
def words() -> dict[str, Any]:
    """Return the whole file, every ``<part>`` replaced by what it stands for."""
    text = (files("homeroom.claims.kinds") / "words.yaml").read_text(encoding="utf-8")
    return with_parts(yaml.safe_load(text))
