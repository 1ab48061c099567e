"""The whole country: every ZIP fetched over HTTP, faults and all, and one store built from them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from archive_server import (
    LEA,
    NAMES,
    Shelf,
    archive,
    busy,
    changed,
    half,
    serving_archives,
    short,
)
from homeroom.cli.download import download as command
from homeroom.errors import BadInput, Confidential, NotAvailable
from homeroom.evidence import national
from homeroom.sources import download as downloads
from homeroom.sources.download import RetryPolicy, addresses_of
from homeroom.vocabulary.waves import WAVES, with_archive

WAVES_HERE = ("2015-16", "2017-18", "2020-21", "2021-22")
QUICK = RetryPolicy(silence=5.0, tries=3, sleep=lambda _: None)
FIRST = NAMES["2017-18"]


class Quiet:
    def __init__(self) -> None:
        self.words: list[str] = []

    def moved(self, done: int, total: int | None) -> None:
        pass

    def told(self, message: str) -> None:
        self.words.append(message)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with serving_archives(*WAVES_HERE) as made:
        yield made


def fetch(shelf: Shelf, folder: Path, waves: tuple[str, ...] = WAVES_HERE) -> national.Fetched:
    return national.fetch(
        waves, folder, progress=lambda _: Quiet(), mirror=shelf.address, patience=QUICK
    )


def asked(store: Path) -> dict[str, int]:
    """Return how many schools of the district on the shelf were asked for arrests, by wave."""
    with duckdb.connect(str(store), read_only=True) as con:
        found = con.execute(
            "SELECT wave, count(*) FROM answered JOIN place USING (school_no) "
            "WHERE module = 'referrals_arrests' AND leaid = ? GROUP BY wave",
            [LEA],
        ).fetchall()
    return dict(found)


# Fetching -------------------------------------------------------------------------------------


def test_every_file_is_fetched_and_what_cannot_be_had_is_named(
    shelf: Shelf, tmp_path: Path
) -> None:
    found = fetch(shelf, tmp_path, with_archive())
    assert [file.path.name for file in found.files] == [NAMES[wave] for wave in WAVES_HERE]
    assert all(file.path.read_bytes() == shelf.files[file.path.name] for file in found.files)
    assert [wave for wave, _ in found.refused] == ["2023-24"]
    assert "answered 404" in found.refused[0][1]


def test_dropped_lines_and_a_busy_server_cost_only_time(shelf: Shelf, tmp_path: Path) -> None:
    shelf.faults = {FIRST: [half, busy, busy], NAMES["2020-21"]: [busy, half]}
    found = fetch(shelf, tmp_path)
    assert found.refused == []
    size = len(shelf.files[FIRST])
    spans = [span for name, span in shelf.seen if name == FIRST]
    assert spans == ["", *[f"bytes={size // 2}-"] * 3]
    assert (tmp_path / FIRST).read_bytes() == shelf.files[FIRST]


def test_a_file_that_changes_in_the_middle_is_never_mixed(shelf: Shelf, tmp_path: Path) -> None:
    newer = archive("2017-18", arrests=5)
    shelf.faults = {FIRST: [half, changed(newer)]}
    fetch(shelf, tmp_path, ("2017-18",))
    assert (tmp_path / FIRST).read_bytes() == newer


def test_a_wrong_length_refuses_that_file_alone(shelf: Shelf, tmp_path: Path) -> None:
    shelf.faults = {NAMES["2020-21"]: [short]}
    found = fetch(shelf, tmp_path)
    assert [wave for wave, _ in found.refused] == ["2020-21"]
    assert "cut off or damaged" in found.refused[0][1]
    assert not (tmp_path / NAMES["2020-21"]).exists()
    assert len(found.files) == 3


def test_another_address_is_tried_where_the_first_fails(shelf: Shelf, tmp_path: Path) -> None:
    old = "2017-18-crdc-data.zip"
    shelf.files[old] = shelf.files.pop(FIRST)
    told = Quiet()
    done = national.fetch_one(
        "2017-18", tmp_path, progress=lambda _: told, mirror=shelf.address, patience=QUICK
    )
    assert done.path.name == old
    assert [name for name, _ in shelf.seen] == [FIRST, old]
    assert any("Trying another address" in word for word in told.words)


def test_a_part_from_the_second_address_is_gone_on_with(shelf: Shelf, tmp_path: Path) -> None:
    old = "2017-18-crdc-data.zip"
    body = shelf.files.pop(FIRST)
    shelf.files[old] = body
    shelf.faults = {old: [half, *[busy] * 9]}
    with pytest.raises(NotAvailable, match="goes on from there"):
        fetch(shelf, tmp_path, ("2017-18",))
    shelf.faults, shelf.seen[:] = {}, []
    fetch(shelf, tmp_path, ("2017-18",))
    assert shelf.seen == [(old, f"bytes={len(body) // 2}-")]


def test_nothing_at_all_is_a_refusal_with_every_reason(tmp_path: Path) -> None:
    with serving_archives() as empty, pytest.raises(NotAvailable) as error:
        fetch(empty, tmp_path)
    assert all(f"  {wave}: " in str(error.value) for wave in WAVES_HERE)


def test_every_wave_that_homeroom_fetches_has_addresses() -> None:
    assert with_archive() == ("2015-16", "2017-18", "2020-21", "2021-22", "2023-24")
    for wave in with_archive():
        assert all(one.startswith("https://") for one in WAVES[wave].addresses)
        assert addresses_of(wave) == WAVES[wave].addresses
    assert addresses_of("2017-18")[0].endswith("2017-18-crdc-data-corrected-05242021.zip")
    with pytest.raises(BadInput, match="begin with https"):
        addresses_of("2017-18", "ftp://example.org")


# Building -------------------------------------------------------------------------------------


def run(shelf: Shelf, tmp_path: Path, *more: str) -> Result:
    arguments = ["--all", "--build", "--out", str(tmp_path / "store.duckdb"), *more]
    return CliRunner().invoke(command, [*arguments, "--mirror", shelf.address])


def test_one_command_fetches_and_builds(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "RetryPolicy", lambda: QUICK)
    first = run(shelf, tmp_path)
    assert first.exit_code == 1, first.output  # 2023-24 is not on the shelf
    assert "refused  2023-24" in first.stdout
    store = tmp_path / "store.duckdb"
    assert asked(store) == dict.fromkeys(WAVES_HERE, 2)
    assert {path.name for path in (tmp_path / "archives").glob("*.zip")} == set(NAMES.values())
    built = store.stat().st_mtime_ns
    again = run(shelf, tmp_path)
    assert "nothing was built" in again.stdout
    assert store.stat().st_mtime_ns == built
    # Another file at the address is a reason to build again.
    (tmp_path / "archives" / FIRST).unlink()
    shelf.files[FIRST] = archive("2017-18", arrests=5)
    run(shelf, tmp_path)
    assert store.stat().st_mtime_ns > built


def test_lines_for_programs_say_every_step(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "RetryPolicy", lambda: QUICK)
    result = run(shelf, tmp_path, "--progress", "lines")
    said = [json.loads(line) for line in result.stdout.splitlines()]
    steps = [line["step"] for line in said]
    assert steps[-1] == "built"
    assert {"fetch", "fetched", "refused", "build", "built"} <= set(steps)
    last = {line["wave"]: line for line in said if line["step"] == "fetch"}
    assert all(last[wave]["done"] == len(shelf.files[NAMES[wave]]) for wave in WAVES_HERE)


def test_a_store_with_confidential_records_is_not_replaced(shelf: Shelf, tmp_path: Path) -> None:
    files = fetch(shelf, tmp_path / "archives", ("2015-16",)).files
    store = tmp_path / "store.duckdb"
    national.build(files, store)
    with duckdb.connect(str(store)) as con:
        con.execute("UPDATE meta SET value = 'confidential' WHERE key = 'access'")
    before = store.read_bytes()
    with pytest.raises(Confidential, match="Name another file"):
        national.build(files, store)
    assert store.read_bytes() == before


@pytest.mark.parametrize("arguments", [[], ["--all", "--wave", "2017-18"], ["--all", "--out", "x"]])
def test_options_that_contradict_each_other_are_refused(arguments: list[str]) -> None:
    assert CliRunner().invoke(command, arguments).exit_code == 2


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_stopped_in_the_middle_it_goes_on_and_the_old_store_stands(
    shelf: Shelf, tmp_path: Path, how: signal.Signals
) -> None:
    store = tmp_path / "store.duckdb"
    store.write_bytes(b"the old store")
    shelf.slow = 0.3
    arguments = ["download", "--all", "--build", "--out", str(store), "--mirror", shelf.address]
    with subprocess.Popen(
        [sys.executable, "-m", "homeroom", *arguments], env=dict(os.environ),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        part = tmp_path / "archives" / f"{NAMES['2015-16']}.part"
        end = time.monotonic() + 60
        while not (part.exists() and part.stat().st_size > 256) and time.monotonic() < end:
            time.sleep(0.02)
        process.send_signal(how)
        told = process.communicate(timeout=60)[1]
    assert process.returncode == (-signal.SIGKILL if how == signal.SIGKILL else 130), told
    assert store.read_bytes() == b"the old store"
    kept = part.stat().st_size
    assert kept > 0
    shelf.slow = 0.0
    fetch(shelf, tmp_path / "archives", ("2015-16",))
    assert shelf.seen[-1] == (NAMES["2015-16"], f"bytes={kept}-")
