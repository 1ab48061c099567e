"""One line of JSON a request, without addresses, queries or anything else about a person."""

from __future__ import annotations

import json
import logging
import time
import traceback

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from homeroom.web.metrics import Metrics

log = logging.getLogger("homeroom.web")
_GONE = 499
"""What nginx calls a client that left before there was an answer."""


class RequestLog:
    """ASGI middleware that logs route, status, time and size.

    The route is the pattern (``/place/{place_id}``): neither the place nor the sentence that
    somebody asked about is written down, nor who asked.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start, status, size = time.perf_counter(), _GONE, 0

        async def noted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            size += len(message.get("body", b""))
            await send(message)

        fault = None
        try:
            await self.app(scope, receive, noted)
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            status = 500 if status == _GONE else status
            fault = f"{type(error).__name__} in {frame.name}:{frame.lineno}"
            raise
        finally:
            route = getattr(scope.get("route"), "path", "unmatched")
            took = time.perf_counter() - start
            self.metrics.answered(route, status, took)
            record = {
                "event": "request", "method": scope["method"], "route": route, "status": status,
                "ms": round(took * 1000, 1), "bytes": size,
            }  # fmt: skip
            if fault:
                record["fault"] = fault
            log.log(logging.ERROR if fault else logging.INFO, json.dumps(record))
