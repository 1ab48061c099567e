"""Requests in, envelopes out: JSON, CSV and Parquet with the same citation."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import polars as pl
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from homeroom.errors import BadInput
from homeroom.report.data_file import About, csv_file, file_name, parquet_file
from homeroom.report.plain_values import finite
from homeroom.version import __version__
from homeroom.web.api.endpoint import Endpoint, Payload
from homeroom.web.api.negotiation import negotiated
from homeroom.web.api.openapi import BASE, document
from homeroom.web.api.table import endpoints
from homeroom.web.cache import kept
from homeroom.web.citation import PIN, plain
from homeroom.web.open_data import PARQUET, links
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Read, read
from homeroom.web.threads import run_in_threadpool

MEDIA = {"csv": "text/csv; charset=utf-8", "parquet": PARQUET}


def routes() -> list[Route]:
    """Return the routes of every endpoint whose room exists, and of the document about them."""
    found = [
        Route(BASE + path, _asked(one), methods=["GET", "OPTIONS"])
        for one in endpoints()
        if one.method == "GET"
        for path in (one.path, *one.also)
    ]
    found += [
        Route(BASE + one.path, _posted(one), methods=["POST", "OPTIONS"])
        for one in endpoints()
        if one.method == "POST"
    ]
    return [*found, Route(f"{BASE}/openapi.json", kept(_openapi), methods=["GET"])]


def _options(*methods: str) -> Response:
    return Response(status_code=204, headers={"Allow": ", ".join((*methods, "OPTIONS"))})


def _asked(endpoint: Endpoint) -> Any:
    make = kept(_handler(endpoint))

    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return _options("GET", "HEAD")
        if not endpoint.tabular:
            return await make(request)
        found = await make(negotiated(request))
        found.headers.add_vary_header("Accept")
        return found

    return answer


def _handler(endpoint: Endpoint) -> Any:
    async def answer(request: Request) -> Response:
        given: dict[str, str] = {}
        for name, value in request.query_params.multi_items():
            if name in given:
                raise BadInput(f"{name[:40]}: expected one value, found several.")
            given[name] = value
        given.pop(PIN, None)  # the version was checked before
        for older, name in endpoint.older.items():
            if older in given:
                given.setdefault(name, given.pop(older))
        values = read({**given, **request.path_params}, endpoint.every, strict=True)
        return await run_in_threadpool(_answer, request, endpoint, values)

    return answer


def _posted(endpoint: Endpoint) -> Any:
    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return _options("POST")
        body = await request.body()
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        values = read(dict(request.query_params), endpoint.every, strict=True)

        def work() -> bytes:
            assert endpoint.posted is not None  # noqa: S101 - the table's POST rows have it
            payload = endpoint.posted(request.app.state.pages, body, kind)
            return _envelope(request, endpoint, payload, values)

        return Response(
            await run_in_threadpool(work), media_type="application/json",
            headers={"Cache-Control": "no-store"},
        )  # fmt: skip

    return answer


def _answer(request: Request, endpoint: Endpoint, values: Read) -> Response:
    cache: PageCache = request.app.state.pages
    payload = endpoint.answer(cache, values)
    form = values["format"] if endpoint.tabular else "json"
    if payload.rows is not None and form != "json":
        rows = payload.rows
        if endpoint.partial or {"limit", "offset"} & set(request.query_params):
            rows = rows.slice(values["offset"], values["limit"])  # else a file is the whole table
        return _file(request, endpoint, values, rows)
    return Response(
        _envelope(request, endpoint, payload, values), media_type="application/json",
        headers={"Link": links(request)},
    )  # fmt: skip


def _file(request: Request, endpoint: Endpoint, values: Read, rows: pl.DataFrame) -> Response:
    state, form = request.app.state, values["format"]
    about = About(
        endpoint.summary, state.room.meta["data_version"],
        plain(state.settings, request, state.room.meta), values.values,
    )  # fmt: skip
    body = parquet_file(rows, about) if form == "parquet" else csv_file(rows, about).encode()
    named = file_name(endpoint.id.removeprefix("get_"), about, form, rows)
    headers = {"Content-Disposition": f'attachment; filename="{named}"', "Link": links(request)}
    return Response(body, media_type=MEDIA[form], headers=headers)


def _envelope(request: Request, endpoint: Endpoint, payload: Payload, values: Read) -> bytes:
    state = request.app.state
    meta: dict[str, Any] = {
        "data_version": state.room.meta["data_version"],
        "homeroom_version": __version__,
        "citation": plain(state.settings, request, state.room.meta),
        "documentation": f"{BASE}/openapi.json",
        **payload.meta,
    }
    data = payload.document
    if payload.rows is not None:
        data, more = _page(request, payload.rows, values, endpoint)
        meta |= more
    body = {"status": "ok", "data": data, "error": None, "meta": meta}
    text = json.dumps(finite(body), ensure_ascii=False, allow_nan=False, default=str)
    return text.replace("<", "\\u003c").encode()  # no tag, whoever takes it for a page


def _page(
    request: Request, rows: pl.DataFrame, values: Read, endpoint: Endpoint
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    limit, offset = values["limit"], values["offset"]
    shown = rows.slice(offset, limit)
    meta: dict[str, Any] = {"limit": limit, "offset": offset, "rows": len(shown)}
    if not endpoint.partial:
        meta["total"] = len(rows)
    furthest = next(p.most for p in endpoint.every if p.name == "offset")
    if offset + limit < len(rows) and offset + limit <= furthest:
        given = dict(request.query_params) | {"offset": str(offset + limit), "limit": str(limit)}
        meta["next"] = f"{request.url.path}?{urlencode(given)}"
    return shown.to_dicts(), meta


async def _openapi(request: Request) -> Response:
    body = document(request.app.state.settings.public_url, endpoints())
    return Response(json.dumps(body), media_type="application/json")
