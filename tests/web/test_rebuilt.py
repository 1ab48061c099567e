"""A store built anew at its place is served without a restart."""

from __future__ import annotations

import asyncio
import os
import shutil
from typing import TYPE_CHECKING

import duckdb

import homeroom
from homeroom.web import reopening
from homeroom.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path


def _in_place(store: Path, statement: str) -> None:
    """Put a changed copy of a store in its place, as a build does."""
    other = store.with_name("other.duckdb")
    shutil.copyfile(store, other)
    with duckdb.connect(str(other)) as con:
        con.execute(statement)
    os.replace(other, store)  # noqa: PTH105 - atomically


def test_the_site_goes_over_to_another_public_store_and_to_no_other(
    starter_store: Path, tmp_path: Path
) -> None:
    path = tmp_path / "s.duckdb"
    shutil.copyfile(starter_store, path)

    async def served(version: str) -> str:
        for _ in range(200):
            await asyncio.sleep(0.05)
            if app.state.room.meta["data_version"] == version:
                break
        return str(app.state.room.meta["data_version"])

    async def steps() -> None:
        watching = asyncio.create_task(reopening.watch(app, every=0.05))
        _in_place(path, "UPDATE meta SET value = 'second' WHERE key = 'data_version'")
        assert await served("second") == "second"
        path.unlink()
        await asyncio.sleep(0.2)
        path.write_bytes(b"no store")
        await asyncio.sleep(0.3)
        assert app.state.room.meta["data_version"] == "second"
        path.unlink()
        shutil.copyfile(starter_store, path)
        _in_place(path, "UPDATE meta SET value = 'confidential' WHERE key = 'access'")
        await asyncio.sleep(0.5)
        assert app.state.room.access == "public"
        watching.cancel()
        for closing in app.state.closing:
            closing.cancel()
        await asyncio.gather(watching, *app.state.closing, return_exceptions=True)

    app = create_app(homeroom.open(path))
    try:
        asyncio.run(steps())
    finally:
        app.state.room.close()
