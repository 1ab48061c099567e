"""How to cite a page: plain and BibTeX, with the data version and a permalink."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode

from starlette.requests import Request

from homeroom.version import __version__
from homeroom.web.settings import Settings

_SAFE = "/:@!$'()*,;~"
_BRACES = str.maketrans(dict.fromkeys("{}\\$%#&_^~", ""))
PIN = "data_version"
VERSION = "[0-9a-f]{12}"
"""The form of a version of the data."""
"""The parameter that pins an address to a version of the data."""


def permalink(settings: Settings, request: Request, version: str = "") -> str:
    """Return the address of what is shown, under the site's own name.

    Parameters
    ----------
    version
        Pin the address to this version of the data: with another it refuses to answer, so that
        what was cited never changes in silence.
    """
    asked = [(k, v) for k, v in parse_qsl(request.url.query, keep_blank_values=True) if k != PIN]
    pairs = [*asked, (PIN, version)] if version else asked
    query = f"?{urlencode(pairs, safe=_SAFE)}" if pairs else ""
    path = quote(request.url.path, safe="/:@!$&'()*+,;=~")
    return f"{settings.public_url.rstrip('/')}{path}{query}"


def plain(
    settings: Settings, request: Request, meta: Mapping[str, str], title: str = "Homeroom"
) -> str:
    """Return the citation as a line of text."""
    named = "Homeroom" if title == "Homeroom" else f"“{title.rstrip('.')}.” Homeroom"
    return (
        f"{named}, version {__version__}, data version {meta['data_version']} "
        f"(built {meta['built_at'][:10]}). "
        f"{permalink(settings, request, meta['data_version'])}"
    )


def bibtex(settings: Settings, request: Request, meta: Mapping[str, str], title: str) -> str:
    """Return the citation as BibTeX."""
    year = meta["built_at"][:4]
    return (
        f"@misc{{homeroom-{meta['data_version']},\n"
        f"  title = {{{title.translate(_BRACES)}}},\n"
        "  author = {{Homeroom}},\n"
        f"  year = {{{year}}},\n"
        f"  note = {{Homeroom {__version__}, data version {meta['data_version']}}},\n"
        f"  url = {{{permalink(settings, request, meta['data_version'])}}}\n"
        "}"
    )
