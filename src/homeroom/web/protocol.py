"""HTTP that does not wait for ever: a client that sends or reads too slowly is let go."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from homeroom.web.headers import security_headers

PATIENCE = 10.0
"""Seconds for the headers of a request, and for what is left of its body once it is answered."""
READING = 120.0
"""Seconds that a client may take to read an answer that is too large for the line."""


class Patient(H11Protocol):
    """uvicorn's protocol with deadlines where it has none.

    The time between two requests is uvicorn's (keep-alive), that of a body the application's.
    """

    _sending: asyncio.TimerHandle | None = None
    _reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take what came; uvicorn stops its keep-alive clock here and may not start it again."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """See whether the client still sends, or does not read."""
        super().on_response_complete()
        self._watch()
        if self.transport.is_closing():
            self._expect_reader()

    def timeout_keep_alive_handler(self) -> None:
        """Close a line that was idle too long, when the rest of the answer is through."""
        super().timeout_keep_alive_handler()
        self._expect_reader()

    def pause_writing(self) -> None:
        """Start the reader's clock: the answer waits in this machine's memory."""
        super().pause_writing()
        self._expect_reader()

    def resume_writing(self) -> None:
        """Stop it; on a line that closes, the last bytes must get through in time too."""
        super().resume_writing()
        if not self.transport.is_closing():
            self._reading = _without(self._reading)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clocks."""
        self._sending, self._reading = _without(self._sending), _without(self._reading)
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP with the headers of every other answer."""
        if self.cycle is not None:
            self.cycle.disconnected = True  # the application may still be about to answer
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()  # the answer was given before the request went wrong
            return
        scope: dict[str, Any] = {"path": "/", "scheme": self.scheme, "headers": []}
        headers = {"Content-Type": "text/plain; charset=utf-8", "Connection": "close"}
        headers["Cache-Control"] = "no-store"
        headers |= {"Content-Length": str(len(msg)), **security_headers(scope)}
        plain = [(name.encode(), value.encode()) for name, value in headers.items()]
        for event in (
            h11.Response(status_code=400, headers=plain, reason=b"Bad Request"),
            h11.Data(data=msg.encode()),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _watch(self) -> None:
        """Run the sender's clock exactly while the client owes the rest of a request."""
        theirs = self.conn.their_state
        begun = theirs is h11.IDLE and self.timeout_keep_alive_task is None
        unread = theirs is h11.SEND_BODY and self.cycle is not None and self.cycle.response_complete
        if not (begun or unread) or self.transport.is_closing():
            self._sending = _without(self._sending)
        elif self._sending is None:
            self._sending = self.loop.call_later(PATIENCE, self._give_up)

    def _expect_reader(self) -> None:
        if self._reading is None and self.transport.get_write_buffer_size():
            self._reading = self.loop.call_later(READING, self._give_up)

    def _give_up(self, *_: Any) -> None:
        # close() would wait for the client to read.
        self.transport.abort()


def _without(clock: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """Stop a clock, and give what stands in its place."""
    if clock is not None:
        clock.cancel()
    return None
