"""How the website is served: addresses, limits, and whom it believes."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True, slots=True)
class Settings:
    """Choices of whoever serves the site.

    Attributes
    ----------
    public_url
        Where visitors reach the site; permalinks, citations and embeds are written with it.
        Nothing a visitor sends ever ends up in a link.
    behind_proxy
        Believe ``X-Forwarded-Proto`` and ``X-Forwarded-For``: only behind a proxy that sets them.
    costly_per_minute
        What the costly answers may cost that one client gets in a minute: a chart or a check
        costs 1, a plan 4, a brief 20 (``limits.COSTS``).
    body_bytes, query_bytes
        The longest request body and address.
    upload_bytes
        The longest body where a whole text or a file may be sent.
    seconds
        How long a client may take to send a request, and an answer to be made.
    cache_bytes
        Memory for answers kept, in bytes.
    warm_up
        Make the first pages in the background after the start.
    hsts_subdomains
        Over TLS, ask browsers to stay there for the host's subdomains too.
    """

    public_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    behind_proxy: bool = False
    costly_per_minute: int = 240
    body_bytes: int = 64_000
    query_bytes: int = 4_000
    upload_bytes: int = 5_500_000
    seconds: float = 15.0
    cache_bytes: int = 64_000_000
    warm_up: bool = False
    hsts_subdomains: bool = True

    @property
    def hosts(self) -> frozenset[str]:
        """Names under which the site may be asked for: others are refused, whoever sends them."""
        named = urlsplit(self.public_url).hostname or ""
        bound = f"[{self.host}]" if ":" in self.host else self.host
        return frozenset({*LOOPBACK, bound.lower(), named.lower()})

    @property
    def base(self) -> str:
        """Return the path under which the site lies, as ``/homeroom``; empty for the root."""
        return urlsplit(self.public_url).path.rstrip("/")

    @property
    def loopback(self) -> bool:
        """Return whether only this machine can reach the site."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Return whether an address to listen on is this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
