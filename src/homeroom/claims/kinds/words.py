"""The patterns of words.yaml, parts put in."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def words() -> dict[str, Any]:
    """Return the whole file, every ``<part>`` replaced by what it stands for."""
    text = (files("homeroom.claims.kinds") / "words.yaml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    parts = document.pop("parts")

    def put_in(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: put_in(item) for key, item in value.items()}
        if isinstance(value, list):
            return [put_in(item) for item in value]
        while match := re.search(r"(?<!P)<(\w+)>", value):
            value = value.replace(match[0], parts[match[1]])
        return value

    return {key: put_in(value) for key, value in document.items()} | {"parts": put_in(parts)}
