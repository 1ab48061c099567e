"""Strict reading: a mapping from YAML becomes a frozen dataclass, or a list of plain complaints."""

from __future__ import annotations

import difflib
import math
import types
import typing
from dataclasses import MISSING, fields
from enum import StrEnum
from typing import Any, TypeVar

T = TypeVar("T")


class Refused(Exception):
    """The complaints about one entry."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("; ".join(complaints))
        self.complaints = complaints


def read(kind: type[T], entry: object) -> T:
    """Make a ``kind`` of a mapping; unknown keys, absent keys and wrong types are refused."""
    if not isinstance(entry, dict):
        raise Refused([f"expected a mapping of fields, found {type(entry).__name__}"])
    hints = typing.get_type_hints(kind)
    complaints = [_unknown(key, hints) for key in entry if key not in hints]
    values: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name not in entry:
            if field.default is MISSING and field.default_factory is MISSING:
                complaints.append(f"field {field.name} is missing: add it")
            continue
        try:
            values[field.name] = _value(hints[field.name], entry[field.name])
        except ValueError as error:
            complaints.append(f"field {field.name}: {error}")
    if complaints:
        raise Refused(complaints)
    return kind(**values)


def _unknown(key: object, hints: dict[str, Any]) -> str:
    near = difflib.get_close_matches(str(key), list(hints), n=1)
    hint = f"did you mean {near[0]}?" if near else f"known fields: {', '.join(hints)}"
    return f"unknown field {key!r}: {hint}"


def _value(hint: Any, value: object) -> object:
    if isinstance(hint, types.UnionType):
        if value is None:
            return None
        hint = next(one for one in typing.get_args(hint) if one is not type(None))
    if typing.get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise ValueError(f"expected a list, found {value!r}")
        return tuple(_value(typing.get_args(hint)[0], one) for one in value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _member(hint, value)
    if hint is float:
        return _finite(value)
    if not isinstance(value, hint) or (hint is int and isinstance(value, bool)):
        raise ValueError(f"expected {_NAMES[hint]}, found {value!r}")
    if hint is str and not typing.cast("str", value).strip():
        raise ValueError("expected text, found nothing: leave the field out instead")
    return value


def _member(hint: type[StrEnum], value: object) -> StrEnum:
    try:
        return hint(typing.cast("str", value))
    except ValueError:
        allowed = ", ".join(hint)
        raise ValueError(f"expected one of {allowed}; found {value!r}") from None


def _finite(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"expected a finite number, found {value!r}")
    return float(value)


_NAMES = {str: "text (put it in quotes)", int: "a whole number", bool: "true or false"}
