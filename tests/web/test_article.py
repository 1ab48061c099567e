from __future__ import annotations

import json
import logging
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from justhtml import JustHTML

from articles import SAID, docx, locked, pdf

if TYPE_CHECKING:
    from starlette.testclient import TestClient

RARE = "Zanzibarquokka"
TEXT = f"{RARE} Falls is a town. {SAID} That is shameful."


def test_a_pasted_text_comes_back_marked_up(client: TestClient) -> None:
    answer = client.post("/article", data={"text": TEXT}, files={"file": ("", b"")})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    page = JustHTML(answer.text, sanitize=False, collect_errors=True)
    assert not page.errors
    assert page.query("h1")[0].to_text().strip().startswith("1 claim: 1 holds")
    (mark,) = page.query(".story p mark")
    assert mark.to_text().startswith(SAID)
    assert mark.attrs["class"] == "holds"
    assert "shameful" in page.query(".story p .opinion")[0].to_text()


@pytest.mark.parametrize(
    ("name", "content"), [("a.docx", docx(SAID)), ("a.pdf", pdf(SAID)), ("a.txt", SAID.encode())]
)
def test_a_file_is_read_like_a_text(client: TestClient, name: str, content: bytes) -> None:
    answer = client.post("/article", data={"text": ""}, files={"file": (name, content)})
    assert answer.status_code == 200
    assert "1 claim: 1 holds" in answer.text


def test_scripts_in_a_text_stay_text(client: TestClient) -> None:
    text = f'<b onclick="x()">{SAID}</b> "><img src=x onerror=alert(1)> {{{{ 7*7 }}}}'
    answer = client.post("/article", data={"text": text})
    page = JustHTML(answer.text, sanitize=False)
    assert not page.query("main img, main script, main b[onclick]")
    assert "7*7" in page.query(".story")[0].to_text()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x7fELF\x00\x00\x01\x02" * 50, "another kind of file"),
        (locked(pdf(SAID)), "encrypted"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"x" * 50_001, "at most 50,000 characters"),
        (b"", "Paste a text"),
    ],
)
def test_what_is_no_article_is_refused_in_a_sentence(
    client: TestClient, content: bytes, says: str
) -> None:
    answer = client.post("/article", data={"text": ""}, files={"file": ("a", content)})
    assert answer.status_code == 400
    assert says in JustHTML(answer.text, sanitize=False).query("[role=alert]")[0].to_text()


def test_a_broken_form_is_refused(client: TestClient) -> None:
    kind = {"content-type": "multipart/form-data"}
    assert client.post("/article", content=b"nothing", headers=kind).status_code == 400
    assert client.post("/article", content=b"x" * 6_000_000).status_code == 413


def test_the_api_gives_what_the_page_downloads(client: TestClient) -> None:
    given = client.post("/api/v1/article", json={"text": TEXT}).json()["data"]
    saved = client.post("/article", data={"text": TEXT, "as": "json"})
    assert saved.headers["content-disposition"].startswith("attachment")
    assert saved.json() == given
    (claim,) = given["claims"]
    assert TEXT[claim["start"] : claim["end"]] == claim["sentence"] == SAID
    contract = "start end sentence speaker kind status verdict stated_value value question carried"
    assert {*contract.split(), "sources", "catalogue_id"} <= set(claim)
    raw = client.post("/api/v1/article", content=docx(SAID)).json()["data"]
    assert raw["summary"]["form"] == "DOCX"


@pytest.mark.parametrize("body", [b"{", b'{"text": 1}', b'{"text": "a", "x": 1}', b""])
def test_a_body_that_is_no_text_is_refused(client: TestClient, body: bytes) -> None:
    answer = client.post("/api/v1/article", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "bad_input"


def test_nothing_of_a_text_is_kept(
    client: TestClient, caplog: pytest.LogCaptureFixture, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    opened: list[object] = []
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *given, **_: opened.append(given))
    large = docx(*[f"{RARE} Falls. {SAID}"], *["Filler words."] * 3000) + b"\0" * 2_000_000
    with caplog.at_level(logging.DEBUG):
        client.post("/article", data={"text": TEXT})
        client.post("/article", data={"text": ""}, files={"file": ("a.docx", large)})
        client.post("/api/v1/article", json={"text": TEXT})
    assert RARE not in caplog.text
    assert SAID not in caplog.text
    assert not opened  # nothing was spooled to disk
    assert not list(tmp_path.iterdir())
    state = client.app.state  # type: ignore[attr-defined]
    kept = (state.cache._kept, state.pages._kept, state.room.store.cache._made)
    assert not any(RARE in f"{key}" or SAID in f"{key}" for store in kept for key in store)
    assert not any(RARE.encode() in one.body for one in state.cache._kept.values())


def test_the_link_to_share_repeats_the_verdicts_without_the_text(client: TestClient) -> None:
    page = client.post("/article", data={"text": TEXT}).text
    (link,) = set(re.findall(r'href="(/article/shared\?c=[^"]+)"', page))
    assert RARE not in link
    shared = client.get(link)
    assert shared.status_code == 200
    found = JustHTML(shared.text)
    assert found.query("h1")[0].to_text().strip() == "1 claim: 1 holds."
    assert RARE not in shared.text
    assert "times the rate of white students in US public schools in 2017-18" in shared.text
    assert client.get("/article/shared?c=eJyLBQAAXgBc").status_code == 400
    assert client.get("/article/shared").status_code == 400


def test_the_command_line_gives_the_same(
    client: TestClient, starter_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from homeroom.cli.main import cli

    monkeypatch.setenv("HOMEROOM_STORE", str(starter_store))
    (tmp_path / "a.txt").write_text(TEXT)
    asked = CliRunner().invoke(cli, ["article", str(tmp_path / "a.txt"), "--json"])
    piped = CliRunner().invoke(cli, ["article", "-", "--json"], input=TEXT)
    given = client.post("/api/v1/article", json={"text": TEXT}).json()["data"]
    assert json.loads(asked.output) == json.loads(piped.output) == given
    told = CliRunner().invoke(cli, ["article", str(tmp_path / "a.txt")]).output
    assert told.startswith("1 claim: 1 holds. Also 1 opinion.")
    lost = CliRunner().invoke(cli, ["article", str(tmp_path / "none.txt")])
    assert "expected a file" in str(lost.exception)
