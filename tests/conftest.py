from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from homeroom.api import Homeroom
from homeroom.evidence.build import build

# A machine that does other work too must not fail a test by being slow; what has to be quick is
# measured under benchmarks. In CI every run draws the same examples, so a failure is of the change.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "local")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The agencies' own files, where they lie beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip(f"the official files are not beside the project ({SHARED} does not exist)")
    return SHARED


@pytest.fixture(scope="session")
def starter_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store built from the starter facts alone, once for all workers of a run."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # that of the run; each worker has a folder of its own in it
    path = folder / "starter.duckdb"
    with (folder / "starter.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            build([], path)
    return path


@pytest.fixture(scope="session")
def room(starter_store: Path) -> Iterator[Homeroom]:
    """The one door, on the starter facts."""
    with Homeroom(starter_store) as opened:
        yield opened
