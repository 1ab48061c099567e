"""``homeroom serve``: the website on this machine."""

from __future__ import annotations

import errno
import logging
import os
import socket

import click

import homeroom
from homeroom.cli.download import bring_all
from homeroom.errors import BadInput, HomeroomError
from homeroom.evidence import store as stores
from homeroom.evidence.build import build
from homeroom.extras import WEB, needs

with needs("web", *WEB):
    import uvicorn

    from homeroom.web.app import create_app
    from homeroom.web.confidential import NOTICE
    from homeroom.web.logs import JsonLines
    from homeroom.web.protocol import Patient
    from homeroom.web.settings import Settings

_WHY_NOT = {
    errno.EADDRINUSE: "expected a free port, found it taken. Choose another with --port.",
    errno.EACCES: "expected a port that you may listen on, found one that needs more rights. "
    "Choose one above 1023 with --port.",
}
_CONNECTIONS = 2_000
_HEADER_BYTES = 16_384


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--data", type=click.Choice(("starter", "all")), default="starter", show_default=True,
    help="all: first fetch the official files of every wave and build the national store.",
)  # fmt: skip
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--public-url", help="Address under which visitors reach the site, for permalinks.")
@click.option(
    "--behind-proxy", is_flag=True,
    help="Believe X-Forwarded-Proto and X-Forwarded-For. Only behind a proxy that sets them.",
)  # fmt: skip
@click.option(
    "--warm-up/--no-warm-up", default=True, show_default=True,
    help="Make the first pages in the background after the start.",
)  # fmt: skip
@click.option(
    "--hsts-subdomains/--no-hsts-subdomains", default=True, show_default=True,
    help="Over TLS, ask browsers to stay there for subdomains too.",
)  # fmt: skip
@click.option("--log/--no-log", default=False, help="One line of JSON a request on stderr.")
def serve(
    host: str,
    port: int,
    data: str,
    public_url: str | None,
    *,
    behind_proxy: bool,
    hsts_subdomains: bool,
    warm_up: bool,
    log: bool,
) -> None:
    """Serve the website; where there is no store yet, build one from the starter facts.

    Confidential records are served to this machine alone: with another --host, a --public-url
    elsewhere or --behind-proxy the command refuses them.
    """
    path = stores.store_path()
    if data == "all":
        bring_all(path)
    if not path.exists():
        click.echo(f"Building a store from the starter facts at {path} ...")
        build([], path)
    if public_url and not public_url.startswith(("http://", "https://")):
        raise BadInput(
            f"--public-url {public_url!r}: expected an address such as https://example.org."
        )
    here = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    settings = Settings(
        public_url=public_url or here,
        host=host,
        behind_proxy=behind_proxy,
        warm_up=warm_up,
        hsts_subdomains=hsts_subdomains,
    )
    room = homeroom.open()
    try:
        app = create_app(room, settings)
        listening = _listening(host, port)
    except HomeroomError:
        room.close()
        raise
    _logging(asked=log)
    if app.state.private:
        click.echo(NOTICE)
    if room.store.stale:
        click.echo(f"homeroom: {room.store.stale}", err=True)
    click.echo(f"Homeroom is at {here} (Ctrl-C stops it)")
    config = uvicorn.Config(
        app, host=host, port=port, http=Patient, log_config=None,
        ws="none", access_log=False, server_header=False, proxy_headers=False, lifespan="on",
        timeout_keep_alive=10, timeout_graceful_shutdown=10, limit_concurrency=_CONNECTIONS,
        h11_max_incomplete_event_size=_HEADER_BYTES,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    """Take the port before anything is opened or made for it.

    Raises
    ------
    BadInput
        The port is taken or needs more rights, or the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named, since asyncio sends without delay on lines that say they are TCP's.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(_CONNECTIONS)
    except OSError as error:
        made.close()
        found = _WHY_NOT.get(error.errno or 0)
        if found is None:  # no such name, an address of another machine
            raise BadInput(
                f"{host}: expected an address of this machine to listen on, found none "
                f"({error.strerror}). Choose another with --host."
            ) from error
        raise BadInput(f"{host}:{port}: {found}") from error
    return made


def _logging(*, asked: bool) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    ours = logging.getLogger("homeroom.web")
    ours.addHandler(handler)
    ours.setLevel(logging.INFO if asked else logging.ERROR)
    ours.propagate = False
    # uvicorn would print the traceback of what our own log names in a line.
    logging.getLogger("uvicorn.error").addHandler(logging.NullHandler())
    logging.getLogger("uvicorn.error").propagate = False
