"""Whether a form was sent from one of the site's own pages, and by whoever was shown it."""

from __future__ import annotations

import hmac
from urllib.parse import parse_qs

from starlette.requests import Request

TOKEN = "token"  # noqa: S105 - the field's name


async def is_ours(request: Request, token: str) -> bool:
    """Return whether a POST comes from a page of this site that holds ``token``.

    Browsers say where a form was sent from (``Origin``, ``Sec-Fetch-Site``); what they say must be
    this site. The token, which only pages of this site show, holds where they say nothing.
    """
    headers = request.headers
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    own = f"{request.url.scheme}://{headers.get('host', '')}"
    if headers.get("origin", own) != own:
        return False
    body = (await request.body()).decode("utf-8", "replace")
    sent = parse_qs(body, max_num_fields=10).get(TOKEN, [""])[0]
    return hmac.compare_digest(sent.encode(), token.encode())
