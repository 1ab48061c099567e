"""Two servers on one store send the same bytes, each time they are asked.

``make prove`` asks them 13 times each, from an empty cache every time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = int(os.environ.get("HOMEROOM_ROUNDS", "1"))
PLACES = ("US", "US-TX", "lea:4808940", "lea:4816620", "school:480894000291")
ADDRESSES = [
    *(f"/place/{place}" for place in PLACES),
    *(f"/place/{place}?policy=screened" for place in PLACES),
    *(f"/api/v1/places/{place}" for place in PLACES),
    *(f"/api/v1/rates?place={place}&by=race" for place in PLACES),
    *(f"/api/v1/staff?place={place}&wave=2017-18" for place in PLACES),
    *(f"/api/v1/trend?place={place}" for place in PLACES),
    *(f"/chart/{kind}.json?place={place}" for kind in ("rates", "staff") for place in PLACES),
    "/chart/rates.svg?place=US-TX", "/chart/waves.svg?place=US-TX", "/chart/states.json",
    "/chart/peers.json?place=lea:4808940", "/chart/ranked.csv?state=TX", "/map?state=TX",
    "/api/v1/panel?within=CO&by=race&format=parquet", "/api/v1/panel?within=CO&format=csv",
    "/tables/wage.parquet", "/tables/wage.csv.gz", "/tables/quality_flag.parquet",
    "/chart/districts.csv?state=CO", "/datapackage.json", "/croissant.json", "/corrections.xml",
]  # fmt: skip
SERVER = """
import hashlib, json, sys
from starlette.testclient import TestClient
import homeroom
from homeroom.web.app import create_app
from homeroom.web.settings import Settings

seen = []
for _ in range(int(sys.argv[3])):
    app = create_app(homeroom.open(sys.argv[1]), Settings(costly_per_minute=100_000))
    with TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False) as client:
        for address in json.loads(sys.argv[2]):
            answer = client.get(address)
            digest = hashlib.sha256(answer.content).hexdigest()
            seen.append([address, answer.status_code, answer.headers.get("etag"), digest])
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def sent(starter_store: Path) -> list[list[list[object]]]:
    """What each of two processes sent: address, status, entity tag, and hash of the body."""
    command = [sys.executable, "-c", SERVER, str(starter_store), json.dumps(ADDRESSES),
               str(ROUNDS)]  # fmt: skip
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)
    ]
    return [json.loads(one.communicate(timeout=3000)[0]) for one in running]


def test_two_servers_send_the_same_tag_and_body(sent: list[list[list[object]]]) -> None:
    every = [line for lines in sent for line in lines]
    assert len(every) == 2 * ROUNDS * len(ADDRESSES)
    first = {str(line[0]): line for line in reversed(every)}
    assert [line for line in every if line != first[str(line[0])]] == []


def test_every_address_answered(sent: list[list[list[object]]]) -> None:
    """A comparison of refusals would hold for no reason."""
    answered = [line for line in sent[0] if line[1] == 200]
    refused = {str(line[0]) for line in sent[0] if line[1] != 200}
    assert len(answered) >= 0.9 * len(sent[0]), refused
    assert all(line[2] for line in answered)
