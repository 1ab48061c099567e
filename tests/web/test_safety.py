"""What comes in from outside: each of these is refused, or shown as the text that it is."""

from __future__ import annotations

import dataclasses
import json
import logging
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

import homeroom
from homeroom.web.app import create_app
from homeroom.web.limits import Buckets
from homeroom.web.settings import Settings, is_loopback

if TYPE_CHECKING:
    from pathlib import Path

XSS = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
TRACES = ("Traceback", "duckdb", "site-packages", ".py", "SELECT ", "homeroom/web")


def make(store: Path, **changes: object) -> TestClient:
    settings = dataclasses.replace(Settings(), **changes)  # type: ignore[arg-type]
    app = create_app(homeroom.open(store), settings)
    return TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/", "/api/v1/places?q=x", "/static/style.css", "/nowhere", "/healthz",
                 "/chart/shootings.svg"):  # fmt: skip
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert "server" not in headers
        assert "set-cookie" not in headers


def test_only_embeds_may_be_framed(client: TestClient) -> None:
    headers = client.get("/embed/rates?place=US-TX").headers
    assert "frame-ancestors *" in headers["content-security-policy"]
    assert "x-frame-options" not in headers


def test_tls_is_insisted_on_only_where_it_is_known(starter_store: Path) -> None:
    asked = {"x-forwarded-proto": "https"}
    with make(starter_store) as plain:
        assert "strict-transport-security" not in plain.get("/about", headers=asked).headers
    with make(starter_store, behind_proxy=True) as behind:
        assert "strict-transport-security" in behind.get("/about", headers=asked).headers
        assert "strict-transport-security" not in behind.get("/about").headers


@pytest.mark.parametrize(
    "path",
    ["/search?q=", "/compare?add=", "/act?use=", "/act?place=", "/api/v1/places?q=",
     "/compare?places=",
     "/claims/check?sentence=", "/chart/curve?claim=", "/claims/", "/api/v1/check?sentence=",
     "/api/v1/act/use?phrase=", "/place/", "/research?intervention=", "/chart/rates?place=",
     "/map?state=", "/safety?item="],
)  # fmt: skip
def test_a_payload_is_text_and_nothing_else(client: TestClient, path: str) -> None:
    from urllib.parse import quote

    answer = client.get(path + quote(XSS, safe=""), follow_redirects=True)
    assert answer.status_code in (200, 400, 404, 422)
    if answer.headers["content-type"].startswith("text/html"):
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
    else:
        assert answer.headers["content-type"].startswith("application/json")


def test_a_hostile_name_in_the_data_is_escaped() -> None:
    from homeroom.web.render import environment, ticks

    made = environment().from_string("{{ name }}|{{ name|ticks }}").render(name=XSS)
    assert "<script" not in made
    assert str(ticks("run `homeroom <x>`")) == "run <code>homeroom &lt;x&gt;</code>"


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/%2e%2e%2fapp.py",
     "/static//etc/passwd", "/place/../../etc/passwd", "/chart/..%2f..%2fetc%2fpasswd.svg",
     "/static/....//app.py", "/static/%00", "/data/../../pyproject.toml"],
)  # fmt: skip
def test_no_path_leads_out(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (400, 404, 405)
    assert "import" not in answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "value", ["US%0d%0aSet-Cookie:%20a=b", "US%0aX-Evil:%201", "US%00", "lea:4808940%0d%0a"]
)
def test_no_header_can_be_written_from_outside(client: TestClient, value: str) -> None:
    for path in (f"/place/{value}", f"/search?q={value}", f"/chart/rates.svg?place={value}"):
        answer = client.get(path, follow_redirects=False)
        assert "set-cookie" not in answer.headers
        assert "x-evil" not in answer.headers
        assert answer.status_code < 500


def test_a_foreign_host_name_is_refused_and_never_linked(client: TestClient) -> None:
    answer = client.get("/about", headers={"host": "evil.example"})
    assert answer.status_code == 421
    assert "evil.example" not in answer.text
    forwarded = client.get("/about", headers={"x-forwarded-host": "evil.example"})
    assert "evil.example" not in forwarded.text


def test_a_long_address_and_a_large_body_are_refused(client: TestClient) -> None:
    assert client.get("/search?q=" + "a" * 5000).status_code == 414
    assert client.post("/", content=b"x" * 100_000).status_code == 413
    assert client.get("/about", headers={"content-length": "-1"}).status_code == 413
    assert client.post("/about").status_code == 405


