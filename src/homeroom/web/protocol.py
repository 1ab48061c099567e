"""HTTP that does not wait for ever: a client that never finishes its request is let go."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 10.0
"""Seconds that a client may take from connecting to the end of its request's headers."""


class Patient(H11Protocol):
    """uvicorn's protocol with a deadline for the headers; bodies have the application's own."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock."""
        super().connection_made(transport)
        self._start()

    def handle_events(self) -> None:
        """Stop the clock once a request is whole, and start it again for the next."""
        super().handle_events()
        # Idle between two requests is uvicorn's keep-alive time; a request begun is ours.
        if self.conn.their_state is h11.IDLE and self.conn.trailing_data[0]:
            self._start()
        elif self.conn.their_state is not h11.IDLE:
            self._stop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the clock."""
        self._stop()
        super().connection_lost(exc)

    def _start(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(PATIENCE, self._give_up)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self, *_: Any) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.close()
