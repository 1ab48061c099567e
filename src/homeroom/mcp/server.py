"""The server: each tool calls one function of this room, and every refusal keeps its own words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from homeroom.api.choices import Measure, Policy, Wave
from homeroom.errors import Ambiguous, Confidential, HomeroomError
from homeroom.evidence.store import PUBLIC
from homeroom.mcp import claims, figures, library
from homeroom.mcp.envelope import Answer
from homeroom.mcp.tools import INSTRUCTIONS, TOOLS
from homeroom.version import __version__

if TYPE_CHECKING:
    from homeroom.api import Homeroom

_Place = Annotated[
    str, Field(description="An id (lea:4808940), postal code, or name", max_length=120)
]
_Group = Annotated[
    str, Field(description="As all, black, hispanic, white, black+hispanic, black/male, idea",
               max_length=120),
]  # fmt: skip
_Id = Annotated[str | None, Field(description="An id of the library", max_length=60)]


def create_server(room: Homeroom) -> MCPServer:
    """Make a server over an open store.

    Parameters
    ----------
    room
        A public store: what an assistant is told goes to whoever runs it.

    Raises
    ------
    Confidential
        The store is confidential.
    """
    if room.access != PUBLIC:
        raise Confidential(
            f"{room.path}: expected a public store, found confidential records. An assistant "
            "passes on what it is told, so none of them is given to it."
        )
    server = MCPServer(
        "homeroom", title="Homeroom", instructions=INSTRUCTIONS, version=__version__,
        log_level="ERROR",
    )  # fmt: skip
    calls = _calls(room)
    for tool in TOOLS:
        server.add_tool(
            calls[tool.name], name=tool.name, title=tool.title, description=tool.description,
            annotations=ToolAnnotations(
                read_only_hint=True, idempotent_hint=True, open_world_hint=False
            ),
        )  # fmt: skip
    return server


def _calls(room: Homeroom) -> dict[str, Callable[..., Answer]]:
    """Return each tool's function, typed as an assistant sees it."""

    def find_place(
        name: Annotated[str, Field(max_length=120)],
        limit: Annotated[int, Field(ge=1, le=50)] = 5,
    ) -> Answer:
        return _asked(figures.find_place, room, name, limit)

    def figure(
        place: _Place, measure: Measure = "arrests", group: _Group = "all", versus: _Group = "",
        wave: Wave | None = None, policy: Policy = "published",
    ) -> Answer:  # fmt: skip
        return _asked(figures.figure, room, place, measure, group, versus, wave, policy)

    def check_claim(claim: Annotated[str, Field(max_length=1000)]) -> Answer:
        return _asked(claims.check_claim, room, claim)

    def check_article(text: Annotated[str, Field(max_length=50_000)]) -> Answer:
        return _asked(claims.check_article, room, text)

    def research(intervention: _Id = None, outcome: _Id = None) -> Answer:
        return _asked(library.research, room, intervention, outcome)

    def act(
        place: _Place | None = None,
        facts: dict[str, Any] | None = None,
        version: Annotated[str, Field(max_length=40)] = "2025",
    ) -> Answer:
        return _asked(library.act, room, place, facts, version)

    def plan(document: dict[str, Any]) -> Answer:
        return _asked(library.plan, room, document)

    found = (find_place, figure, check_claim, check_article, research, act, plan)
    return {one.__name__: one for one in found}


def _asked(call: Callable[..., Answer], *given: Any) -> Answer:
    """Answer, or refuse in words that an assistant can act on."""
    try:
        return call(*given)
    except HomeroomError as error:
        lines = [str(error)]
        if isinstance(error, Ambiguous):
            lines += [f"- {choice}" for choice in error.choices]
        raise ToolError("\n".join(lines)) from error
