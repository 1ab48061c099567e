"""The site behind a proxy, below a path, watched by its address, and started by other servers."""

from __future__ import annotations

import json
import logging
import re

import pytest
from starlette.testclient import TestClient

from homeroom.api import Homeroom
from homeroom.errors import BadInput
from homeroom.web.app import create_app
from homeroom.web.factory import app as made_by_factory
from homeroom.web.factory import settings_of
from homeroom.web.logs import JsonLines
from homeroom.web.settings import Settings

BELOW = "https://example.org/schools/homeroom"


@pytest.fixture(scope="module")
def below(room: Homeroom) -> TestClient:
    app = create_app(room, Settings(public_url=BELOW, behind_proxy=True, hsts_subdomains=False))
    return TestClient(app, base_url="https://example.org", follow_redirects=False)


def test_a_site_below_a_path_links_and_leads_below_it(below: TestClient) -> None:
    page = below.get("/schools/homeroom/about").text
    own = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
    assert own
    assert all(one.startswith("/schools/homeroom/") for one in own)
    assert f'<link rel="canonical" href="{BELOW}/about">' in page
    moved = below.get("/schools/homeroom/place/4808940")
    assert moved.headers["location"] == "/schools/homeroom/place/lea:4808940"
    for link in sorted(set(own)):
        if "?" not in link and "/place/" not in link:
            assert below.get(link.split("#")[0]).status_code == 200, link


def test_a_proxy_may_take_the_path_off_itself(below: TestClient) -> None:
    assert below.get("/about").text == below.get("/schools/homeroom/about").text
    assert below.get("/schools/homeroomabout").status_code == 404


def test_subdomains_may_be_left_alone(below: TestClient, room: Homeroom) -> None:
    told = below.get("/about", headers={"X-Forwarded-Proto": "https"}).headers
    assert told["strict-transport-security"] == "max-age=31536000"
    other = TestClient(create_app(room, Settings()), base_url="https://127.0.0.1")
    assert "includeSubDomains" in other.get("/about").headers["strict-transport-security"]


def test_health_answers_to_a_bare_address_and_nothing_else_does(below: TestClient) -> None:
    for path, status in (("/healthz", 200), ("/readyz", 200), ("/about", 421)):
        assert below.get(path, headers={"Host": "10.42.0.7:8000"}).status_code == status


def test_a_line_of_the_log_has_time_level_and_the_proxys_request_id(
    below: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    logger = logging.getLogger("homeroom.web")
    logger.propagate = True
    with caplog.at_level(logging.INFO, "homeroom.web"):
        answer = below.get("/about", headers={"X-Request-ID": "proxy-4711"})
        other = below.get("/about", headers={"X-Request-ID": "no id\twith blanks"})
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    assert answer.headers["x-request-id"] == "proxy-4711" == lines[0]["request_id"]
    assert re.fullmatch(r"[0-9a-f]{32}", other.headers["x-request-id"])
    assert lines[0]["level"] == "info"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", lines[0]["time"])
    assert list(lines[0])[:3] == ["time", "level", "event"]


def test_a_factory_is_set_up_by_the_environment(
    starter_store: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = settings_of({"HOMEROOM_PUBLIC_URL": BELOW, "HOMEROOM_BEHIND_PROXY": "yes"})
    assert (found.base, found.behind_proxy) == ("/schools/homeroom", True)
    with pytest.raises(BadInput, match="expected yes or no"):
        settings_of({"HOMEROOM_WARM_UP": "perhaps"})
    monkeypatch.setenv("HOMEROOM_STORE", str(starter_store))
    with TestClient(made_by_factory(), base_url="http://127.0.0.1") as client:
        assert client.get("/readyz").json()["status"] == "ready"
