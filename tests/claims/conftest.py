from __future__ import annotations

from pathlib import Path

import pytest

from homeroom.evidence.store import connect
from homeroom.figures.query_cache import QueryCache


@pytest.fixture(scope="session")
def con(starter_store: Path):
    with connect(starter_store) as connection:
        yield connection


@pytest.fixture(scope="session")
def desk() -> QueryCache:
    return QueryCache()
