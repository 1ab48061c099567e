"""The sample for nginx, as it stands in the docs, before a real site."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

SAMPLE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "nginx.conf"
NAME = "homeroom.example.org"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def certificate(folder: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-days", "2", "-subj", f"/CN={NAME}", "-keyout", str(folder / "privkey.pem"),
         "-out", str(folder / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip


def awaited(url: str, **given: object) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            httpx.get(url, **given)  # type: ignore[arg-type]
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"{url} did not answer")


@pytest.fixture(scope="module")
def proxied(
    starter_store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    if NGINX is None or shutil.which("openssl") is None:
        pytest.skip("nginx or openssl is not installed")
    folder = tmp_path_factory.mktemp("nginx")
    certificate(folder)
    port, secure, plain = free_port(), free_port(), free_port()
    conf = SAMPLE.read_text(encoding="utf-8")
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"), ("127.0.0.1:8000", f"127.0.0.1:{port}"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("/etc/ssl/homeroom/", f"{folder}/"),
    ):  # fmt: skip
        assert old in conf
        conf = conf.replace(old, new)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{'user root;' if os.geteuid() == 0 else ''} pid {folder}/pid; error_log {folder}/error.log; daemon off; events {{}}\n"
        f"http {{ access_log off; {temporary} {conf} }}\n"
    )
    site = subprocess.Popen(
        [sys.executable, "-m", "homeroom", "serve", "--port", str(port), "--behind-proxy",
         "--no-warm-up", "--public-url", f"https://{NAME}"],
        env={**os.environ, "HOMEROOM_STORE": str(starter_store)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    proxy = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        awaited(f"http://127.0.0.1:{port}/healthz")
        trusting = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
        trusting.check_hostname = False
        with httpx.Client(
            base_url=f"https://127.0.0.1:{secure}", headers={"Host": NAME}, verify=trusting
        ) as client:
            client.plain = f"http://127.0.0.1:{plain}"  # type: ignore[attr-defined]
            awaited(f"https://127.0.0.1:{secure}/healthz", headers={"Host": NAME}, verify=trusting)
            yield client
    finally:
        for process in (proxy, site):
            process.terminate()
            process.wait(20)


def test_the_sample_serves_pages_over_tls_and_asks_browsers_to_stay(proxied: httpx.Client) -> None:
    answer = proxied.get("/about")
    assert answer.status_code == 200
    assert f'<link rel="canonical" href="https://{NAME}/about">' in answer.text
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert len(answer.headers["x-request-id"]) == 32
    moved = httpx.get(f"{proxied.plain}/about", headers={"Host": NAME})  # type: ignore[attr-defined]
    assert (moved.status_code, moved.headers["location"]) == (301, f"https://{NAME}/about")


def test_the_sample_overwrites_what_visitors_say_of_themselves(proxied: httpx.Client) -> None:
    lies = {"X-Forwarded-Proto": "http", "X-Request-ID": "mine-own-id"}
    answer = proxied.get("/about", headers=lies)
    assert "strict-transport-security" in answer.headers
    assert answer.headers["x-request-id"] != "mine-own-id"


def test_the_sample_shows_no_metrics_and_takes_long_texts(proxied: httpx.Client) -> None:
    assert proxied.get("/metrics").status_code == 404
    long = proxied.post("/api/v1/article", content=b"x" * 2_000_000, timeout=60)
    assert long.status_code == 400  # refused by Homeroom, in words, and not by the proxy
    assert "50,000" in long.json()["error"]["message"]
