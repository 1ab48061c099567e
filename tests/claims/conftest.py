from __future__ import annotations

from pathlib import Path

import pytest

from homeroom.evidence.store import Store


@pytest.fixture(scope="session")
def store(starter_store: Path):
    found = Store(starter_store)
    yield found
    found.close()
