"""A site below the root of its host: the path goes off what is asked, and onto what is answered."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class SubPath:
    """ASGI middleware for a ``public_url`` with a path, as ``https://example.org/homeroom``.

    A proxy may pass the path on or take it off itself: both work. Pages are written with it (see
    :func:`homeroom.web.render.under`); redirects get it here.

    Parameters
    ----------
    base
        The path, as ``/homeroom``.
    """

    def __init__(self, app: ASGIApp, *, base: str) -> None:
        self.app, self.base = app, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http" or not self.base:
            await self.app(scope, receive, send)
            return
        path, raw = scope["path"], scope.get("raw_path") or scope["path"].encode()
        if path == self.base or path.startswith(f"{self.base}/"):
            scope = {
                **scope, "path": path[len(self.base) :] or "/",
                "raw_path": raw[len(self.base) :] or b"/",
            }  # fmt: skip

        async def placed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("location", "").startswith("/"):
                    headers["location"] = self.base + headers["location"]
            await send(message)

        await self.app(scope, receive, placed)
