"""Hostile bytes over real sockets, to the server that `homeroom serve` starts."""

from __future__ import annotations

import gzip
import json
import re
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from justhtml import JustHTML
from starlette.testclient import TestClient

import crdc_factory
import homeroom
from homeroom.evidence.build import build
from homeroom.web import protocol
from homeroom.web.app import create_app
from homeroom.web.settings import Settings

from .serving import Served, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

XSS = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{7*7}}</title>"
SECRETS = (b"root:", b"import annotations", b"[project]", b"Traceback", b"site-packages")


@pytest.fixture(scope="module")
def site(starter_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(starter_store, tmp_path_factory.mktemp("served") / "log.txt") as made:
        yield made


def status(answer: bytes) -> int:
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    assert found, answer[:200]
    return int(found[1])


def head_of(answer: bytes) -> dict[str, str]:
    lines = answer.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    pairs = [line.partition(":") for line in lines]
    return {name.lower(): value.strip() for name, _, value in pairs}


def check_refusal(answer: bytes, *expected: int) -> None:
    assert status(answer) in expected
    policy = head_of(answer)["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert [secret for secret in SECRETS if secret in answer] == []


def alive(site: Served) -> bool:
    return b'{"status":"alive"}' in site.request("GET", "/healthz")


UP = ("..", "%2e%2e", ".%2e", "%2E.", "..%00", "%252e%252e", "..;", "%c0%ae%c0%ae", "....",
      "..%5c", "%u002e%u002e", "..%2f..")  # fmt: skip


@pytest.mark.parametrize("up", UP)
@pytest.mark.parametrize("slash", ["/", "%2f", "%5c", "//", "/./"])
def test_no_way_leads_out_of_the_site(site: Served, up: str, slash: str) -> None:
    for base in ("/static/", "/", "/chart/", "/place/", "/brief/", "/claims/", "/api/v1/places/"):
        for target in ("etc/passwd", "pyproject.toml", "app.py"):
            answer = site.request("GET", f"{base}{slash.join([up] * 6)}{slash}{target}")
            check_refusal(answer, 400, 404, 405)


@pytest.mark.parametrize(
    "injected",
    ["%0d%0aSet-Cookie:%20stolen=1", "%0aX-Evil:%201", "%0d%0a%0d%0a<script>alert(1)</script>",
     "%E5%98%8A%E5%98%8DSet-Cookie:%20stolen=1", "%23%0dX-Evil:%201"],
)  # fmt: skip
def test_no_header_is_written_from_outside(site: Served, injected: str) -> None:
    for path in (
        "/place/us-tx{}", "/search?q=austin+isd{}", "/search?q={}", "/claims/check?sentence={}",
        "/claims/check?sentence=six-times{}", "/chart/rates.svg?place=US{}", "/chart/rates{}.csv",
        "/brief/US-TX{}.html", "/api/v1/rates?format=csv{}", "/{}", "/api/v1/check?sentence={}",
        "/plan?name={}&place=lea:4808940", "/static/{}",
    ):  # fmt: skip
        answer = site.request("GET", path.format(injected))
        head, _, body = answer.partition(b"\r\n\r\n")
        assert status(answer) < 500
        assert b"stolen=1" not in re.sub(rb"(?m)^[Ll]ocation:.*$", b"", head)
        assert not re.search(rb"(?mi)^(set-cookie|x-evil)", head)
        assert b"<script>alert" not in body
        assert all(line.count(b"\r") == 1 for line in head.split(b"\n")[:-1])


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW"])
def test_another_method_is_refused(site: Served, method: str) -> None:
    for path in ("/", "/place/US", "/search?q=x", "/static/style.css", "/chart/shootings.svg"):
        answer = site.request(method, path)
        check_refusal(answer, 405)
        assert "GET" in head_of(answer).get("allow", "GET")
        assert b"Max-Forwards" not in answer


def test_a_head_has_no_body_and_an_options_no_secrets(site: Served) -> None:
    answer = site.request("HEAD", "/about")
    assert status(answer) == 200
    assert answer.partition(b"\r\n\r\n")[2] == b""
    check_refusal(site.request("OPTIONS", "*"), 400)
    check_refusal(site.request("OPTIONS", "/about"), 405)


SMUGGLED = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
TWO_WAYS = {
    "length and chunks": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": b"Transfer-Encoding: chunked\r\nContent-Length: 60\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 44\r\n\r\n",
    "list of lengths": b"Content-Length: 0, 44\r\n\r\n",
    "unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "two codings": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "coding twice": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n",
    "coding after a tab": b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    "space before the colon": b"Content-Length : 0\r\n\r\n",
    "signed length": b"Content-Length: +0\r\n\r\n",
    "hexadecimal length": b"Content-Length: 0x0\r\n\r\n",
    "endless length": b"Content-Length: " + b"9" * 40 + b"\r\n\r\n",
    "negative length": b"Content-Length: -1\r\n\r\n",
    "null in a header": b"X-A: b\x00c\r\n\r\n",
    "bare return in a header": b"X-A: b\rContent-Length: 44\r\n\r\n",
}


@pytest.mark.parametrize("name", TWO_WAYS)
def test_a_second_request_cannot_be_smuggled(site: Served, name: str) -> None:
    start = b"POST /api/v1/plans HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    answer = site.talk(start + TWO_WAYS[name] + SMUGGLED)
    check_refusal(answer, 400)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"alive" not in answer
    assert head_of(answer)["connection"] == "close"


@pytest.mark.parametrize(
    "chunk",
    [b"ZZ\r\nabc\r\n", b"0x3\r\nabc\r\n", b"-1\r\nabc\r\n", b"3\nabc\n"],
)
@pytest.mark.parametrize("path", [b"/api/v1/plans", b"/about"])
def test_a_chunk_that_lies_ends_the_line(site: Served, chunk: bytes, path: bytes) -> None:
    head = b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = site.talk(head % path + chunk + b"0\r\n\r\n" + SMUGGLED)
    assert b"alive" not in answer
    assert not answer or status(answer) in (400, 405)


@pytest.mark.parametrize(
    "begin",
    [b"GET /\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
     b"GET /a\x00b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b"\x00" * 300 + b"\r\n\r\n",
     "GET /pläce HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode(),
     b"GET /about HTTP/1.1\r\n\r\n", b" GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
     b"GET /about HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
     b"GET /about HTTP/1.1\r\nHost: 127.0.0.1\r\n folded: 1\r\n\x00\r\n\r\n"],
)  # fmt: skip
def test_what_is_no_http_is_refused(site: Served, begin: bytes) -> None:
    answer = site.talk(begin)
    if answer:
        check_refusal(answer, 400)
    assert alive(site)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1@evil.example", "127.0.0.1:evil.example", "127.0.0.1.evil.example",
     "127.0.0.1:80/place/US?", "127.0.0.1#", "[::1]evil.example", "", "127.0.0.1\tevil",
     '"><script>alert(1)</script>', "127.0.0.1:99999999", "evil.example:127.0.0.1"],
)  # fmt: skip
def test_a_host_that_is_not_ours_is_refused(site: Served, host: str) -> None:
    answer = site.talk(f"GET /about HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    check_refusal(answer, 421)
    assert b"evil" not in answer
    assert b"<script>alert" not in answer


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-Host: evil.example", "Forwarded: host=evil.example", "X-Host: evil.example",
     "X-Original-URL: /evil", "X-Rewrite-URL: /evil", "X-Forwarded-Prefix: /evil",
     "X-HTTP-Method-Override: DELETE", "Referer: http://evil.example/", "Cookie: a=evil",
     "Origin: http://evil.example", "Range: bytes=0-0,0-0,1-1", "Upgrade: websocket"],
)  # fmt: skip
def test_no_header_of_a_visitor_changes_the_page(site: Served, header: str) -> None:
    def plain(answer: bytes) -> bytes:
        # The day and the number of the request differ each time.
        return re.sub(rb"(?im)^(date|x-request-id):.*$", b"", answer)

    usual = plain(site.request("GET", "/methods"))
    answer = plain(site.request("GET", "/methods", header))
    assert answer == usual
    assert b"evil" not in answer


