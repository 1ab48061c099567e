"""YAML that law and tests are written in, read strictly: an unknown or repeated key is an error."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import yaml

from homeroom.errors import BadInput
from homeroom.text_gate import check, short, shown

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

LONGEST, DEEPEST, MOST = 200_000, 12, 10_000
"""Characters, levels, and values of a document: a thousand times what a person writes."""
_MOST_BYTES = 4 * LONGEST
_TEXT = 20_000


class _Strict(yaml.SafeLoader):
    """SafeLoader keeps the last of two equal keys without a word; a rule must not be lost so."""

    def construct_mapping(
        self,
        node: yaml.MappingNode,
        deep: bool = False,  # noqa: FBT001, FBT002 - PyYAML's own
    ) -> dict[Hashable, Any]:
        times = Counter(str(key.value) for key, _ in node.value)
        name, most = times.most_common(1)[0] if times else ("", 0)
        if most > 1:
            line = node.start_mark.line + 1
            raise BadInput(f"The key {short(name)} stands twice near line {line}; keep one.")
        return super().construct_mapping(node, deep)


def text_of(path: Path, what: str) -> str:
    """Return the text of a document that a person names, read no further than is allowed.

    Parameters
    ----------
    path
        The file.
    what
        What it should be, as in ``a plan in YAML``.

    Raises
    ------
    BadInput
        It is no regular file, cannot be read, is too long, or is not UTF-8.
    """
    named = shown(str(path))
    try:
        # Opening what is no file, such as a pipe, would wait for somebody to write to it.
        if path.exists() and not path.is_file():
            raise BadInput(f"{named}: expected {what}, found something that is no file.")
        with path.open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(f"{named}: expected {what}, found none ({error.strerror}).") from error
    if len(data) > _MOST_BYTES:
        raise BadInput(f"{named}: expected at most {LONGEST:,} characters, found more.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{named}: expected UTF-8 text, found other bytes. Save it as UTF-8."
        ) from error


def parse(text: str, where: str) -> Any:
    """Read one YAML document of bounded size and depth.

    Raises
    ------
    BadInput
        The text is no YAML, is too long or too deep, repeats a key, refers to another part of
        itself, or holds a character that no text may hold.
    """
    if len(text) > LONGEST:
        raise BadInput(f"{where}: expected at most {LONGEST:,} characters, found {len(text):,}.")
    try:
        _bounded(text, where)
        found = yaml.load(text, Loader=_Strict)  # noqa: S506 - a SafeLoader, made stricter
    except yaml.YAMLError as error:
        raise BadInput(f"{where} is no valid YAML: {_first_line(error)}") from error
    except ValueError as error:  # a date such as 2020-13-45, a number of too many digits
        raise BadInput(
            f"{where}: expected dates and numbers that exist, found one that does not."
        ) from error
    except BadInput as error:
        message = str(error)
        raise BadInput(message if message.startswith(where) else f"{where}: {message}") from error
    return plain(found, where)


def _bounded(text: str, where: str) -> None:
    """Look over a document before anything is built of it: a few lines can stand for gigabytes."""
    depth = values = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise BadInput(f"{where}: expected YAML without anchors, references, and tags.")
        opens = isinstance(event, yaml.CollectionStartEvent)
        depth += opens - isinstance(event, yaml.CollectionEndEvent)
        values += opens or isinstance(event, yaml.ScalarEvent)
        if depth > DEEPEST:
            raise BadInput(f"{where}: expected at most {DEEPEST} levels, found more.")
        if values > MOST:
            raise BadInput(f"{where}: expected at most {MOST:,} values, found more.")


def plain(value: Any, where: str) -> Any:
    """Return a document whose every text passed the gate.

    Raises
    ------
    BadInput
        See :func:`homeroom.text_gate.check`.
    """
    if isinstance(value, str):
        return check(value, where, longest=_TEXT, lines=True)
    if isinstance(value, dict):
        return {
            plain(key, where): plain(one, f"{where}: {short(key)}") for key, one in value.items()
        }
    if isinstance(value, list):
        return [plain(one, where) for one in value]
    return value


def _first_line(error: yaml.YAMLError) -> str:
    """Return what is wrong and where, without the text around it, which may be any size."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = (
        getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    )
    return f"{problem}, line {mark.line + 1}." if mark is not None else f"{problem}."


def mapping(value: object, where: str, *, required: str = "", optional: str = "") -> dict[str, Any]:
    """Check that ``value`` is a mapping with these keys (written as words) and no others."""
    needed, allowed = set(required.split()), set(f"{required} {optional}".split())
    if not isinstance(value, dict):
        raise BadInput(f"{where}: expected a mapping with {sorted(allowed)}, found {short(value)}.")
    strange = sorted(str(key) for key in value if key not in allowed)
    if strange:
        raise BadInput(f"{where}: unknown key {short(strange[0])}; the keys are {sorted(allowed)}.")
    lacking = sorted(needed - set(value))
    if lacking:
        raise BadInput(f"{where}: the key {lacking[0]!r} is missing.")
    return value


def listing(value: object, where: str) -> list[Any]:
    """Check that ``value`` is a list."""
    if not isinstance(value, list):
        raise BadInput(f"{where}: expected a list, found {short(value)}.")
    return value
