"""The gate before confidential records: they are served to this machine, or not at all."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from homeroom.api import Homeroom
from homeroom.errors import Confidential
from homeroom.evidence.store import PUBLIC
from homeroom.web.settings import Settings, is_loopback

DIRECT = frozenset(
    (
        "accept", "accept-charset", "accept-encoding", "accept-language", "authorization",
        "cache-control", "connection", "content-encoding", "content-length", "content-type",
        "cookie", "date", "dnt", "expect", "host", "if-match", "if-modified-since", "if-none-match",
        "if-range", "if-unmodified-since", "keep-alive", "origin", "pragma", "priority", "purpose",
        "range", "referer", "save-data", "te", "transfer-encoding", "upgrade",
        "upgrade-insecure-requests", "user-agent", "x-requested-with",
    )
)  # fmt: skip
"""Headers that a browser or a program on this machine sends. Whatever else there is may be a
proxy's, a tunnel's, or a delivery network's: who sends it may sit anywhere."""
NOTICE = (
    "This store holds confidential records. They are shown on this machine alone, and no browser "
    "is let keep them. Everyone with an account on this machine can open the address meanwhile."
)


def is_private(room: Homeroom, settings: Settings) -> bool:
    """Return whether a store is confidential, and may be served as the settings say.

    Raises
    ------
    Confidential
        It is confidential, and the settings let visitors in from elsewhere.
    """
    if room.access == PUBLIC:
        return False
    if open_doors := doors(settings):
        raise Confidential(
            f"{room.path}: expected a store of public data, found one that is not marked so: its "
            f"records are confidential. It is not served with {' and '.join(open_doors)}, which "
            "lets visitors in from other machines. Serve it on this machine alone (`homeroom "
            "serve --host 127.0.0.1`), or name a public store with HOMEROOM_STORE."
        )
    return True


def doors(settings: Settings) -> list[str]:
    """Name the settings by which visitors can come from elsewhere."""
    public = urlsplit(settings.public_url).hostname or ""
    found = {
        f"--host {settings.host}": not settings.loopback,
        f"--public-url {settings.public_url}": public != settings.host and not is_loopback(public),
        "--behind-proxy": settings.behind_proxy,
    }
    return [name for name, is_open in found.items() if is_open]


def from_here(scope: Scope) -> bool:
    """Return whether a request comes from this machine, and through no proxy that says so.

    The settings say where the site should listen, not where whoever runs the application made it
    listen, nor what was put before it.
    """
    address, _ = scope.get("client") or ("", 0)
    return is_loopback(address) and not any(map(_from_a_proxy, Headers(scope=scope)))


def _from_a_proxy(header: str) -> bool:
    return header.lower() not in DIRECT and not header.lower().startswith("sec-")
