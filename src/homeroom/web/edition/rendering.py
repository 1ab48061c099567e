"""The server inside this process: addresses in, answers out, no socket and no limits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.types import Message

from homeroom.api import Homeroom
from homeroom.web.app import create_app
from homeroom.web.settings import Settings


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answers."""

    status: int
    media_type: str
    body: bytes
    location: str = ""


OWN = "https://edition.invalid"
"""Stands for the edition's address in what the server writes, and is replaced by it."""


class _Here:
    """Draws in this process: nobody waits, and a picture that fails ends the build."""

    async def run(self, work: Any, *given: Any) -> Any:
        return work(*given)


class Server:
    """The application over a store, asked in this process.

    Parameters
    ----------
    room
        An open store.
    """

    def __init__(self, room: Homeroom) -> None:
        self.app = create_app(room, Settings(public_url=OWN, host="0.0.0.0"))  # noqa: S104
        self.app.state.workers = _Here()
        self.app.state.official = None
        self.room = room
        self.pages = self.app.state.pages
        self._loop = asyncio.new_event_loop()

    def get(self, address: str) -> Answer:
        """Return the answer to an address.

        Raises
        ------
        HomeroomError
            The page cannot be made, in the words that the server would show.
        """
        return self._loop.run_until_complete(self._get(address))

    async def _get(self, address: str) -> Answer:
        parts = urlsplit(address)
        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": parts.path, "raw_path": parts.path.encode(), "root_path": "",
            "query_string": parts.query.encode(), "headers": [(b"host", b"localhost")],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "app": self.app,
            "state": {},
        }  # fmt: skip
        started: dict[str, Any] = {}
        body: list[bytes] = []

        async def receive() -> Message:
            never: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
            return await never  # this visitor does not leave

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            else:
                body.append(message.get("body", b""))

        await self.app.router(scope, receive, send)
        headers = {name.decode().lower(): value.decode() for name, value in started["headers"]}
        return Answer(
            started["status"], headers.get("content-type", ""), b"".join(body),
            headers.get("location", ""),
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the loop; the store stays open."""
        self._loop.close()