@pytest.mark.parametrize(
    "target",
    ["http://evil.example/about", "@evil.example/", "//evil.example/about", "evil.example"],
)
def test_no_target_becomes_a_link_to_elsewhere(site: Served, target: str) -> None:
    answer = site.request("GET", target)
    check_refusal(answer, 400, 404)
    assert not re.search(rb'(?:href|src|content)="(?:https?:)?//evil', answer)
    assert b"8000@evil" not in answer


def test_a_long_address_is_refused(site: Served) -> None:
    for size in (5_000, 15_000):
        check_refusal(site.request("GET", "/search?q=" + "a" * size), 414)
    check_refusal(site.request("GET", "/search?q=" + "a" * 40_000), 400, 414)
    many = [f"X-{n}: {'v' * 60}" for n in range(2_000)]
    assert site.request("GET", "/about", *many)[:12] != b"HTTP/1.1 200"
    assert alive(site)


def test_a_large_body_is_refused_before_it_is_read(site: Served) -> None:
    said = site.talk(
        b"POST /api/v1/plans HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n"
        b"Expect: 100-continue\r\n\r\n", wait=1.0,
    )  # fmt: skip
    check_refusal(said, 413)
    hidden = site.request(
        "POST", "/api/v1/plans", "Transfer-Encoding: chunked",
        body=(b"1000\r\n" + b"x" * 4096 + b"\r\n") * 30,
    )  # fmt: skip
    check_refusal(hidden, 413)
    bomb = gzip.compress(b"[" * 40_000_000)
    packed = ("Content-Encoding: gzip", f"Content-Length: {len(bomb)}")
    before = site.memory()
    assert status(site.request("POST", "/api/v1/plans", *packed, body=bomb)) in (400, 413)
    assert site.memory() - before < 30_000_000


