from __future__ import annotations

from pathlib import Path

import pytest

from homeroom.evidence.build import build

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The agencies' own files, where they lie beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip(f"the official files are not at hand ({SHARED} does not exist)")
    return SHARED


@pytest.fixture(scope="session")
def starter_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store built from the starter facts alone."""
    path = tmp_path_factory.mktemp("store") / "store.duckdb"
    build([], path)
    return path