def test_a_body_that_hides_its_length_is_cut_off(starter_store: Path) -> None:
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    async def read(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    app = create_app(homeroom.open(starter_store))
    app.router.routes.insert(0, Route("/read", read, methods=["POST"]))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        parts = (b"x" * 10_000 for _ in range(20))
        assert client.post("/read", content=parts).status_code == 413
        assert client.post("/read", content=b"abc").text == "3"


def test_an_answer_that_takes_too_long_is_given_up(starter_store: Path) -> None:
    import asyncio

    from starlette.routing import Route

    async def sleep(_request: object) -> None:
        await asyncio.sleep(5)

    app = create_app(homeroom.open(starter_store), Settings(seconds=0.1))
    app.router.routes.insert(0, Route("/sleep", sleep))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        answer = client.get("/sleep")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"


def test_costly_routes_are_limited_by_client(starter_store: Path) -> None:
    with make(starter_store, costly_per_minute=3) as client:
        codes = [client.get("/chart/shootings").status_code for _ in range(5)]
        assert codes == [200, 200, 200, 429, 429]
        assert client.get("/about").status_code == 200


def test_buckets_refill_and_forget() -> None:
    buckets = Buckets(60)
    assert all(buckets.take("a", now=0.0) for _ in range(60))
    assert not buckets.take("a", now=0.0)
    assert buckets.take("a", now=1.5)
    assert buckets.take("b", now=0.0)


def test_a_client_cannot_choose_its_bucket_without_a_proxy(starter_store: Path) -> None:
    with make(starter_store, costly_per_minute=1) as client:
        codes = [
            client.get("/chart/shootings", headers={"x-forwarded-for": f"10.0.0.{n}"}).status_code
            for n in range(3)
        ]
    assert codes == [200, 429, 429]


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/place/lea:9999999", "/place/nonsense", "/api/v1/nowhere", "/api/v1/places",
     "/api/v1/rates?measure=nonsense", "/api/v1/places/lea:9999999", "/chart/nonsense.svg",
     "/api/v1/rates?wave=1999-00", "/chart/rates.svg?place=lea:9999999", "/chart/rates.exe",
     "/research?intervention=nonsense", "/act?version=nonsense", "/place/school:999999999999"],
)  # fmt: skip
def test_a_refusal_names_no_internals(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (400, 404)
    assert [trace for trace in TRACES if trace in answer.text] == []


def test_a_fault_shows_nothing_and_logs_no_person(
    starter_store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from starlette.routing import Route

    async def fail(_request: object) -> None:
        raise RuntimeError("secret path /etc/secret")

    app = create_app(homeroom.open(starter_store))
    app.router.routes.insert(0, Route("/fail", fail))
    logger = logging.getLogger("homeroom.web")
    logger.propagate = True
    with (
        caplog.at_level(logging.INFO, "homeroom.web"),
        TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client,
    ):
        answer = client.get("/fail?who=somebody", headers={"user-agent": "an agent"})
        client.get("/search?q=my+child+in+austin")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    lines = [record.getMessage() for record in caplog.records if record.name == "homeroom.web"]
    assert json.loads(lines[0])["fault"].startswith("RuntimeError in fail")
    assert not any(
        word in line for line in lines for word in ("somebody", "my+child", "testclient", "secret")
    )


def test_a_page_ignores_strange_parameters_and_the_api_refuses_them(client: TestClient) -> None:
    assert client.get("/place/US?utm_source=x").status_code == 200
    answer = client.get("/api/v1/rates?mesure=arrests")
    assert answer.status_code == 400
    assert "mesure" in answer.json()["error"]["message"]


def test_loopback_is_told_from_the_world() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost")] == [True] * 3
    assert [is_loopback(host) for host in ("0.0.0.0", "10.0.0.1", "example.org")] == [False] * 3  # noqa: S104


def test_the_web_has_no_sql() -> None:
    from pathlib import Path as Folder

    import homeroom.web

    folder = Folder(homeroom.web.__file__).parent
    found = [
        path.name
        for path in folder.rglob("*.py")
        if any(word in path.read_text() for word in ("SELECT ", ".execute(", ".sql("))
    ]
    assert found == []
