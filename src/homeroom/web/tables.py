"""Whole tables at addresses of their own, and what describes them to programs.

A file is written when it is first asked for, and kept in a folder of this process until the store
changes or the process ends. Readers of Parquet fetch parts of it by range.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from homeroom.api import Homeroom
from homeroom.evidence.keyed_cache import KeyedCache
from homeroom.report.data_file import file_name
from homeroom.report.data_package import croissant, data_package
from homeroom.report.table_files import FORMS, about_table, open_tables, write_table
from homeroom.web.cache import kept, other_version
from homeroom.web.citation import plain
from homeroom.web.open_data import PARQUET, links
from homeroom.web.threads import run_in_threadpool

MEDIA = {"parquet": PARQUET, "csv.gz": "application/gzip"}


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file that was written."""

    path: Path
    digest: bytes

    @property
    def etag(self) -> str:
        """Tag of these bytes."""
        return f'"{self.digest.hex()[:24]}"'


class TableFiles:
    """The files of one open store's tables, each written once."""

    def __init__(self, room: Homeroom) -> None:
        self.room = room
        self._made = KeyedCache()
        self._folder: Path | None = None
        self._lock = threading.Lock()

    def file(self, name: str, form: str, citation: str) -> TableFile:
        """Return a table's file; who asks for it meanwhile waits and shares it."""
        return self._made.get((name, form), lambda: self._write(name, form, citation))

    def _write(self, name: str, form: str, citation: str) -> TableFile:
        with self._lock:
            if self._folder is None:
                self._folder = Path(tempfile.mkdtemp(prefix="homeroom-tables-"))
        path, table = self._folder / f"{name}.{form}", open_tables()[name]
        draft = path.with_name(f".{path.name}")
        write_table(self.room.store, name, form, about_table(self.room.store, table, citation),
                    draft)  # fmt: skip
        draft.replace(path)
        with path.open("rb") as stream:
            return TableFile(path, hashlib.file_digest(stream, "sha256").digest())

    def close(self) -> None:
        """Take the files away."""
        with self._lock:
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)


def routes() -> list[Route]:
    """Return the routes of the tables and of their descriptions."""
    return [
        Route("/tables/{file}", table),
        Route("/datapackage.json", kept(_described(data_package))),
        Route("/croissant.json", kept(_described(croissant))),
    ]


async def table(request: Request) -> Response:
    """Return a table as a file, or the part of it that is asked for."""
    name, _, form = request.path_params["file"].partition(".")
    if (name, form) == ("datapackage", "json"):  # where a reader of packages looks for it
        return await kept(_described(data_package))(request)
    if name not in open_tables() or form not in FORMS:
        raise HTTPException(404)
    if outdated := other_version(request):
        return outdated
    state = request.app.state
    meta, files = state.room.meta, state.tables
    cited = plain(state.settings, request, meta, open_tables()[name].doc)
    found = await run_in_threadpool(files.file, name, form, cited)
    headers = {
        "ETag": found.etag, "Cache-Control": "public, max-age=300",
        "X-Homeroom-Data-Version": meta["data_version"],
        "Repr-Digest": f"sha-256=:{base64.b64encode(found.digest).decode()}:",
        "Link": links(request, *_forms(request, name, form)),
    }  # fmt: skip
    if request.headers.get("if-none-match", "") in (found.etag, f"W/{found.etag}", "*"):
        return Response(status_code=304, headers=headers)
    about = about_table(state.room.store, open_tables()[name], cited)
    return FileResponse(
        found.path, headers=headers, media_type=MEDIA[form],
        filename=file_name(name, about, form), content_disposition_type="attachment",
    )  # fmt: skip


def _forms(request: Request, name: str, form: str) -> list[str]:
    site = request.app.state.settings.public_url.rstrip("/")
    return [
        f'<{site}/tables/{name}.{other}>; rel="alternate"; type="{MEDIA[other]}"'
        for other in FORMS if other != form
    ]  # fmt: skip


def _described(make: Callable[[str, Mapping[str, str]], dict[str, Any]]) -> Any:
    async def answer(request: Request) -> Response:
        state = request.app.state
        body = make(state.settings.public_url.rstrip("/"), state.room.meta)
        return Response(json.dumps(body, indent=1), media_type="application/json")

    return answer
