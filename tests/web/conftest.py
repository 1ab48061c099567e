from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

import homeroom
from homeroom.web.app import create_app
from homeroom.web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE = "http://127.0.0.1:8000"


@pytest.fixture(scope="session")
def client(starter_store: Path) -> Iterator[TestClient]:
    """The site over the starter facts; faults come back as answers, as visitors would see them."""
    app = create_app(homeroom.open(starter_store), Settings(costly_per_minute=100_000))
    with TestClient(
        app, base_url=BASE, raise_server_exceptions=False, client=("127.0.0.1", 50_000)
    ) as made:
        yield made
