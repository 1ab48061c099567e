"""Confidential records are served to this machine, or not at all."""

from __future__ import annotations

import dataclasses
import os
import shutil
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest
from starlette.testclient import TestClient

import homeroom
from homeroom.errors import Confidential
from homeroom.evidence import store as stores
from homeroom.web.app import create_app
from homeroom.web.settings import Settings

from .serving import Served, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE = ("127.0.0.1", 50_000)
PATHS = (
    "/", "/place/US-TX", "/search?q=austin", "/api/v1/rates", "/api/v1/rates?format=csv", "/readyz",
    "/healthz", "/static/style.css", "/nowhere", "/api/v1/nowhere", "/chart/shootings.svg",
    "/embed/rates?place=US-TX", "/api/v1/openapi.json", "/place/US-TX?wave=no",
)  # fmt: skip


def marked(path: Path, folder: Path, *statements: str) -> Path:
    """Return a copy of a store with a changed mark."""
    made = folder / "marked.duckdb"
    shutil.copyfile(path, made)
    with duckdb.connect(str(made)) as con:
        for statement in statements:
            con.execute(statement)
    return made


@pytest.fixture(scope="module")
def records(starter_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("records")
    return marked(
        starter_store, folder, "UPDATE meta SET value = 'confidential' WHERE key = 'access'"
    )


@pytest.fixture(scope="module")
def site(records: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    # A cold first page takes seconds on a busy machine: the command's own limit holds.
    log = tmp_path_factory.mktemp("served") / "log.txt"
    with served(records, log, seconds=Settings().seconds) as made:
        yield made


def test_a_build_from_public_files_says_so(starter_store: Path) -> None:
    with homeroom.open(starter_store) as room:
        assert room.meta["access"] == "public"
        assert room.access == "public"


@pytest.mark.parametrize(
    ("statement", "access"),
    [
        ("UPDATE meta SET value = 'confidential' WHERE key = 'access'", "confidential"),
        ("UPDATE meta SET value = 'Public' WHERE key = 'access'", "confidential"),
        ("UPDATE meta SET value = '' WHERE key = 'access'", "confidential"),
        ("DELETE FROM meta WHERE key = 'access'", "confidential"),
    ],
)
def test_only_what_says_public_is_public(
    starter_store: Path, tmp_path: Path, statement: str, access: str
) -> None:
    with homeroom.open(marked(starter_store, tmp_path, statement)) as room:
        assert room.access == access


def test_a_store_without_the_mark_is_confidential() -> None:
    assert stores.access({"schema_version": "2"}) == "confidential"
    assert stores.access({}) == "confidential"


ELSEWHERE = {
    "every address": ["--host", "0.0.0.0"],  # noqa: S104 - it must not listen
    "every address of IPv6": ["--host", "::"],
    "an address of the network": ["--host", "192.0.2.7"],
    "a name": ["--host", "school.example"],
    "a public address": ["--public-url", "https://homeroom.example"],
    "a name that only looks local": ["--public-url", "https://localhost.example"],
    "a proxy": ["--behind-proxy"],
    "a public store's way to the world": [
        "--behind-proxy", "--public-url", "https://homeroom.example"
    ],
}  # fmt: skip


@pytest.mark.parametrize("door", ELSEWHERE)
def test_the_command_refuses_before_it_listens(records: Path, door: str) -> None:
    """The port is taken: a command that tried to listen would complain of that instead."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "homeroom", "serve", "--port", port, *ELSEWHERE[door]],
            env={**os.environ, "HOMEROOM_STORE": str(records)}, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == Confidential.exit_code == 4
    said = " ".join(done.stderr.split())
    for part in ("expected a store of public data", "found one that is not", "confidential",
                 ELSEWHERE[door][0], "--host 127.0.0.1", "HOMEROOM_STORE"):  # fmt: skip
        assert part in said
    assert "Traceback" not in said
    assert "Homeroom is at" not in done.stdout


@pytest.mark.parametrize(
    "changes",
    [{"host": "0.0.0.0"}, {"public_url": "https://homeroom.example"}, {"behind_proxy": True},  # noqa: S104
     {"host": ""}, {"public_url": ""}],
)  # fmt: skip
def test_no_other_door_forgets_the_gate(records: Path, changes: dict[str, object]) -> None:
    settings = dataclasses.replace(Settings(), **changes)  # type: ignore[arg-type]
    with homeroom.open(records) as room, pytest.raises(Confidential, match="records are conf"):
        create_app(room, settings)


def test_this_machine_is_served_and_told(site: Served) -> None:
    answer = site.request("GET", "/place/US-TX")
    assert answer.startswith(b"HTTP/1.1 200")
    assert "confidential records" in site.log.read_text()


def test_no_answer_may_be_kept_by_anyone(site: Served) -> None:
    for path in (*PATHS, "/place/US-TX"):
        for method in ("GET", "HEAD", "PUT"):
            head = site.request(method, path).partition(b"\r\n\r\n")[0].lower()
            assert head.count(b"cache-control:") == 1, (method, path)
            assert b"cache-control: no-store" in head
            assert b"public" not in head
            assert b"frame-ancestors 'none'" in head
            assert b"cross-origin-resource-policy: same-origin" in head
            assert b"access-control-allow" not in head
    assert b"cache-control: no-store" in site.talk(b"no http\r\n\r\n").lower()


def test_no_other_site_reads_confidential_records(site: Served) -> None:
    asks = ("Origin: https://paper.example", "Access-Control-Request-Method: GET")
    for path in ("/api/v1/places/US-TX", "/chart/rates.png?place=US-TX", "/tables/place.parquet",
                 "/datapackage.json"):  # fmt: skip
        for method, headers in (("GET", asks[:1]), ("OPTIONS", asks)):
            head = site.request(method, path, *headers).partition(b"\r\n\r\n")[0].lower()
            assert b"access-control-allow" not in head, (method, path)
            assert b"cross-origin-resource-policy: same-origin" in head
    for path in ("/tables/place.parquet", "/datapackage.json", "/croissant.json"):
        assert site.request("GET", path).startswith(b"HTTP/1.1 404"), path


def test_a_proxy_or_a_stranger_is_turned_away(site: Served) -> None:
    for header in ("X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9", "Via: 1.1 proxy",
                   "X-Real-IP: 203.0.113.9", "X-Forwarded-Proto: https",
                   "CF-Connecting-IP: 203.0.113.9", "X-Client-IP: 203.0.113.9",
                   "X-Forwarded-Server: a", "True-Client-IP: 203.0.113.9", "CDN-Loop: cloudflare",
                   "Ngrok-Trace-Id: 1", "X-Something-Unheard-Of: 1"):  # fmt: skip
        for path in ("/place/US-TX", "/api/v1/places/US-TX"):
            answer = site.request("GET", path, header)
            assert answer.startswith(b"HTTP/1.1 403"), header
            assert b"Texas" not in answer
    assert site.request("GET", "/", "Host: evil.example")[:12] == b"HTTP/1.1 400"


def test_the_application_listening_elsewhere_shows_nothing(records: Path) -> None:
    app = create_app(homeroom.open(records))
    with TestClient(app, base_url="http://127.0.0.1:8000", client=("192.0.2.7", 50_000)) as far:
        answer = far.get("/api/v1/places/US-TX")
        assert answer.status_code == 403
        assert answer.json()["error"]["type"] == "confidential"
        assert "Texas" not in far.get("/place/US-TX").text


def test_no_answer_is_held_in_memory(records: Path) -> None:
    app = create_app(homeroom.open(records))
    with TestClient(app, base_url="http://127.0.0.1:8000", client=HERE) as near:
        first, again = near.get("/place/US-TX"), near.get("/place/US-TX")
        assert first.status_code == again.status_code == 200
        assert first.text == again.text
        assert len(app.state.cache) == 0


def test_public_data_are_kept_as_before(client: TestClient) -> None:
    assert client.get("/place/US-TX").headers["cache-control"] == "public, max-age=300"
