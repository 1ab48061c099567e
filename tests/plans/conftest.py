from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from homeroom.evidence.store import connect


@pytest.fixture(scope="session")
def con(starter_store: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(starter_store) as opened:
        yield opened
