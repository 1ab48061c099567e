"""The gate before confidential records: they are served to this machine, or not at all."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from homeroom.api import Homeroom
from homeroom.errors import Confidential
from homeroom.evidence.store import PUBLIC
from homeroom.web.settings import Settings, is_loopback

FORWARDED = (
    "forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip",
)  # fmt: skip
"""Headers that a proxy adds: who sends one may sit anywhere."""
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
    headers = Headers(scope=scope)
    address, _ = scope.get("client") or ("", 0)
    return is_loopback(address) and not any(name in headers for name in FORWARDED)
