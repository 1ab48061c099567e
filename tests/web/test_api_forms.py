"""Forms, methods and pages of the API, as a program meets them."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import polars as pl
import pytest

from homeroom.web.api.negotiation import wanted
from homeroom.web.api.table import endpoints

from .test_api import example

if TYPE_CHECKING:
    from starlette.testclient import TestClient

RATES = "/api/v1/rates?by=race"
PARQUET = "application/vnd.apache.parquet"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "json"), ("*/*", "json"), ("application/json", "json"), ("text/csv", "csv"),
        (PARQUET, "parquet"), ("text/html,application/xhtml+xml,*/*;q=0.8", "json"),
        ("text/csv, application/json", "json"), ("text/csv;q=0.9, application/json;q=0.1", "csv"),
        ("text/csv;q=0", "json"), ("text/csv;q=lots", "json"), ("TEXT/CSV , */*;q=0.1", "csv"),
        (";;,,q=", "json"),
    ],
)  # fmt: skip
def test_the_accept_header_names_a_form(accept: str, form: str) -> None:
    assert wanted(accept) == form


def test_a_form_asked_for_in_a_header_is_that_of_the_address(client: TestClient) -> None:
    for media, form in (("text/csv", "csv"), (PARQUET, "parquet")):
        asked = client.get(RATES, headers={"accept": media})
        named = client.get(f"{RATES}&format={form}")
        assert asked.headers["content-type"].startswith(media)
        assert asked.content == named.content
        assert asked.headers["etag"] == named.headers["etag"]
    plain = client.get(RATES)
    assert plain.json()["status"] == "ok"  # what was kept for one form is not given for another
    both = client.get(f"{RATES}&format=json", headers={"accept": "text/csv"})
    assert both.json() == plain.json() | {"meta": both.json()["meta"]}


@pytest.mark.parametrize("address", [RATES, f"{RATES}&format=parquet", "/place/US-TX", "/about"])
def test_caches_are_told_once_what_an_answer_depends_on(client: TestClient, address: str) -> None:
    for encoding in ("gzip", "identity"):
        answer = client.get(address, headers={"accept-encoding": encoding})
        vary = [part.strip() for part in answer.headers["vary"].split(",")]
        packed = set() if "parquet" in address else {"Accept-Encoding"}  # packed already
        expected = packed | ({"Accept"} if "/api/" in address else set())
        assert sorted(vary) == sorted(expected)


@pytest.mark.parametrize("endpoint", endpoints(), ids=lambda one: one.id)
def test_each_endpoint_says_which_methods_it_takes(client: TestClient, endpoint: object) -> None:
    address = example(endpoint)
    options = client.options(address)
    assert (options.status_code, options.content) == (204, b"")
    allowed = set(options.headers["allow"].split(", "))
    assert allowed == ({"GET", "HEAD", "OPTIONS"} if endpoint.method == "GET" else
                       {"POST", "OPTIONS"})  # fmt: skip
    refused = client.delete(address)
    assert refused.status_code == 405
    assert set(refused.headers["allow"].split(", ")) == allowed
    assert refused.json()["error"]["type"] == "method_not_allowed"


def test_a_head_is_a_get_without_its_body(client: TestClient) -> None:
    whole, head = client.get(RATES), client.head(RATES)
    assert head.content == b""
    for name in ("etag", "content-type", "cache-control"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize("path", ["/api/v1/nowhere", "/api/v2/rates", "/api/v1/"])
def test_an_address_that_is_not_there_is_refused_in_the_envelope(
    client: TestClient, path: str
) -> None:
    answer = client.get(path, follow_redirects=False)
    assert answer.status_code == 404
    body = answer.json()
    assert list(body) == ["status", "data", "error", "meta"]
    assert body["error"]["type"] == "not_found"
    assert "openapi.json" in body["error"]["message"]


def test_places_found_have_next_pages_that_join(client: TestClient) -> None:
    whole = client.get("/api/v1/places?q=austin&limit=9").json()
    rows, address = [], "/api/v1/places?q=austin&limit=3"
    for _ in range(3):
        body = client.get(address).json()
        assert len(body["data"]) == 3
        assert "total" not in body["meta"]
        rows += body["data"]
        address = body["meta"]["next"]
    assert rows == whole["data"]
    last = client.get("/api/v1/places?q=a&limit=100&offset=300").json()
    assert "next" not in last["meta"]  # no address that would be refused


def test_a_file_is_the_whole_table_unless_rows_were_asked_for(client: TestClient) -> None:
    total = client.get("/api/v1/files?limit=1").json()["meta"]["total"]
    for query, rows in (("", total), ("&limit=5", 5), ("&limit=5&offset=3", 5),
                        (f"&offset={total - 2}", 2)):  # fmt: skip
        found = client.get(f"/api/v1/files?format=parquet{query}")
        assert len(pl.read_parquet(io.BytesIO(found.content))) == rows
    text = client.get("/api/v1/places?q=austin&limit=4&format=csv").text
    assert len(text.strip().splitlines()) == 5


def test_parameters_are_named_as_on_the_command_line(client: TestClient) -> None:
    """What an option of the command is called, the API calls it too."""
    from click import Argument, Context, Option

    from homeroom.cli.main import cli

    document = client.get("/api/v1/openapi.json").json()
    checked = 0
    for path, methods in document["paths"].items():
        for operation in methods.values():
            said = re.search(r"`homeroom ([a-z]+)[^`]*`", operation.get("description", ""))
            if not said or said[1] not in ("rate", "staff", "ratio", "find"):
                continue
            command = cli.get_command(Context(cli), said[1])
            options = {
                name.lstrip("-").replace("-", "_")
                for one in command.params
                if isinstance(one, Option | Argument)
                for name in (*one.opts, *one.secondary_opts, one.name)
            }
            asked = {p["name"] for p in operation["parameters"]} - {
                "limit",
                "offset",
                "format",
                "data_version",
                "q",
            }
            assert asked <= options, (path, asked - options)
            checked += 1
    assert checked == 4
