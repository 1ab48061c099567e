"""Forms with a file, read in memory."""

from __future__ import annotations

from starlette.formparsers import MultiPartParser


class InMemory(MultiPartParser):
    """Starlette's parser, which writes nothing to disk: the limit of a body is far below."""

    spool_max_size = 50_000_000
