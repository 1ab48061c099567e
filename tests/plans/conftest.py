from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from homeroom.evidence.store import Store


@pytest.fixture(scope="session")
def store(starter_store: Path) -> Iterator[Store]:
    opened = Store(starter_store)
    yield opened
    opened.close()
