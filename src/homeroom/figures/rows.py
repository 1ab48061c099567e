"""Rows: one model for each kind of answer, which feeds data frames, JSON, schemas, and docs."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import Field, field, fields
from functools import cache
from typing import Any, ClassVar, Protocol, get_args, get_type_hints

import polars as pl

from homeroom.figures.answer_frame import AnswerFrame

_TYPES: dict[type, type[pl.DataType]] = {
    str: pl.String, int: pl.Int64, float: pl.Float64, bool: pl.Boolean,
}  # fmt: skip


class Row(Protocol):
    """A dataclass whose fields are columns, made with :func:`column`."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


def column(doc: str) -> Any:
    """Return a dataclass field with the description that docs and schemas show."""
    return field(metadata={"doc": doc})


def like(model: type[Row], name: str) -> Any:
    """Return a dataclass field that means what the field of that name means in another model."""
    return column(columns(model)[name])


@cache
def columns(model: type[Row]) -> Mapping[str, str]:
    """Return each column's name and description, in order."""
    return {one.name: str(one.metadata["doc"]) for one in fields(model)}


@cache
def schema(model: type[Row]) -> Mapping[str, type[pl.DataType]]:
    """Return each column's type in a data frame."""
    hints = get_type_hints(model)
    return {name: _TYPES[_plain(hints[name])] for name in columns(model)}


def _plain(hint: Any) -> type:
    if isinstance(hint, types.UnionType):
        (hint,) = (one for one in get_args(hint) if one is not types.NoneType)
    found: type = hint
    return found


def frame(rows: Sequence[Row], model: type[Row]) -> pl.DataFrame:
    """Return rows as a data frame; with the model's columns and types even where there are none."""
    names = list(columns(model))
    data = {name: [getattr(row, name) for row in rows] for name in names}
    return AnswerFrame(data, schema=dict(schema(model)))


def as_dict(row: Row) -> dict[str, Any]:
    """Return a row as plain values."""
    return {name: getattr(row, name) for name in columns(type(row))}


def json_schema(model: type[Row]) -> dict[str, Any]:
    """Return the JSON schema of a row."""
    names = {str: "string", int: "integer", float: "number", bool: "boolean"}
    hints = get_type_hints(model)
    return {
        "type": "object",
        "required": list(columns(model)),
        "properties": {
            name: {
                "type": [names[_plain(hints[name])], "null"]
                if isinstance(hints[name], types.UnionType)
                else names[_plain(hints[name])],
                "description": doc,
            }
            for name, doc in columns(model).items()
        },
    }
