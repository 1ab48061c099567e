"""The regular expressions of patterns.yaml, parts put in."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def patterns() -> dict[str, Any]:
    """Return the whole file, every ``<part>`` replaced by what it stands for."""
    text = (files("homeroom.claims.grammar") / "patterns.yaml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    parts = {"link": document["comparison"]["link"], **document["parts"]}
    return with_parts(document | {"parts": parts})


def with_parts(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document of patterns, every ``<part>`` replaced by what ``parts`` says for it."""
    parts = document["parts"]

    def put_in(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: put_in(item) for key, item in value.items()}
        if isinstance(value, list):
            return [put_in(item) for item in value]
        while match := re.search(r"(?<!P)<(\w+)>", value):
            value = value.replace(match[0], parts[match[1]])
        return value

    return {key: put_in(value) for key, value in document.items()}


@cache
def word(name: str) -> re.Pattern[str]:
    """Return the pattern of an entry of ``words``."""
    return re.compile(patterns()["words"][name])


@cache
def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern made once: there are more of them than `re` itself keeps."""
    return re.compile(pattern, flags)


@cache
def _rewrites() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(one["says"]), one["as"]) for one in patterns()["rewrites"])


def rewritten(text: str) -> str:
    """Return a plain text with other ways of saying the same made one."""
    for pattern, said in _rewrites():
        text = pattern.sub(said, text)
    return text