AUSTIN = {"name": "x", "place": "lea:4808940", "start": 2026, "years": 3}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"NaN", b'{"plans": 1}', b'{"plans": [[]]}', b"\xff\xfe{",
        b"{" * 60_000,
        b"[" * 60_000, b'{"plans": [' + b'{"a":' * 9_000 + b"1" + b"}" * 9_000 + b"]}",
        json.dumps({"plans": [AUSTIN | {"years": 10**9}]}).encode(),
        json.dumps({"plans": [AUSTIN | {"start": "9" * 5_000}]}).encode(),
        json.dumps({"plans": [AUSTIN | {"budget": "1e999999999"}]}).encode(),
        json.dumps({"plans": [AUSTIN | {"budget": float("1e308")}]}).encode(),
        json.dumps({"plans": [AUSTIN | {"hire": {"counselor": 10**30}}]}).encode(),
        json.dumps({"plans": [AUSTIN | {"hire": {"counselor": -5}}]}).encode(),
        json.dumps({"plans": [AUSTIN | {"place": "../../etc/passwd"}]}).encode(),
        json.dumps({"plans": [AUSTIN | {"budget": "1e999990"}]}).encode(),
        json.dumps({"plans": [AUSTIN | {"budget": "sNaN"}]}).encode(),
        json.dumps({"plans": [AUSTIN | {"officers": {"end": "nan%"}}]}).encode(),
        json.dumps({"plans": [AUSTIN | {"officers": {"end": "1e999999999%"}}]}).encode(),
        json.dumps({"plans": [AUSTIN | {"officers": {"end": float("nan")}}]}).encode(),
        json.dumps({"plans": [AUSTIN], "draws": 10**12}).encode(),
        json.dumps({"plans": [AUSTIN], "seed": 10**40}).encode(),
        json.dumps({"plans": [AUSTIN | {"__class__": "x"}]}).encode(),
        b'{"plans": [{"name": ' + b"1" * 50_000 + b"}]}",
    ],
    ids=lambda body: repr(body[:40]),
)  # fmt: skip
def test_a_hostile_plan_is_refused(site: Served, body: bytes) -> None:
    began = time.monotonic()
    answer = site.request("POST", "/api/v1/plans", f"Content-Length: {len(body)}", body=body)
    check_refusal(answer, 400, 404)
    assert time.monotonic() - began < 3
    assert len(answer) < 4_000


