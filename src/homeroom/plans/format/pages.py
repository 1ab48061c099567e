"""The reference page and the JSON Schema of the plan document, from its model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from homeroom.plans.document import PLAN
from homeroom.plans.format.records import Record, keys
from homeroom.plans.format.words import synonyms

SCHEMA_ID = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a plan document, by which editors complete and check it."""
    return {
        "$schema": SCHEMA_ID,
        "title": "Homeroom plan",
        **PLAN.definition(),
        "$defs": {one.title: one.definition() for one in parts() if one is not PLAN},
    }


def reference() -> str:
    """Return the reference page of the plan document in Markdown."""
    made = [f"## {title}\n\n{doc}\n\n{_table(rows)}" for title, doc, rows in tables()]
    return "\n\n".join([*made, _words()])


HEAD = ("key", "what to write", "meaning", "left out", "also understood")
"""Heads of the columns of a table of keys."""


def tables() -> list[tuple[str, str, list[tuple[str, ...]]]]:
    """Return every part of the document: title, what it is, and a row a key."""
    return [
        (
            one.title,
            (one.model.__doc__ or "").partition("\n")[0],
            [
                (f"`{key.name}`", key.kind.words, key.meaning,
                 _default(key.default, needed=key.needed),
                 ", ".join(f"`{word}`" for word in key.also))
                for key in keys(one.model).values()
            ],
        )
        for one in parts()
    ]  # fmt: skip


def parts() -> list[Record]:
    """Return every part of the document once, the whole first."""
    found: dict[str, Record] = {}
    waiting = [PLAN]
    while waiting:
        one = waiting.pop(0)
        if one.title not in found:
            found[one.title] = one
            waiting += [r for key in keys(one.model).values() for r in _records(key.kind)]
    return list(found.values())


def _records(kind: Any) -> Iterator[Record]:
    """Yield the records within a kind."""
    if isinstance(kind, Record):
        yield kind
    for inner in (getattr(kind, "of", None), getattr(kind, "record", None)):
        if inner is not None:
            yield from _records(inner)


def _default(value: Any, *, needed: bool) -> str:
    if needed:
        return "must be written"
    if value is None or value in ((), {}, ""):
        return "none"
    if isinstance(value, bool | int | str | float):
        return f"`{str(value).lower() if isinstance(value, bool) else value}`"
    if isinstance(value, tuple):
        return ", ".join(f"`{_SHOWN.get(one, one)}`" for one in value)
    return "`0`" if not hasattr(value, "__dataclass_fields__") else "all of its own"


_SHOWN = {"programmes": "programs"}


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    lines = [HEAD, ("---",) * len(HEAD), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in lines)


def _words() -> str:
    """List which words mean what."""
    rows: dict[str, list[str]] = {}
    for group in ("roles", "things", "forms", "levels", "payers"):
        for word, name in synonyms(group).items():
            rows.setdefault(name, []).append(word)
    lines = ["| word of the document | also understood |", "| --- | --- |"]
    lines += [f"| `{name}` | {', '.join(words)} |" for name, words in rows.items()]
    return "## Words\n\nCase, spaces, hyphens, and a plural s do not matter.\n\n" + "\n".join(lines)
