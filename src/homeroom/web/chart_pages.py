"""Charts at addresses of their own: a page, an embed, SVG, PNG, CSV, and the Vega-Lite JSON."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import polars as pl
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from homeroom.report import engines
from homeroom.report.data_file import About, csv_file, file_name
from homeroom.report.picture import FORMATS, Look, Picture
from homeroom.web import more_pictures, pictures
from homeroom.web.citation import plain
from homeroom.web.open_data import links
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Read, read
from homeroom.web.render import render
from homeroom.web.threads import run_in_threadpool
from homeroom.web.workers import Workers

_LONG = 300


def _kind(request: Request) -> pictures.Kind:
    kinds = more_pictures.kinds()
    name = request.path_params["kind"]
    if name not in kinds:
        raise HTTPException(404)
    return kinds[name]


async def image(request: Request) -> Response:
    """Return a chart as a file."""
    kind, form = _kind(request), request.path_params["form"]
    if form not in (*FORMATS, "csv", "json"):
        raise HTTPException(404)
    given = read(request.query_params, (*kind.parameters, *pictures.LOOK))
    made = await run_in_threadpool(
        pictures.picture, request.app.state.pages, kind, _own(kind, given)
    )
    state = request.app.state
    about = About(
        made.title, state.room.meta["data_version"],
        plain(state.settings, request, state.room.meta, made.title),
        {**given.values, **made.chosen},
    )  # fmt: skip
    rows = _told(made, kind, given) if form == "csv" else None
    named = file_name(kind.id, about, form, rows)
    headers = {"Content-Disposition": f'inline; filename="{named}"', "Link": links(request)}
    if rows is not None:
        headers["Content-Disposition"] = f'attachment; filename="{named}"'
        return Response(
            csv_file(rows, about), media_type="text/csv; charset=utf-8", headers=headers
        )
    look = Look(given["theme"] == "dark", given["size"] == "narrow", given["title"] == "no")
    text = await run_in_threadpool(made.text, look)
    if form == "json":
        return Response(text, media_type="application/json", headers=headers)
    workers: Workers = request.app.state.workers
    body = made.finished(await workers.run(engines.draw, text, form), form)
    return Response(body, media_type=FORMATS[form], headers=headers)


def _told(made: Picture, kind: pictures.Kind, given: Read) -> pl.DataFrame:
    """Return a chart's rows with what was asked and where they come from, the same in each row."""
    asked = {one.name: given[one.name] for one in kind.parameters if given[one.name] is not None}
    said = asked | dict(made.chosen) | {"source": made.source}
    return made.table.with_columns(
        pl.lit(value).alias(name) for name, value in said.items() if name not in made.table.columns
    )


def _own(kind: pictures.Kind, given: Read) -> Read:
    names = {parameter.name for parameter in kind.parameters}
    return Read({name: value for name, value in given.values.items() if name in names})


async def page(request: Request) -> Response:
    """Show a chart with its table, its files and its code for embedding."""
    return await _shown(request, "chart.html")


async def embed(request: Request) -> Response:
    """Show a chart alone, for a frame on another site."""
    return await _shown(request, "embed.html")


def _described(made: Picture) -> str:
    """Return what a link shows: the whole text or the title, so that no doubt is cut off."""
    return made.alt if len(made.alt) <= _LONG else made.title


async def resize(_request: Request) -> Response:
    """Return the script with which another site's page gives a frame its height."""
    script = (files("homeroom.web") / "static" / "embed-resize.js").read_bytes()
    return Response(script, media_type="text/javascript")


async def _shown(request: Request, template: str) -> Response:
    kind = _kind(request)
    given = read(request.query_params, kind.parameters)
    cache: PageCache = request.app.state.pages
    made = await run_in_threadpool(pictures.picture, cache, kind, given)
    params: dict[str, Any] = {k: v for k, v in given.values.items() if v is not None}
    return render(
        request, template, title=made.title, picture=made, kind=kind, params=params,
        description=_described(made), image=pictures.address(f"{kind.id}.png", **params),
    )  # fmt: skip
