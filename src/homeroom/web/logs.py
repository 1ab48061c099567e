"""One line of JSON a request, without addresses, queries or anything else about a person."""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
import uuid
from datetime import UTC, datetime

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from homeroom.web.metrics import Metrics

log = logging.getLogger("homeroom.web")
_GONE = 499
"""What nginx calls a client that left before there was an answer."""
_ID = "X-Request-ID"
_PLAIN = re.compile(r"[A-Za-z0-9._-]{8,64}")


class JsonLines(logging.Formatter):
    """Writes each record as a line of JSON that begins with its time (UTC) and level."""

    def format(self, record: logging.LogRecord) -> str:
        """See logging."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {"time": at.replace("+00:00", "Z"), "level": record.levelname.lower()}
        message = record.getMessage()
        try:
            said = json.loads(message)
        except ValueError:
            said = message
        more = said if isinstance(said, dict) else {"event": "message", "message": message}
        return json.dumps(told | more, ensure_ascii=False)


class RequestLog:
    """ASGI middleware that logs route, status, time and size.

    The route is the pattern (``/place/{place_id}``): neither the place nor the sentence that
    somebody asked about is written down, nor who asked.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics, believed: bool = False) -> None:
        self.app, self.metrics, self.believed = app, metrics, believed

    def _id(self, scope: Scope) -> str:
        """Return the id that a trusted proxy gave, so that lines can be joined, or a new one."""
        named = Headers(scope=scope).get(_ID.lower(), "") if self.believed else ""
        return named if _PLAIN.fullmatch(named) else uuid.uuid4().hex

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start, status, size = time.perf_counter(), _GONE, 0
        request_id = self._id(scope)

        async def noted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[_ID] = request_id
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
                "ms": round(took * 1000, 1), "bytes": size, "request_id": request_id,
            }  # fmt: skip
            if fault:
                record["fault"] = fault
            log.log(logging.ERROR if fault else logging.INFO, json.dumps(record))
