from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The agencies' own files, where they lie beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip(f"the official files are not at hand ({SHARED} does not exist)")
    return SHARED
