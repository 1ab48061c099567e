"""Saying no: as a page to people, as a typed error to programs; never with internals."""

from __future__ import annotations

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from homeroom.errors import (
    Ambiguous,
    BadInput,
    Confidential,
    HomeroomError,
    NotAvailable,
    PlaceProblem,
)
from homeroom.version import __version__
from homeroom.web.headers import security_headers
from homeroom.web.render import render
from homeroom.web.workers import Busy, EngineFailed

API = "/api/"
STATUS: dict[type[HomeroomError], int] = {
    BadInput: 400, Ambiguous: 422, NotAvailable: 404, Confidential: 403, Busy: 503,
    EngineFailed: 500,
}  # fmt: skip
TITLES = {
    400: "That question cannot be read",
    403: "Not shown",
    404: "Not found",
    405: "Not allowed here",
    410: "Other data now",
    413: "Too large",
    414: "Too long an address",
    421: "Wrong address",
    422: "Several readings",
    429: "Too many requests",
    500: "Something went wrong here",
    503: "Not now",
}

_LONGEST = 2_000
"""Letters of a message: it may quote what was asked, however long that is."""


def refusal(
    request: Request, status: int, kind: str, message: str, choices: list[str] | None = None
) -> Response:
    """Answer a refusal in the form that the asker reads."""
    headers = {"Cache-Control": "no-store"}
    if status in (429, 503):
        headers["Retry-After"] = "60"
    if request.url.path.startswith(API):
        error: dict[str, object] = {"type": kind, "message": message}
        if choices:
            error["choices"] = choices
        body = {
            "status": "error", "data": None, "error": error,
            "meta": {"homeroom_version": __version__},
        }  # fmt: skip
        return JSONResponse(body, status, headers)
    answer = render(
        request, "error.html", status=status, title=TITLES.get(status, "Not possible"),
        message=message, choices=choices or [],
    )  # fmt: skip
    answer.headers.update(headers)
    return answer


async def refused(request: Request, error: Exception) -> Response:
    """Show a refusal of Homeroom in its own words; they are written for people."""
    assert isinstance(error, HomeroomError)  # noqa: S101 - registered for nothing else
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    choices = error.choices if isinstance(error, Ambiguous) else []
    message = " ".join(part for part in (str(error)[:_LONGEST], _way_out(request, error)) if part)
    return refusal(request, status, error.kind, message, choices)


def _way_out(request: Request, error: HomeroomError) -> str:
    """Return what a visitor can do about a refusal, or nothing."""
    if isinstance(error, PlaceProblem):
        if request.url.path.startswith(API):
            return "`/api/v1/places?q=NAME` finds places."
        return "Search for a place by name instead."
    if isinstance(error, NotAvailable) and error.wave:
        return f"OCR publishes official files of {error.wave}; whoever runs this site can add them."
    return ""


async def http_error(request: Request, error: Exception) -> Response:
    """Show what the router or the framework refused."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    message = {
        404: "There is nothing at this address. Search for a place by name instead.",
        405: "This address does not take that method.",
    }.get(status, TITLES.get(status, "The request cannot be answered."))
    if status == 404 and request.url.path.startswith(API):
        message = "There is nothing at this address. /api/v1/openapi.json lists those there are."
    kind = {404: "not_found", 405: "method_not_allowed"}.get(status, "refused")
    answer = refusal(request, status, kind, message)
    if isinstance(error, HTTPException) and error.headers:
        answer.headers.update(error.headers)
    return answer


async def crashed(request: Request, _error: Exception) -> Response:
    """Show nothing of an error that nobody foresaw; the log has its type and place."""
    answer = refusal(
        request, 500, "internal", "The fault is on this side and has been noted. Try again later."
    )
    # Starlette makes this answer outside of all middleware.
    settings = request.app.state.settings
    headers = security_headers(
        request.scope,
        behind_proxy=settings.behind_proxy,
        private=request.app.state.private,
        subdomains=settings.hsts_subdomains,
    )
    answer.headers.update(headers)
    return answer


HANDLERS: dict[int | type[Exception], Callable[..., object]] = {
    HomeroomError: refused,
    HTTPException: http_error,
    Exception: crashed,
}
