"""The API asked what nobody would ask, from its own document."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from homeroom.web.api.openapi import BASE
from homeroom.web.api.table import endpoints

from .conftest import BASE as HOST

if TYPE_CHECKING:
    from starlette.testclient import TestClient

EXAMPLES = 15
LEAKS = re.compile(
    r"Traceback|File \"|site-packages|\.duckdb|\.py\b|SELECT .{0,200}FROM|duckdb\.|polars\.|"
    r"\w+(Exception|Error):|0x[0-9a-f]{8}|" + re.escape(str(Path.home())) + "|/tmp/"
)
JUDGED = {
    "/rates": "by joins names with commas; a basis has not every measure",
    "/places/{id}": "a place is looked up by its name",
    "/places/{id}/estimate": "a place is looked up by its name; two groups must differ",
    "/removals/waves": "an event of a whole state is of no district",
    "/ratio": "groups are pooled and crossed",
    "/disparities": "by joins names with commas; a level has places of its own",
    "/staff": "a place is looked up by its name",
    "/trend": "a place is looked up by its name",
    "/gaps": "a place is looked up by its name",
    "/officers": "a place is looked up by its name",
    "/peers": "the nation has none",
    "/panel": "measures and waves join names with commas",
    "/check": "a sentence is read",
    "/act/provisions": "a version is a year or an id",
    "/act/allocation": "the shares add up to a hundred",
    "/act/check": "days are read",
    "/act/use": "a phrase is read",
    "/act/diff": "a version is a year or an id",
    "/research": "studies have topics of their own",
    "/research/synthesis": "studies have topics of their own",
    "/research/summary": "interventions and outcomes are those of the library",
    "/plans": "a plan is read",
    "/survey": "a question or a theme, not both",
}
"""Where the document cannot say everything that the reader refuses."""
NASTY = (
    "' OR '1'='1", "'; DROP TABLE place; --", '" UNION SELECT * FROM meta --', "%27%22", "{{7*7}}",
    "${7*7}", "../../../../etc/passwd", "..\\..\\boot.ini", "file:///etc/passwd", "/dev/zero",
    "\u202egnp.evil", "\ufeff", "\U0001f9d1\u200d\U0001f3eb" * 30, "a" * 199, "(" * 150, "%s%n%x",
    "nan", "-1", "1e309", "9" * 40, "\u0661\u0660", "1_000", "0x10", "true", "null", "[]", "{}",
    "*", "_", "%", "\\", "\\u0000", "a\x00b", "lea:", "school:", "US-", "lea:48089400",
    "black/" * 30, "+" * 50, "black+" * 20 + "white", "1" * 11, "(a+)+$" * 20,
)  # fmt: skip


@pytest.fixture(scope="module")
def document(client: TestClient) -> Any:
    """The site's own document."""
    return schemathesis.openapi.from_dict(client.get(f"{BASE}/openapi.json").json())


def send(client: TestClient, case: Any) -> Any:
    """Ask what schemathesis thought of; its own client would close the store after each test."""
    asked = case.as_transport_kwargs(base_url=HOST + BASE)
    known = ("method", "url", "params", "headers", "json", "data")
    given = {name: asked[name] for name in known if asked.get(name) is not None}
    if isinstance(given.get("data"), bytes | str):
        given["content"] = given.pop("data")
    return client.request(**given)


def leaks(answer: Any) -> list[str]:
    """Return what of a machine's inside an answer shows."""
    found = LEAKS.findall(answer.text) if _is_text(answer) else []
    return [*found, *(name for name in ("server", "x-powered-by") if name in answer.headers)]


def _is_text(answer: Any) -> bool:
    return "parquet" not in answer.headers.get("content-type", "")


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda one: one.value)
@pytest.mark.parametrize("endpoint", endpoints(), ids=lambda one: one.id)
def test_an_endpoint_keeps_to_its_document(
    client: TestClient, document: Any, endpoint: Any, mode: GenerationMode
) -> None:
    load_all_checks()
    operation = document[endpoint.path][endpoint.method]
    excluded = [CHECKS.get_one("positive_data_acceptance")] if endpoint.path in JUDGED else []
    asked = 0

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        nonlocal asked
        asked += 1
        answer = send(client, case)
        if answer.status_code in (410, 414):
            return  # of no parameter: the address is too long as a whole
        case.validate_response(answer, excluded_checks=excluded)
        assert leaks(answer) == []
        if answer.status_code == 400:
            assert answer.json()["error"]["type"] == "bad_input"
        if not _is_text(answer):
            pl.read_parquet(io.BytesIO(answer.content))

    try:
        ask()
    except Unsatisfiable:
        # What takes no parameter cannot be asked wrongly.
        assert not endpoint.every
        return
    assert asked >= (EXAMPLES if endpoint.every else 1)


@pytest.mark.parametrize("endpoint", endpoints(), ids=lambda one: one.id)
def test_text_made_to_do_harm_is_only_text(client: TestClient, endpoint: Any) -> None:
    usual = {p.name: str(p.example) for p in endpoint.every if p.required}
    for parameter in endpoint.every:
        for text in NASTY:
            values = usual | {parameter.name: text}
            path = endpoint.path
            for one in endpoint.every:
                if one.within == "path":
                    path = path.replace(f"{{{one.name}}}", _quoted(values.pop(one.name)))
            answer = client.request(endpoint.method, BASE + path, params=values)
            assert answer.status_code in (200, 400, 404, 405, 422), (parameter.name, text)
            shown = answer.text.replace(json.dumps(text)[1:-1], "").replace(text, "")
            if answer.status_code != 200:
                assert LEAKS.findall(shown) == [], (parameter.name, text)
                assert len(answer.content) < 4_000
            assert "root:" not in answer.text


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_another_method_is_refused_in_the_envelope(client: TestClient, method: str) -> None:
    taken = {one.path for one in endpoints() if one.method == method}
    for endpoint in endpoints():
        if endpoint.path in taken or "{" in endpoint.path:
            continue
        answer = client.request(method, BASE + endpoint.path)
        assert answer.status_code == 405, endpoint.path
        assert answer.json()["error"]["type"] == "method_not_allowed"
        assert "GET" in answer.headers["allow"] or endpoint.method != "GET"


def test_a_pasted_line_break_is_a_space(client: TestClient) -> None:
    broken = client.get("/api/v1/places?q=austin%0D%0A%20isd").json()
    assert broken["data"][0]["id"] == "lea:4808940"
    assert client.get("/api/v1/places?q=austin%00isd").status_code == 400


@pytest.mark.parametrize("query", ["wave=", "format=", "limit=", "limit=1_0", "limit=%D9%A1"])
def test_an_empty_choice_and_a_strange_number_are_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/api/v1/staff?{query}").status_code == 400
