"""Which form a client wants: what the address says, and else what its Accept header names."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request

FORMS = {
    "application/json": "json",
    "text/csv": "csv",
    "application/vnd.apache.parquet": "parquet",
}


def wanted(accept: str) -> str:
    """Return the form that an Accept header names; JSON where it names none, or as gladly.

    RFC 9110, section 12.5.1. Ranges such as ``*/*`` take anything, so they take JSON.
    """
    best, quality = "json", 0.0
    named: dict[str, float] = {}
    for part in accept.lower().split(","):
        media, *options = (piece.strip() for piece in part.split(";"))
        if form := FORMS.get(media):
            named[form] = _quality(options)
    for form in FORMS.values():
        if named.get(form, 0.0) > quality:
            best, quality = form, named[form]
    return best


def _quality(options: list[str]) -> float:
    given = next((option[2:] for option in options if option.startswith("q=")), "1")
    try:
        return float(given)
    except ValueError:
        return 0.0


def negotiated(request: Request) -> Request:
    """Write the form that the header names into the address: there it is cited and kept by."""
    form = wanted(request.headers.get("accept", ""))
    if form == "json" or "format" in request.query_params:
        return request
    query = urlencode([*request.query_params.multi_items(), ("format", form)]).encode()
    return Request({**request.scope, "query_string": query}, request.receive)
