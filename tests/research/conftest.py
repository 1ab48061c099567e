from __future__ import annotations

import shutil

import pytest
import yaml

from homeroom.research.library_files import SHIPPED


@pytest.fixture
def copied(tmp_path):
    """A copy of the shipped library, to spoil."""
    return shutil.copytree(SHIPPED, tmp_path / "library")


@pytest.fixture
def spoil(copied):
    """Change one entry of a copied file and give the folder."""

    def change(name, place, **fields):
        path = copied / name
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
        rows[place] = {k: v for k, v in (rows[place] | fields).items() if v is not None}
        path.write_text(yaml.safe_dump(rows, sort_keys=False), encoding="utf-8")
        return copied

    return change
