from __future__ import annotations

import pytest
from records_tables import imported

from homeroom.records.sample import Sample, write


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """A small fictional state's files."""
    folder = tmp_path_factory.mktemp("sample") / "extract"
    write(Sample(students=4_000, leas=4, actions=60), folder)
    return folder


@pytest.fixture(scope="session")
def workspace(sample):
    return imported(sample)
