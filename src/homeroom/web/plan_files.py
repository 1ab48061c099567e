"""Plans as files: a form saved as YAML, and a YAML file opened in the form."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from homeroom.errors import BadInput
from homeroom.plans.format import pages
from homeroom.web.cache import kept
from homeroom.web.page_cache import PageCache
from homeroom.web.params import read
from homeroom.web.plan_fields import FORM
from homeroom.web.plan_reading import as_yaml, named, plans_of
from homeroom.web.render import render
from homeroom.web.threads import run_in_threadpool
from homeroom.web.uploads import sent_form


def routes() -> list[Route]:
    """Return the routes."""
    return [
        Route("/plan.yaml", kept(saved)),
        Route("/plan.schema.json", kept(schema)),
        Route("/plan/keys", kept(keys)),
        Route("/plan/open", opened, methods=["POST"]),
    ]


async def schema(_request: Request) -> Response:
    """Return the JSON Schema of a plan document."""
    return JSONResponse(pages.schema(), headers={"Access-Control-Allow-Origin": "*"})


async def keys(request: Request) -> Response:
    """Show every key of a plan document."""
    return render(
        request, "plan_keys.html", title="Plan documents", tables=pages.tables(), head=pages.HEAD
    )


async def saved(request: Request) -> Response:
    """Return the plans of a form as a YAML file, to keep, to edit, and to open again."""
    cache: PageCache = request.app.state.pages
    return await run_in_threadpool(_saved, request, cache)


def _saved(request: Request, cache: PageCache) -> Response:
    given = read(named(cache, request.query_params), FORM)
    text = as_yaml(plans_of(given, cache.room.resolve))
    return Response(
        text, media_type="application/yaml",
        headers={"Content-Disposition": 'attachment; filename="homeroom-plan.yaml"'},
    )  # fmt: skip


async def opened(request: Request) -> Response:
    """Open a plan file: lead to the page that shows it, with the plan in the address.

    Raises
    ------
    BadInput
        No file came, it is no UTF-8 text, or it is longer than an address can hold.
    """
    text = await _file_of(request)
    address = "/plan?" + urlencode({"yaml": text})
    most = request.app.state.settings.query_bytes
    if len(address) > most:
        raise BadInput(
            f"plan file: expected at most about {most} characters as an address holds them, found "
            f"{len(address)}: run it with `homeroom plan compare`, or leave out comments."
        )
    return RedirectResponse(f"{address}#answer", status_code=303)


async def _file_of(request: Request) -> str:
    form = await sent_form(
        request, fields=1, most=request.app.state.settings.body_bytes,
        refusal="plan file: expected a form with a file, found a broken one.",
    )  # fmt: skip
    try:
        file = form.get("file")
        content = await file.read() if isinstance(file, UploadFile) else b""
    finally:
        await form.close()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput("plan file: expected UTF-8 text, found other bytes.") from error
    if not text.strip():
        raise BadInput("plan file: choose a file with a plan in YAML.")
    return text
