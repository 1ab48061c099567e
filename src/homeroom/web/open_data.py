"""Public answers are open to the pages of other sites: their scripts may fetch and draw them.

The data are public, read-only, and the same for everyone; there is no cookie that could be misused.
A confidential store stays closed: see :mod:`homeroom.web.confidential`.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from homeroom.web.citation import permalink

PARQUET = "application/vnd.apache.parquet"
OPEN = ("/api/", "/chart/", "/embed/", "/tables/", "/datapackage.json", "/croissant.json",
        "/corrections.json", "/corrections.xml")  # fmt: skip
"""How addresses of data begin; pages for people are none of them."""
_SHOWN = (
    "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, Link, Retry-After, "
    "X-Homeroom-Data-Version"
)
_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": _SHOWN,
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, If-Range, Range",
    "Access-Control-Max-Age": "86400",
}


def open_headers(path: str) -> dict[str, str]:
    """Return the headers that let other sites use an address; none where it is for people."""
    return _HEADERS if path.startswith(OPEN) else {}


def links(request: Request, *more: str) -> str:
    """Return the Link header of an answer: what describes it, and how it is cited for good.

    Parameters
    ----------
    more
        Further links, as the other forms of the same.
    """
    state = request.app.state
    site = state.settings.public_url.rstrip("/")
    cited = permalink(state.settings, request, state.room.meta["data_version"])
    return ", ".join(
        (
            f'<{site}/datapackage.json>; rel="describedby"; type="application/json"',
            f'<{site}/api/v1/openapi.json>; rel="service-desc"; type="application/json"',
            f'<{cited}>; rel="cite-as"',
            *more,
        )
    )


class Preflight:
    """ASGI middleware: answers a browser that asks whether another site's script may ask."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        asks = scope["type"] == "http" and scope["method"] == "OPTIONS"
        if asks and open_headers(scope["path"]) and _of_a_browser(scope):
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _of_a_browser(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "origin" in headers and "access-control-request-method" in headers
