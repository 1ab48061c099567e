"""Getting the official figures from the page: who may, how it goes, and the change of stores."""

from __future__ import annotations

import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import homeroom
from archive_server import LEA, Shelf, busy, half, serving_archives
from homeroom.web.app import create_app
from homeroom.web.official_job import OfficialJob
from homeroom.web.settings import Settings

BASE = "http://127.0.0.1:8000"
HERE = ("127.0.0.1", 50_000)


@contextmanager
def site(store: Path, client: tuple[str, int] = HERE, **settings: Any) -> Iterator[TestClient]:
    app = create_app(homeroom.open(store), Settings(**settings))
    with TestClient(app, base_url=BASE, client=client, follow_redirects=False) as made:
        yield made


@pytest.fixture
def store(starter_store: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(starter_store, tmp_path / "store.duckdb"))


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    with serving_archives("2017-18", "2020-21") as made:
        monkeypatch.setenv("HOMEROOM_MIRROR", made.address)
        yield made


def token(client: TestClient) -> str:
    found = re.search(r'name="token" value="([^"]+)"', client.get("/official").text)
    assert found
    return found[1]


def press(client: TestClient, what: str, **headers: str) -> int:
    sent = {"token": token(client)}
    return client.post(f"/official/{what}", data=sent, headers=headers).status_code