@pytest.mark.parametrize(
    "text",
    ["a: &a [1]\nb: *a", "!!python/object/apply:os.system ['id']", "a: " + "[" * 500,
     "name: x\nplace: !include /etc/passwd", "x: 1e999999999", "- " * 700, "\t\t:\x85",
     "name: x\nplace: lea:4808940\nstart: 2026\nyears: 99999999999"],
)  # fmt: skip
def test_hostile_yaml_in_a_link_is_refused(site: Served, text: str) -> None:
    answer = site.request("GET", "/plan?yaml=" + quote(text, safe=""))
    assert status(answer) in (200, 400)
    assert [secret for secret in SECRETS if secret in answer] == []
    assert b"uid=" not in answer
    assert b'class="results"' not in answer


def test_those_who_dawdle_are_cut_off_and_keep_nobody_waiting(site: Served) -> None:
    """Six kinds of slow clients, thirty of each, at once; patience is a second here."""
    host = b"Host: 127.0.0.1\r\n"
    post = b"POST %s HTTP/1.1\r\n" + host + b"Content-Length: 60000\r\n\r\nx"
    kinds = {
        "says nothing": [],
        "half a header": [b"GET / HTTP/1.1\r\n" + host + b"X-Slow: "],
        "half a body": [post % b"/api/v1/plans"],
        "answered, then a byte": [post % b"/about", b"x"],
        "half a second request": [b"GET /healthz HTTP/1.1\r\n" + host + b"\r\n", b"GET /ab"],
        "blank lines": [b"\r\n", b"\r\n"],
    }
    lines = {name: [site.line() for _ in range(30)] for name in kinds}
    for name, parts in kinds.items():
        for part in parts:
            for line in lines[name]:
                line.sendall(part)
        time.sleep(0.05)
    began, slowest = time.monotonic(), 0.0
    while time.monotonic() - began < 2.0:
        asked = time.monotonic()
        assert status(site.request("GET", "/methods")) == 200
        slowest = max(slowest, time.monotonic() - asked)
    assert slowest < 1.0
    left = {name: sum(not _closed(line, 14 - (time.monotonic() - began)) for line in held)
            for name, held in lines.items()}  # fmt: skip
    assert left == dict.fromkeys(kinds, 0)


def _closed(line, seconds: float) -> bool:
    with line:
        try:
            line.settimeout(max(seconds, 0.01))
            while line.recv(65_536):
                pass
        except TimeoutError:
            return False
        except ConnectionError:
            pass
        return True


def test_a_drip_does_not_buy_time(site: Served) -> None:
    with site.line() as line:
        line.sendall(b"POST /about HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 60000\r\n\r\n")
        began = time.monotonic()
        dripping = True
        while dripping and time.monotonic() - began < 6:
            time.sleep(0.1)
            try:
                line.sendall(b"x")
            except OSError:
                dripping = False
        assert not dripping


def test_a_body_that_came_late_leaves_no_line_open(site: Served) -> None:
    """The answer came before the body did: the line must still not stay open for ever."""
    with site.line() as line:
        line.sendall(b"POST /about HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\n\r\n")
        time.sleep(0.3)
        line.sendall(b"abc")
        assert _closed(line, 4)


