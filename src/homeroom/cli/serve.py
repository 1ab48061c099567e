"""``homeroom serve``: the website on this machine."""

from __future__ import annotations

import click
import uvicorn

import homeroom
from homeroom.errors import BadInput
from homeroom.evidence import store as stores
from homeroom.evidence.build import build
from homeroom.web.app import create_app


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def serve(host: str, port: int) -> None:
    """Serve the website; where there is no store yet, build one from the starter facts."""
    path = stores.store_path()
    if not path.exists():
        click.echo(f"Building a store from the starter facts at {path} ...")
        build([], path)
    room = homeroom.open()
    click.echo(f"Homeroom is at http://{host}:{port} (Ctrl-C stops it)")
    config = uvicorn.Config(
        create_app(room), host=host, port=port, log_level="warning", timeout_graceful_shutdown=5,
        server_header=False,
    )  # fmt: skip
    try:
        uvicorn.Server(config).run()
    except (OSError, SystemExit) as error:
        raise BadInput(
            f"{host}:{port}: expected a free port, found it taken. Choose another with --port."
        ) from error