def until(client: TestClient, reached: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        seen: dict[str, Any] = client.get("/official/status").json()
        if reached(seen):
            return seen
        time.sleep(0.05)
    raise AssertionError(seen)


def ended(seen: dict[str, Any]) -> bool:
    return not seen["running"]


# The whole way --------------------------------------------------------------------------------


def test_the_site_changes_to_the_national_store_without_a_restart(
    store: Path, shelf: Shelf
) -> None:
    with site(store) as client:
        before = client.get("/readyz").json()["data_version"]
        assert "3,415 of 17,636" in client.get("/").text
        assert client.get(f"/place/lea:{LEA}").status_code == 200
        assert client.get("/").headers["cache-control"] == "public, max-age=300"
        shelf.faults = {name: [half, busy] for name in shelf.files}
        assert press(client, "start") == 303
        seen = until(client, ended)
        assert (seen["state"], seen["reason"]) == ("done", "")
        assert {f["wave"] for f in seen["files"] if f["refused"]} == {
            "2015-16", "2021-22", "2023-24"
        }  # fmt: skip
        assert client.get("/readyz").json()["data_version"] != before
        home = client.get("/")
        assert "3,416 of 17,636" in home.text
        assert home.headers["cache-control"] == "no-cache"
        page = client.get("/official")
        assert page.headers["clear-site-data"] == '"cache"'
        assert "Done. This site now shows the official figures." in page.text
        rates = f"/api/v1/rates?place=lea:{LEA}&measure=arrests&wave=2017-18"
        assert client.get(rates).json()["data"][0]["count"] > 0
    assert not list(store.parent.glob(".opening-*"))


def test_pages_are_answered_while_the_store_is_changed(store: Path, shelf: Shelf) -> None:
    answers: list[int] = []
    over = threading.Event()
    with site(store) as client:

        def visit() -> None:
            while not over.is_set():
                answers.append(client.get(f"/place/US-IA?n={len(answers)}").status_code)

        visitor = threading.Thread(target=visit)
        assert press(client, "start") == 303
        visitor.start()
        seen = until(client, ended)
        over.set()
        visitor.join()
        assert seen["state"] == "done"
    assert set(answers) == {200}


def test_stopped_it_keeps_what_came_and_goes_on_from_there(store: Path, shelf: Shelf) -> None:
    old = store.read_bytes()
    shelf.slow = 0.5
    with site(store) as client:
        press(client, "start")
        until(client, lambda seen: seen["done"] > 0)
        page = client.get("/official").text
        assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
        assert "Stop</button>" in page
        assert press(client, "start") == 303  # a second press begins no second job
        assert press(client, "stop") == 303
        assert until(client, ended)["state"] == "stopped"
        assert store.read_bytes() == old
        page = client.get("/official").text
        assert "Stopped. What was fetched is kept" in page
        assert "Go on</button>" in page
        shelf.slow, shelf.seen[:] = 0.0, []
        press(client, "start")
        assert until(client, ended)["state"] == "done"
    assert any(span.startswith("bytes=") for _, span in shelf.seen)


def test_a_failed_job_says_why_and_offers_to_go_on(store: Path, shelf: Shelf) -> None:
    shelf.files.clear()
    old = store.read_bytes()
    with site(store) as client:
        press(client, "start")
        seen = until(client, ended)
        assert seen["state"] == "failed"
        assert "answered 404" in seen["reason"]
        page = client.get("/official").text
        assert "It did not work." in page
        assert "Go on</button>" in page
        assert "Traceback" not in page
        assert "3,415 of 17,636" in client.get("/").text
    assert store.read_bytes() == old


def test_a_job_that_breaks_shows_nothing_of_its_inside(tmp_path: Path) -> None:
    job = OfficialJob(tmp_path / "s", lambda: None, [sys.executable, "-c", "raise ValueError('x')"])
    job.start()
    while job.running:
        time.sleep(0.02)
    assert job.view()["reason"] == "The job ended without saying why (exit code 1)."


def test_a_store_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    def broken() -> None:
        raise OSError("gone")

    said = 'print(\'{"step": "built"}\')'
    job = OfficialJob(tmp_path / "s", broken, [sys.executable, "-c", said])
    job.start()
    while job.running:
        time.sleep(0.02)
    assert job.view()["reason"] == "The new store is built, but it could not be opened: gone"


def test_the_site_ends_its_job_when_it_ends(store: Path, shelf: Shelf) -> None:
    shelf.slow = 0.5
    with site(store) as client:
        press(client, "start")
        until(client, lambda seen: seen["done"] > 0)
        job = client.app.state.official
    assert job.view()["state"] == "stopped"
    assert job._process.poll() is not None


# Who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_form_of_another_site_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    assert press(client, "start", **headers) == 403
    assert client.get("/official/status").json()["state"] == "idle"


@pytest.mark.parametrize("sent", [{}, {"token": ""}, {"token": "guessed"}, {"token": "ü" * 43}])
@pytest.mark.parametrize("what", ["start", "stop"])
def test_a_form_without_the_pages_token_is_refused(
    client: TestClient, what: str, sent: dict[str, str]
) -> None:
    answer = client.post(f"/official/{what}", data=sent)
    assert answer.status_code == 403
    assert "Open the page again" in answer.text
    assert client.get("/official/status").json()["state"] == "idle"


def test_a_link_begins_nothing(client: TestClient) -> None:
    assert client.get("/official/start").status_code == 405
    assert client.get("/official/stop").status_code == 405


@pytest.mark.parametrize(
    "settings",
    [
        {"host": "0.0.0.0"},  # noqa: S104 - a public host is what is refused
        {"public_url": "https://homeroom.example.org"},
        {"behind_proxy": True},
    ],
)
def test_a_site_that_others_visit_does_not_offer_it(store: Path, settings: dict[str, Any]) -> None:
    with site(store, **settings) as client:
        assert client.get("/official").status_code == 404
        assert client.post("/official/start").status_code == 404
        home = client.get("/").text
        assert "/official" not in home
        assert "Whoever keeps this site can add the rest" in home


def test_a_visitor_from_elsewhere_is_refused(store: Path) -> None:
    with site(store, client=("10.0.0.7", 50_000)) as client:
        for address in ("/official", "/official/status"):
            assert client.get(address).status_code == 403
        assert client.post("/official/start").status_code == 403
    with site(store) as client:
        assert client.get("/official", headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 403


def test_a_confidential_store_does_not_offer_it(store: Path) -> None:
    import duckdb

    with duckdb.connect(str(store)) as con:
        con.execute("UPDATE meta SET value = 'confidential' WHERE key = 'access'")
    with site(store) as client:
        assert client.get("/official").status_code == 404
        assert client.post("/official/start").status_code == 404


# The home page --------------------------------------------------------------------------------


def test_the_home_page_says_how_far_the_store_reaches(client: TestClient) -> None:
    home = client.get("/").text
    assert "<b>3,415 of 17,636</b> school districts (19%)" in home
    assert 'href="/official">Get official figures for the whole country' in home
    assert "Texas" in home
