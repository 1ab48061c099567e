"""The OpenAPI document, written from the table of endpoints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from homeroom.version import __version__
from homeroom.web.api.endpoint import Endpoint
from homeroom.web.citation import PIN, VERSION
from homeroom.web.params import Parameter

BASE = "/api/v1"
PINNED = Parameter(
    PIN, "Answer from this version of the data or not at all: with another the status is 410.",
    longest=12, pattern=VERSION,
)  # fmt: skip
_ERRORS = {
    "400": "A parameter is not what it must be.",
    "404": "The data in the store do not answer it, or there is no such thing.",
    "405": "The address does not take that method.",
    "410": "The site now holds other data than the address is pinned to.",
    "413": "The body of the request is too large.",
    "414": "The address is too long.",
    "421": "The site does not answer under that host name.",
    "422": "The question has several readings; `choices` lists them.",
    "429": "Too many costly requests: wait as `Retry-After` says.",
    "503": "The answer took too long.",
}


def document(url: str, endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """Describe every endpoint."""
    paths: dict[str, Any] = {}
    for one in endpoints:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Homeroom",
            "version": __version__,
            "summary": "Police or counselors? The public evidence, for every school district.",
            "description": "Every answer is an envelope of status, data, error and meta; meta has "
            "a citation and the version of the data. Parameters are named as on the command line.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": url.rstrip("/") + BASE}],
        "paths": paths,
        "components": {"schemas": _SCHEMAS | _rows(endpoints)},
    }


def _rows(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """Return the schemas of rows by their titles."""
    return {one.row["title"]: one.row for one in endpoints if one.row is not None}


def _operation(one: Endpoint) -> dict[str, Any]:
    envelope: dict[str, Any] = {"$ref": "#/components/schemas/Envelope"}
    if one.row is not None:
        rows = {"type": "array", "items": {"$ref": f"#/components/schemas/{one.row['title']}"}}
        envelope = {
            "allOf": [
                envelope,
                {"type": "object", "required": ["data"], "properties": {"data": rows}},
            ]
        }
    content: dict[str, Any] = {"application/json": {"schema": envelope}}
    if one.tabular:
        content["text/csv"] = {"schema": {"type": "string"}}
        content["application/vnd.apache.parquet"] = {
            "schema": {"type": "string", "contentEncoding": "binary"}
        }
    answers: dict[str, Any] = {
        "200": {"description": "The answer.", "content": content},
        "304": {"description": "Unchanged since the ETag named in If-None-Match."},
    }
    for status, text in _ERRORS.items():
        schema = {"schema": {"$ref": "#/components/schemas/Refusal"}}
        answers[status] = {"description": text, "content": {"application/json": schema}}
    found: dict[str, Any] = {
        "operationId": one.id,
        "summary": one.summary,
        "parameters": [_parameter(p) for p in (*one.every, *(() if one.body else (PINNED,)))],
        "responses": answers,
    }
    if one.body is not None:
        found["requestBody"] = {
            "required": True, "content": {"application/json": {"schema": one.body}}
        }  # fmt: skip
    if one.command:
        found["description"] = f"On the command line: `{one.command}`."
    return found


def _parameter(one: Parameter) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": one.name, "in": one.within, "description": one.doc,
        "required": one.required or one.within == "path", "schema": one.schema(),
    }  # fmt: skip
    if one.example is not None:
        found["example"] = one.example
    return found


_SCHEMAS: dict[str, Any] = {
    "Envelope": {
        "type": "object",
        "required": ["status", "data", "error", "meta"],
        "properties": {
            "status": {"const": "ok"},
            "data": {"description": "Rows, or one document."},
            "error": {"type": "null"},
            "meta": {"$ref": "#/components/schemas/Meta"},
        },
    },
    "Meta": {
        "type": "object",
        "required": ["homeroom_version", "data_version", "citation"],
        "properties": {
            "homeroom_version": {"type": "string"},
            "data_version": {"type": "string"},
            "citation": {"type": "string"},
            "limit": {"type": "integer"},
            "offset": {"type": "integer"},
            "rows": {"type": "integer"},
            "total": {"type": "integer"},
            "next": {"type": "string", "description": "Address of the next rows."},
        },
    },
    "Refusal": {
        "type": "object",
        "required": ["status", "data", "error", "meta"],
        "properties": {
            "status": {"const": "error"},
            "data": {"type": "null"},
            "error": {
                "type": "object",
                "required": ["type", "message"],
                "properties": {
                    "type": {"type": "string"},
                    "message": {"type": "string"},
                    "choices": {"type": "array", "items": {"type": "string"}},
                },
            },
            "meta": {"type": "object"},
        },
    },
}
