"""Security headers on every answer; only pages made for embedding may be framed.

Of confidential records no page may be framed, and no answer kept.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from homeroom.web.open_data import open_headers

EMBED = "/embed/"
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors "
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_HSTS = "max-age=31536000"
_SUBDOMAINS = "; includeSubDomains"


class SecurityHeaders:
    """ASGI middleware that adds the headers.

    Over TLS it asks browsers to stay there. The scheme is the connection's own, or the one that a
    trusted proxy names.
    """

    def __init__(
        self, app: ASGIApp, *, behind_proxy: bool = False, private: bool = False,
        subdomains: bool = True,
    ) -> None:  # fmt: skip
        self.app, self.subdomains = app, subdomains
        self.behind_proxy, self.private = behind_proxy, private

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        added = security_headers(
            scope, behind_proxy=self.behind_proxy, private=self.private, subdomains=self.subdomains
        )

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers[name] = value
            await send(message)

        await self.app(scope, receive, with_headers)


def security_headers(
    scope: Scope, *, behind_proxy: bool = False, private: bool = False, subdomains: bool = True
) -> dict[str, str]:
    """Return the headers of an answer to a request."""
    found = dict(_ALWAYS)
    if private:
        found["Cache-Control"] = "no-store"
    if scope["path"].startswith(EMBED) and not private:
        found["Content-Security-Policy"] = _POLICY + "*"
    else:
        found["Content-Security-Policy"] = _POLICY + "'none'"
        found["X-Frame-Options"] = "DENY"
    found["Cross-Origin-Resource-Policy"] = "same-origin"
    if not private:
        found |= open_headers(scope["path"])
    if _over_tls(scope, behind_proxy=behind_proxy):
        found["Strict-Transport-Security"] = _HSTS + (_SUBDOMAINS if subdomains else "")
    return found


def _over_tls(scope: Scope, *, behind_proxy: bool) -> bool:
    if behind_proxy:
        named = Headers(scope=scope).get("x-forwarded-proto", "")
        if named:
            return named.split(",")[0].strip().lower() == "https"
    return bool(scope.get("scheme") == "https")
