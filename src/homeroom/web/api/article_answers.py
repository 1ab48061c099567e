"""A whole text over the API: what ``homeroom article`` prints as JSON."""

from __future__ import annotations

import json

from homeroom.errors import BadInput
from homeroom.web.api.endpoint import Endpoint, Payload
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Read


def posted(cache: PageCache, body: bytes, kind: str) -> Payload:
    """Check the text of a request's body of some content type; nothing of it is kept."""
    return Payload(document=cache.room.article(_text(body, kind)).as_dict())


def _text(body: bytes, kind: str) -> str | bytes:
    """Return the text of ``{"text": ...}``, or the body itself as a file."""
    if kind != "application/json" and not body.lstrip().startswith(b"{"):
        return body
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput('body: expected JSON as {"text": "..."}, or a file.') from error
    if not isinstance(given, dict) or list(given) != ["text"] or not isinstance(given["text"], str):
        raise BadInput('body: expected JSON as {"text": "..."} and nothing else, or a file.')
    return str(given["text"])


def _unused(_cache: PageCache, _read: Read) -> Payload:
    raise AssertionError


BODY = {
    "type": "object",
    "additionalProperties": False,
    "required": ["text"],
    "properties": {
        "text": {
            "type": "string", "minLength": 1, "maxLength": 50_000,
            "description": "Text or HTML. A PDF or DOCX file is sent as the body itself.",
        },
    },
    "example": {
        "text": "Black students are arrested at six times the rate of white students, he said."
    },
}  # fmt: skip
ENDPOINTS = (
    Endpoint("/article", "Every claim in a text, with its place, its speaker, and what holds; "
             "nothing of the text is kept", _unused, tabular=False, method="POST",
             command="homeroom article", posted=posted, body=BODY),
)  # fmt: skip