def test_an_answer_that_nobody_reads_is_dropped(site: Served) -> None:
    """Memory is freed and the line closed, though the client never takes a byte."""
    big = b"GET /api/v1/vocabulary?x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    address = b"GET /api/v1/places/US HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    lines = [site.line(small=True) for _ in range(20)]
    for line in lines:
        line.sendall(address * 40 + big)
    end = time.monotonic() + 14
    while (open_still := _established(site)) and time.monotonic() < end:
        time.sleep(0.2)
    for line in lines:
        line.close()
    assert open_still == 0
    assert alive(site)


def _established(site: Served) -> int:
    """Count the server's own ends of open lines."""
    from pathlib import Path as File

    rows = File("/proc/net/tcp").read_text().splitlines()[1:]
    mine = f"0100007F:{site.port:04X}"
    return sum(row.split()[1] == mine and row.split()[3] == "01" for row in rows)


def test_the_times_of_the_command_are_short_enough() -> None:
    assert protocol.PATIENCE <= 10
    assert protocol.READING <= 120
    assert Settings().seconds <= 15
    assert Settings().body_bytes <= 64_000
    assert Settings().loopback


def test_many_at_once_are_all_answered(site: Served) -> None:
    paths = ["/", "/place/US", "/about", f"/search?q={quote(XSS)}", "/nowhere"] * 40
    with ThreadPoolExecutor(50) as pool:
        codes = list(pool.map(lambda path: status(site.request("GET", path)), paths))
    assert set(codes) == {200, 404}


def test_what_visitors_sent_is_not_in_the_log_and_nothing_crashed(site: Served) -> None:
    site.request(
        "GET", "/search?q=my-own-child", "User-Agent: somebody", "X-Forwarded-For: 203.0.113.77",
        "Referer: http://127.0.0.1/my-own-child", "Cookie: name=somebody",
    )  # fmt: skip
    site.request("GET", "/place/lea:4808940?wave=2017-18")
    log = site.log.read_text()
    entries = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    known = {"time", "level", "event", "method", "route", "status", "ms", "bytes", "request_id"}
    assert {name for entry in entries for name in entry} == known
    assert "/place/{place_id}" in {entry["route"] for entry in entries}
    assert not any("127.0.0.1" in line or "203.0.113.77" in line or "4808940" in line
                   for line in log.splitlines() if line.startswith("{"))  # fmt: skip
    assert "Traceback" not in log
    assert not any(word in log for word in ("my-own-child", "somebody", "alert(1)", "passwd"))
    faults = [line for line in log.splitlines() if '"fault"' in line or '"status": 500' in line]
    assert faults == []


def test_asked_to_stop_it_ends_what_it_does_and_goes(starter_store: Path, tmp_path: Path) -> None:
    with served(starter_store, tmp_path / "log.txt", seconds=12) as made, made.line() as idle:
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(made.request, "GET", "/claims/six-times")
            time.sleep(0.3)
            made.process.send_signal(signal.SIGTERM)
            assert status(answer.result()) == 200
        assert made.process.wait(12) in (0, -signal.SIGTERM)
        assert _closed(idle, 1)
        with socket.socket() as next_one:  # as a new start of the command would
            next_one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            next_one.bind(("127.0.0.1", made.port))
            next_one.listen()
    assert "Traceback" not in (tmp_path / "log.txt").read_text()


