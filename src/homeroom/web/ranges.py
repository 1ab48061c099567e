"""Parts of an answer: what a reader of Parquet or CSV asks for instead of the whole file.

RFC 9110, section 14. One range is served; of several ranges, or of a range that is none, the whole
answer is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import Response

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


def part_of(
    asked: Headers, method: str, body: bytes, etag: str, headers: Mapping[str, str]
) -> Response | None:
    """Return the part of a body that a request asks for, or None where it gets the whole.

    Parameters
    ----------
    asked
        Headers of the request: ``Range``, and ``If-Range`` with the tag of what the asker has.
    headers
        Those that go with the answer.
    """
    found = _RANGE.fullmatch(asked.get("range", "").strip())
    held = asked.get("if-range")
    if method != "GET" or found is None or not any(found.groups()) or held not in (None, etag):
        return None
    first, last = found.groups()
    size = len(body)
    if first:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
        if last and int(last) < int(first):
            return None
    else:
        start, end = max(size - int(last), 0), size - 1
    if start >= size or start > end:
        return Response(status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    told = {**headers, "Content-Range": f"bytes {start}-{end}/{size}"}
    return Response(body[start : end + 1], status_code=206, headers=told)
