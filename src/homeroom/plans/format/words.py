"""What people call things: synonyms, plurals, and "did you mean"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from rapidfuzz import fuzz, process, utils

from homeroom.law.documents import mapping, parse

_LIKE = 70
"""Of 100: how alike two words must be to be offered; half the letters of a typo are below it."""


@cache
def synonyms(group: str) -> dict[str, str]:
    """Return what each way of saying something in a group means.

    Parameters
    ----------
    group
        A key of ``synonyms.yaml``, such as ``roles``.
    """
    where = "synonyms.yaml"
    text = files(__package__).joinpath(where).read_text("utf-8")
    found = mapping(parse(text, where), where, required=group, optional=" ".join(_GROUPS))[group]
    return {plain(word): name for name, words in found.items() for word in (name, *words)}


_GROUPS = (
    "roles", "things", "forms", "levels", "types", "payers", "spreads", "paid", "outcomes",
    "months", "steps",
)  # fmt: skip


_NO_PLURAL = 4
"""Letters below which an s at the end is part of the word, as in HS and MS."""


def plain(word: str) -> str:
    """Return a word as it is looked up: small letters, one space, no plural."""
    text = re.sub(r"[\s_\-/.]+", " ", word.casefold()).strip().removeprefix("the ")
    return text if len(text) < _NO_PLURAL or text.endswith("ss") else text.removesuffix("s")


def meant(word: object, known: Iterable[str], group: str | None = None) -> str | None:
    """Return which of the known words is meant, or None.

    Parameters
    ----------
    word
        What was written.
    known
        The words of the document.
    group
        Synonyms to look through as well.
    """
    if not isinstance(word, str):
        return None
    names = {plain(one): one for one in known}
    text = plain(word)
    if text in names:
        return names[text]
    if group is not None and (found := synonyms(group).get(text)) is not None:
        return names.get(plain(found))
    return None


def suggestion(word: object, known: Iterable[str]) -> str:
    """Return `` Did you mean `x`?`` for the nearest known word; empty where none is near."""
    if not isinstance(word, str):
        return ""
    found = process.extractOne(
        word[:60], list(known), scorer=fuzz.WRatio, processor=utils.default_process,
        score_cutoff=_LIKE,
    )  # fmt: skip
    return f" Did you mean `{found[0]}`?" if found else ""
