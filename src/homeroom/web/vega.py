"""The charting library for browsers, as the installed package carries it: no copy is kept here."""

from __future__ import annotations

from functools import cache

import vl_convert
from starlette.requests import Request
from starlette.responses import Response

from homeroom.web.threads import run_in_threadpool

_DOOR = "globalThis.homeroomEmbed = vegaEmbed;"


@cache
def library() -> bytes:
    """Return Vega, Vega-Lite and Vega-Embed as one JavaScript module.

    The package that draws charts on this side holds the same versions for browsers, so a live
    chart is drawn by the very code that drew the picture. Bundling takes a second or two, once.
    """
    return str(vl_convert.javascript_bundle(_DOOR)).encode()


async def script(_request: Request) -> Response:
    """Return the library; only a reader who explores a chart ever asks for it."""
    return Response(await run_in_threadpool(library), media_type="text/javascript")