NAMES = {
    "489990100001": (XSS, '=HYPERLINK("http://evil.example")'),
    "489990100002": ("<svg onload=alert(1)>", "javascript:alert(1)"),
    "489990200001": ('#import "x.typ": * $x$ \\ @evil <b>[*_`', "&lt;script&gt;"),
}
"""Names of districts and schools as a hostile file would give them."""


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("named")
    enrolled = crdc_factory.whole("Enrollment", 40) | crdc_factory.whole("Referrals and Arrests", 3)
    rows = [
        crdc_factory.school(key, LEA_NAME=lea, SCH_NAME=own, SCH_FTESECURITY_LEO="1", **enrolled)
        for key, (own, lea) in NAMES.items()
    ]
    build([crdc_factory.write_all(folder / "crdc", rows)], folder / "store.duckdb")
    app = create_app(homeroom.open(folder / "store.duckdb"), Settings(costly_per_minute=100_000))
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield client


HOSTILE_PAGES = (
    "/place/lea:4899901", "/place/lea:4899902", *(f"/place/school:{key}" for key in NAMES),
    "/place/lea:4899901/peers", "/search?q=hyperlink&list=yes", "/search?q=script&list=yes",
    "/compare?places=lea:4899901,lea:4899902", "/map?state=TX", "/chart/rates?place=lea:4899901",
    "/embed/rates?place=lea:4899901", "/act?place=lea:4899901", "/plan?place=lea:4899901",
    "/plan?place=lea:4899901&name=" + quote(XSS), "/brief/lea:4899901.html",
    "/brief/lea:4899902.html", "/chart/waves?place=lea:4899901",
    "/compare?places=school:489990100001,school:489990200001",
    "/claims/check?sentence=" + quote(XSS + " black students twice white"),
)  # fmt: skip


@pytest.mark.parametrize("address", HOSTILE_PAGES)
def test_names_in_the_data_stay_text(named: TestClient, address: str) -> None:
    answer = named.get(address, follow_redirects=True)
    assert answer.status_code in (200, 404), answer.text[-800:]
    tree = JustHTML(answer.text, sanitize=False)
    for script in tree.query("script"):
        assert re.fullmatch(r"/static/[a-z-]+\.js", script.attrs.get("src") or "")
        assert not script.to_text().strip()
    for one in tree.query("*"):
        attributes = one.attrs or {}
        assert not [name for name in attributes if name.startswith("on")]
        where = str(attributes.get("href") or attributes.get("src") or "").lower().strip()
        assert not where.startswith(("javascript:", "data:text", "vbscript:"))
        assert one.name not in ("iframe", "object", "embed", "base")
    assert not [one for one in tree.query("img") if one.attrs.get("src") == "x"]
    assert not re.search(r"(?<!\d)49(?!\d)", "".join(re.findall(r"<h1>.*?</h1>", answer.text)))


@pytest.mark.parametrize("place", ["lea:4899901", "lea:4899902", "school:489990100002"])
@pytest.mark.parametrize("kind", ["rates", "waves", "adults"])
def test_names_in_charts_stay_text(named: TestClient, kind: str, place: str) -> None:
    answer = named.get(f"/chart/{kind}.svg?place={place}")
    if answer.status_code == 404:
        assert "not at hand" in answer.text or "no " in answer.text.lower()
        return
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(answer.content).iter()}  # noqa: S314
    assert tags.isdisjoint({"script", "foreignObject", "image", "a", "use"})
    table = named.get(f"/chart/{kind}.csv?place={place}").text
    assert not re.search(r"(?m)(^|,)\"?[=+@]", table)


def test_a_brief_is_typeset_whatever_a_name_holds(named: TestClient) -> None:
    for place in ("lea:4899901", "lea:4899902"):
        answer = named.get(f"/brief/{place}.pdf")
        assert answer.status_code == 200, answer.text[-500:]
        assert answer.content.startswith(b"%PDF")


def test_rows_for_a_spreadsheet_begin_no_formula(named: TestClient) -> None:
    for address in ("/api/v1/places?q=HYPERLINK%28%22http", "/api/v1/peers?place=lea:4899901"):
        text = named.get(f"{address}&format=csv").text
        assert "HYPERLINK" in text
        assert not re.search(r"(?m)(^|,)\"?=", text)
