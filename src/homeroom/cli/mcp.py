"""mcp: answer an assistant over standard input and output."""

from __future__ import annotations

import click

import homeroom
from homeroom.extras import needs


@click.command()
def mcp() -> None:
    """Serve an assistant over the Model Context Protocol, on standard input and output.

    An assistant starts this command itself: name it in the assistant's settings as
    `homeroom mcp`. It answers from the store alone and asks nothing of the network. A confidential
    store is refused.
    """
    with needs("mcp", "mcp", "pydantic"):
        from homeroom.mcp.server import create_server  # noqa: PLC0415  (an extra)
    with homeroom.open() as room:
        create_server(room).run()
