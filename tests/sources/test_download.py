from __future__ import annotations

import errno
import hashlib
import io
import json
import random
import re
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from homeroom.cli.download import download as command
from homeroom.errors import BadInput, HomeroomError, NotAvailable
from homeroom.sources import transfer
from homeroom.sources.download import RetryPolicy, download
from homeroom.vocabulary import waves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def zipped(seed: int, size: int = 400_000) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("School.csv", random.Random(seed).randbytes(size))  # noqa: S311 - filler
    return buffer.getvalue()


BODY = zipped(1)
OTHER = zipped(2)
HALF = len(BODY) // 2
PAGE = b"\n<!DOCTYPE html><html><title>Sign in</title></html>"


class Answer(BaseHTTPRequestHandler):
    """Answers the n-th request with the n-th step of the plan; the last one repeats."""

    protocol_version = "HTTP/1.1"
    server: Hostile

    def do_GET(self) -> None:
        self.server.seen.append({k.lower(): v for k, v in self.headers.items()})
        plan = self.server.plan
        step = plan[min(len(self.server.seen), len(plan)) - 1]
        try:
            step(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass

    @property
    def asked(self) -> int:
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        return int(match[1]) if match else 0

    def reply(self, status: int, body: bytes = b"", **headers: str | None) -> None:
        """Send; a header given as None is left out, ``cut`` is part of the body."""
        self.send_response(status)
        default = {"Content-Length": str(len(body)), "ETag": '"one"'}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in (default | named).items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def hang_up(self) -> None:
        self.close_connection = True


class Hostile(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.plan: list[Callable[[Answer], None]] = []
        self.seen: list[dict[str, str]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/docs/2021-22-crdc-data.zip"

    def handle_error(self, *_: object) -> None:
        """A client that goes away is part of the game."""


@pytest.fixture
def server() -> Iterator[Hostile]:
    with Hostile() as hostile:
        thread = threading.Thread(target=hostile.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield hostile
        hostile.over.set()
        hostile.shutdown()
        thread.join()


class Told:
    def __init__(self) -> None:
        self.done: list[int] = []
        self.words: list[str] = []

    def moved(self, done: int, _total: int | None) -> None:
        self.done.append(done)

    def told(self, message: str) -> None:
        self.words.append(message)


def quick(waits: list[float] | None = None) -> RetryPolicy:
    sleep = (lambda _: None) if waits is None else waits.append
    return RetryPolicy(silence=1.0, tries=4, sleep=sleep)


def fetch(server: Hostile, folder: Path, **options: Any) -> Any:
    return download(server.url, folder, **{"patience": quick(), **options})


# Steps of a plan -----------------------------------------------------------------------------


def honest(answer: Answer) -> None:
    start = answer.asked
    if start:
        answer.reply(206, BODY[start:], Content_Range=f"bytes {start}-{len(BODY) - 1}/{len(BODY)}")
    else:
        answer.reply(200, BODY)


def cut_off(answer: Answer) -> None:
    start = answer.asked
    stop = start + (len(BODY) - start) // 2
    span = f"bytes {start}-{len(BODY) - 1}/{len(BODY)}" if start else None
    rest = str(len(BODY) - start)
    answer.reply(206 if start else 200, BODY[start:stop], Content_Length=rest, Content_Range=span)
    answer.hang_up()


def stall(answer: Answer) -> None:
    answer.reply(200, BODY[:HALF], Content_Length=str(len(BODY)))
    answer.server.over.wait(10)
    answer.hang_up()


def ignores_range(answer: Answer) -> None:
    answer.reply(200, BODY)


def cut_and_ignores_range(answer: Answer) -> None:
    answer.reply(200, BODY[:HALF], Content_Length=str(len(BODY)))
    answer.hang_up()


def busy(answer: Answer) -> None:
    answer.reply(503, b"busy", Retry_After="7")


def page(answer: Answer) -> None:
    answer.reply(200, PAGE, Content_Type="text/html")


def circle(answer: Answer) -> None:
    answer.reply(302, Location=answer.path)


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def is_whole(folder: Path, body: bytes = BODY) -> bool:
    name = "2021-22-crdc-data.zip"
    return kept(folder) == [name, name + ".json"] and (folder / name).read_bytes() == body


# Behavior -----------------------------------------------------------------------------------


def test_a_whole_file_gets_a_receipt_with_size_and_checksum(
    server: Hostile, tmp_path: Path
) -> None:
    server.plan = [honest]
    told = Told()
    done = fetch(server, tmp_path / "new" / "folder", progress=told)
    assert is_whole(tmp_path / "new" / "folder")
    assert (done.size, done.sha256, done.url, done.fetched) == (
        len(BODY), hashlib.sha256(BODY).hexdigest(), server.url, True,
    )  # fmt: skip
    receipt = json.loads((tmp_path / "new" / "folder" / (done.path.name + ".json")).read_text())
    assert (receipt["url"], receipt["size"], receipt["sha256"]) == (
        server.url, len(BODY), done.sha256,
    )  # fmt: skip
    assert told.done == sorted(told.done)
    assert told.done[-1] == len(BODY)
    assert server.seen[0]["accept-encoding"] == "identity"


def test_a_file_already_here_is_not_fetched_again(server: Hostile, tmp_path: Path) -> None:
    server.plan = [honest]
    first = fetch(server, tmp_path)
    told = Told()
    second = fetch(server, tmp_path, progress=told)
    assert len(server.seen) == 1
    assert (second.sha256, second.fetched) == (first.sha256, False)
    assert "already here" in told.words[0]


def test_a_file_damaged_after_its_receipt_is_fetched_again(server: Hostile, tmp_path: Path) -> None:
    server.plan = [honest]
    fetch(server, tmp_path).path.write_bytes(b"oops")
    assert fetch(server, tmp_path).fetched
    assert is_whole(tmp_path)


def test_a_file_of_other_origin_is_never_overwritten(server: Hostile, tmp_path: Path) -> None:
    server.plan = [honest]
    mine = tmp_path / "2021-22-crdc-data.zip"
    mine.write_bytes(b"mine")
    with pytest.raises(BadInput, match="was not fetched from"):
        fetch(server, tmp_path)
    assert mine.read_bytes() == b"mine"
    assert not server.seen


@pytest.mark.parametrize("trouble", [stall, cut_off])
def test_it_goes_on_where_a_stall_or_a_cut_left_it(
    server: Hostile, tmp_path: Path, trouble: Callable[[Answer], None]
) -> None:
    server.plan = [trouble, honest]
    waits: list[float] = []
    fetch(server, tmp_path, patience=quick(waits))
    assert is_whole(tmp_path)
    assert server.seen[1]["range"] == f"bytes={HALF}-"
    assert server.seen[1]["if-range"] == '"one"'
    assert waits == [1.0]


def test_any_number_of_cuts_is_borne_while_each_brings_something(
    server: Hostile, tmp_path: Path
) -> None:
    server.plan = [cut_off] * 10 + [honest]
    fetch(server, tmp_path)
    assert is_whole(tmp_path)
    assert len(server.seen) == 11


def test_a_later_call_takes_up_the_part(server: Hostile, tmp_path: Path) -> None:
    server.plan = [stall]

    class Stop(Told):
        def moved(self, done: int, _total: int | None) -> None:
            if done >= HALF:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(server, tmp_path, progress=Stop())
    part = tmp_path / "2021-22-crdc-data.zip.part"
    assert part.read_bytes() == BODY[:HALF]
    server.plan = [honest]
    fetch(server, tmp_path)
    assert is_whole(tmp_path)
    assert server.seen[-1]["range"] == f"bytes={HALF}-"


def test_a_part_that_only_lacks_its_name_needs_no_request(server: Hostile, tmp_path: Path) -> None:
    part = transfer.Part(tmp_path / "2021-22-crdc-data.zip.part", server.url, total=len(BODY))
    part.path.write_bytes(BODY)
    part.save()
    fetch(server, tmp_path)
    assert is_whole(tmp_path)
    assert not server.seen


def test_a_part_of_another_address_is_not_taken_up(server: Hostile, tmp_path: Path) -> None:
    server.plan = [honest]
    part = transfer.Part(tmp_path / "2021-22-crdc-data.zip.part", "https://elsewhere/x.zip")
    part.path.write_bytes(OTHER[:HALF])
    part.save()
    fetch(server, tmp_path)
    assert is_whole(tmp_path)
    assert "range" not in server.seen[0]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"url": 1}'])
def test_a_part_without_a_readable_sidecar_is_not_taken_up(
    server: Hostile, tmp_path: Path, damage: str
) -> None:
    server.plan = [honest]
    (tmp_path / "2021-22-crdc-data.zip.part").write_bytes(OTHER[:HALF])
    (tmp_path / "2021-22-crdc-data.zip.part.json").write_text(damage)
    fetch(server, tmp_path)
    assert is_whole(tmp_path)


def test_a_server_that_ignores_range_sends_all_again(server: Hostile, tmp_path: Path) -> None:
    server.plan = [cut_off, ignores_range]
    told = Told()
    fetch(server, tmp_path, progress=told)
    assert is_whole(tmp_path)
    assert any("starting over" in word for word in told.words)


def test_without_etag_or_date_it_starts_over_rather_than_guess(
    server: Hostile, tmp_path: Path
) -> None:
    def nameless(answer: Answer) -> None:
        answer.reply(200, BODY[:HALF], Content_Length=str(len(BODY)), ETag=None)
        answer.hang_up()

    server.plan = [nameless, honest]
    fetch(server, tmp_path)
    assert "range" not in server.seen[1]
    assert is_whole(tmp_path)


def test_a_weak_etag_is_not_relied_on_but_a_date_is(server: Hostile, tmp_path: Path) -> None:
    date = "Tue, 05 Nov 2024 10:00:00 GMT"

    def weak(answer: Answer) -> None:
        head = {"Content_Length": str(len(BODY)), "ETag": 'W/"x"', "Last_Modified": date}
        answer.reply(200, BODY[:HALF], **head)
        answer.hang_up()

    def same(answer: Answer) -> None:
        span = f"bytes {HALF}-{len(BODY) - 1}/{len(BODY)}"
        answer.reply(206, BODY[HALF:], ETag='W/"x"', Content_Range=span)

    server.plan = [weak, same]
    fetch(server, tmp_path)
    assert server.seen[1]["if-range"] == date
    assert is_whole(tmp_path)


def test_a_file_that_changed_is_fetched_from_the_start(server: Hostile, tmp_path: Path) -> None:
    def new_whole(answer: Answer) -> None:
        answer.reply(200, OTHER, ETag='"two"')

    server.plan = [cut_off, new_whole]
    fetch(server, tmp_path)
    assert is_whole(tmp_path, OTHER)


def test_a_range_of_another_version_is_not_glued_on(server: Hostile, tmp_path: Path) -> None:
    def new_rest(answer: Answer) -> None:
        start = answer.asked
        span = f"bytes {start}-{len(OTHER) - 1}/{len(OTHER)}"
        answer.reply(206, OTHER[start:], ETag='"two"', Content_Range=span)

    def new_whole(answer: Answer) -> None:
        answer.reply(200, OTHER, ETag='"two"')

    server.plan = [cut_off, new_rest, new_whole]
    fetch(server, tmp_path)
    assert "range" not in server.seen[2]
    assert is_whole(tmp_path, OTHER)


# Lies about length ---------------------------------------------------------------------------


def test_fewer_bytes_than_announced_for_ever_is_refused(server: Hostile, tmp_path: Path) -> None:
    server.plan = [cut_and_ignores_range]
    with pytest.raises(NotAvailable, match="got no further"):
        fetch(server, tmp_path)
    assert len(server.seen) == 5
    assert not (tmp_path / "2021-22-crdc-data.zip").exists()


def test_an_announced_length_below_the_real_one_is_refused(server: Hostile, tmp_path: Path) -> None:
    def short(answer: Answer) -> None:
        answer.reply(200, BODY, Content_Length=str(len(BODY) - 1000))
        answer.hang_up()

    server.plan = [short]
    with pytest.raises(BadInput, match="cut off or damaged"):
        fetch(server, tmp_path)
    assert kept(tmp_path) == []


def chunked(answer: Answer, status: int, body: bytes, **headers: str | None) -> None:
    framed = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    answer.reply(status, framed, Content_Length=None, Transfer_Encoding="chunked", **headers)


def test_more_bytes_than_the_range_announced_is_refused(server: Hostile, tmp_path: Path) -> None:
    def longer(answer: Answer) -> None:
        span = f"bytes {answer.asked}-{len(BODY) - 1}/{len(BODY)}"
        chunked(answer, 206, BODY[answer.asked :] + b"and more", Content_Range=span)

    server.plan = [cut_off, longer]
    with pytest.raises(BadInput, match="more than the"):
        fetch(server, tmp_path)
    assert kept(tmp_path) == []


@pytest.mark.parametrize(
    ("span", "word"),
    [
        (f"bytes {HALF}-{len(BODY) - 1}/{len(BODY) + 5}", "as the length of a file of"),
        (f"bytes 0-{len(BODY) - 1}/{len(BODY)}", "when bytes from"),
        (f"bytes {HALF}-{len(BODY) - 6}/{len(BODY)}", "for a range of"),
        ("pages 1-2", "without a readable Content-Range"),
        (None, "without a readable Content-Range"),
    ],
)
def test_a_range_that_contradicts_the_first_answer_is_refused(
    server: Hostile, tmp_path: Path, span: str | None, word: str
) -> None:
    server.plan = [cut_off, lambda answer: answer.reply(206, BODY[HALF:], Content_Range=span)]
    with pytest.raises(BadInput, match=word):
        fetch(server, tmp_path)
    assert kept(tmp_path) == []


def test_a_length_denied_on_resuming_is_refused(server: Hostile, tmp_path: Path) -> None:
    server.plan = [cut_off, lambda answer: answer.reply(416, Content_Range="bytes */9")]
    with pytest.raises(BadInput, match="as the length of a file of"):
        fetch(server, tmp_path)


def test_no_length_at_all_is_borne_when_the_zip_is_whole(server: Hostile, tmp_path: Path) -> None:
    server.plan = [lambda answer: chunked(answer, 200, BODY)]
    fetch(server, tmp_path)
    assert is_whole(tmp_path)


def test_no_length_and_a_silent_cut_is_found_out(server: Hostile, tmp_path: Path) -> None:
    def old_style(answer: Answer) -> None:
        answer.reply(200, BODY[:HALF], Content_Length=None, Connection="close")
        answer.hang_up()

    server.plan = [old_style]
    with pytest.raises(BadInput, match="cut off or damaged"):
        fetch(server, tmp_path)


def test_bytes_changed_on_the_way_are_found_out(server: Hostile, tmp_path: Path) -> None:
    damaged = bytearray(BODY)
    damaged[HALF] ^= 1
    server.plan = [lambda answer: answer.reply(200, bytes(damaged))]
    with pytest.raises(BadInput, match="cut off or damaged"):
        fetch(server, tmp_path)
    assert kept(tmp_path) == []


# Other answers -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_file_that_is_not_there_is_refused_at_once(
    server: Hostile, tmp_path: Path, status: int
) -> None:
    server.plan = [lambda answer: answer.reply(status)]
    with pytest.raises(NotAvailable, match=f"answered {status}"):
        fetch(server, tmp_path)
    assert len(server.seen) == 1


def test_a_busy_server_is_asked_again_when_it_says(server: Hostile, tmp_path: Path) -> None:
    server.plan = [busy, lambda answer: answer.reply(500), honest]
    waits: list[float] = []
    fetch(server, tmp_path, patience=quick(waits))
    assert waits == [7.0, 2.0]
    assert is_whole(tmp_path)


def test_a_server_that_stays_broken_is_given_up(server: Hostile, tmp_path: Path) -> None:
    server.plan = [lambda answer: answer.reply(500)]
    waits: list[float] = []
    with pytest.raises(NotAvailable, match="answered 500"):
        fetch(server, tmp_path, patience=quick(waits))
    assert waits == [1.0, 2.0, 4.0]


def test_a_redirect_is_followed_and_a_circle_is_not(server: Hostile, tmp_path: Path) -> None:
    server.plan = [circle, honest]
    fetch(server, tmp_path / "a")
    assert is_whole(tmp_path / "a")
    server.plan = [circle]
    with pytest.raises(NotAvailable, match="in a circle"):
        fetch(server, tmp_path / "b")


def test_a_web_page_is_not_a_zip(server: Hostile, tmp_path: Path) -> None:
    server.plan = [page]
    with pytest.raises(BadInput, match="found a web page"):
        fetch(server, tmp_path)
    assert kept(tmp_path) == []


@pytest.mark.parametrize(("body", "found"), [(b"%PDF-1.7", "%PDF"), (b"", "nothing")])
def test_anything_else_is_not_a_zip(
    server: Hostile, tmp_path: Path, body: bytes, found: str
) -> None:
    server.plan = [lambda answer: answer.reply(200, body)]
    with pytest.raises(BadInput, match=found):
        fetch(server, tmp_path)


def test_a_web_page_on_resuming_does_not_cost_the_part(server: Hostile, tmp_path: Path) -> None:
    server.plan = [cut_off, page]
    with pytest.raises(BadInput, match="found a web page"):
        fetch(server, tmp_path)
    server.plan = [honest]
    fetch(server, tmp_path)
    assert server.seen[-1]["range"] == f"bytes={HALF}-"
    assert is_whole(tmp_path)


def test_an_encoded_answer_is_refused(server: Hostile, tmp_path: Path) -> None:
    server.plan = [lambda answer: answer.reply(200, BODY, Content_Encoding="br")]
    with pytest.raises(BadInput, match="encoded as br"):
        fetch(server, tmp_path)


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    with Hostile() as gone:
        url = gone.url
    with pytest.raises(NotAvailable, match="could not be reached"):
        download(url, tmp_path, patience=quick())


# This machine --------------------------------------------------------------------------------


def test_too_little_room_is_said_before_anything_is_written(
    server: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.plan = [honest]
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr(transfer.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(HomeroomError, match="MB free"):
        fetch(server, tmp_path)
    assert kept(tmp_path) == []


class FullDisk:
    """A file on a disk that fills up."""

    def __init__(self, stream: Any, room: int) -> None:
        self.stream = stream
        self.room = room

    def write(self, data: memoryview) -> int:
        if self.room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = self.stream.write(data[: self.room])
        self.room -= written
        return written


def test_a_disk_that_fills_up_keeps_the_part(
    server: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.plan = [honest]
    write = transfer._write
    disks: list[FullDisk] = []

    def full(stream: Any, chunk: bytes, part: transfer.Part) -> None:
        disks[:] = disks or [FullDisk(stream, HALF)]
        write(disks[0], chunk, part)

    monkeypatch.setattr(transfer, "_write", full)
    with pytest.raises(HomeroomError, match="disk full"):
        fetch(server, tmp_path)
    monkeypatch.undo()
    assert (tmp_path / "2021-22-crdc-data.zip.part").read_bytes() == BODY[:HALF]
    fetch(server, tmp_path)
    assert server.seen[-1]["range"] == f"bytes={HALF}-"
    assert is_whole(tmp_path)


def test_a_folder_that_is_a_file_is_refused(server: Hostile, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="expected a folder"):
        fetch(server, tmp_path / "file")


@pytest.mark.parametrize("end", ["", ".part", "a%2Fb.zip", "..", "%5Cb.zip"])
def test_an_address_without_a_plain_file_name_is_refused(tmp_path: Path, end: str) -> None:
    with pytest.raises(BadInput, match="file's name"):
        download(f"http://127.0.0.1:9/{end}", tmp_path)
    assert kept(tmp_path) == []


# Waves and the command -----------------------------------------------------------------------


def test_waves_without_an_archive_and_other_words_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAvailable, match="there is one for 2015-16, 2017-18, 2020-21, 2021-22"):
        download("2013-14", tmp_path)
    with pytest.raises(BadInput, match="expected a wave"):
        download("last year", tmp_path)


@pytest.fixture
def wave_at(server: Hostile, monkeypatch: pytest.MonkeyPatch) -> Hostile:
    wave = waves.Wave("2021-22", server.url, "A wave served from here.")
    monkeypatch.setitem(waves.WAVES, "2021-22", wave)
    return server


def test_the_command_fetches_a_wave_and_says_what_comes_next(
    wave_at: Hostile, tmp_path: Path
) -> None:
    wave_at.plan = [honest]
    arguments = ["--wave", "2021-22", "--to", str(tmp_path)]
    first = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert first.exit_code == 0
    assert hashlib.sha256(BODY).hexdigest() in first.stdout
    assert f"homeroom build --from {tmp_path}" in first.stdout
    second = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert "already here" in second.stderr
    assert len(wave_at.seen) == 1


def test_the_command_stopped_by_hand_keeps_the_part(
    wave_at: Hostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    wave_at.plan = [honest]
    monkeypatch.setattr("homeroom.cli.watching.Drawn.moved", stop)
    result = CliRunner().invoke(command, ["--wave", "2021-22", "--to", str(tmp_path)])
    assert result.exit_code == 130
    assert "run the same command again" in result.stderr
    assert kept(tmp_path) == ["2021-22-crdc-data.zip.part", "2021-22-crdc-data.zip.part.json"]


def test_silence_is_counted_from_the_last_byte(server: Hostile, tmp_path: Path) -> None:
    def slow(answer: Answer) -> None:
        answer.reply(200, b"", Content_Length=str(len(BODY)))
        for start in range(0, len(BODY), len(BODY) // 4):
            time.sleep(0.1)
            answer.wfile.write(BODY[start : start + len(BODY) // 4])

    server.plan = [slow]
    fetch(server, tmp_path)
    assert len(server.seen) == 1
    assert is_whole(tmp_path)
