"""Fetch the official ZIP of a wave: resumable, checked, with a receipt.

While it runs, ``<file>.part`` holds the bytes and ``<file>.part.json`` what they belong to. When
every byte is there and the ZIP's own checksums hold, a receipt ``<file>.json`` with address, size
and SHA-256 is written and the part takes the file's name. Stopped at any moment, the same call
goes on from where it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import zipfile
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import httpx

from homeroom.errors import BadInput, NotAvailable
from homeroom.sources.transfer import Part, Progress, TransientError, carry_on
from homeroom.vocabulary.waves import WAVES, with_archive

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Downloaded", "Progress", "RetryPolicy", "addresses_of", "download"]


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that is whole. ``fetched`` is False when it was already there."""

    path: Path
    size: int
    sha256: str
    url: str
    fetched: bool = True


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long to wait for a silent server, and how often to try without getting further."""

    silence: float = 30.0
    """Seconds without a byte after which the connection is given up."""
    tries: int = 6
    """Connections in a row that bring nothing new."""
    first_wait: float = 1.0
    longest_wait: float = 60.0
    sleep: Callable[[float], None] = time.sleep


class _Silent:
    def moved(self, done: int, total: int | None) -> None:
        """Say nothing."""

    def told(self, message: str) -> None:
        """Say nothing."""


def addresses_of(wave_or_url: str, mirror: str | None = None) -> tuple[str, ...]:
    """Return the addresses of a wave's official ZIP in the order to try; an address stands alone.

    Parameters
    ----------
    wave_or_url
        A wave, or an ``http(s)`` address.
    mirror
        An address under which somebody keeps copies of OCR's ZIPs under their own names; asked
        instead of OCR.

    Raises
    ------
    BadInput
        Neither a wave nor an address.
    NotAvailable
        OCR publishes no ZIP for the wave that could be fetched.
    """
    if wave_or_url.startswith(("http://", "https://")):
        return (wave_or_url,)
    offered = ", ".join(with_archive())
    wave = WAVES.get(wave_or_url)
    if wave is None:
        raise BadInput(
            f"{wave_or_url}: expected a wave with an official ZIP ({offered}), found another word."
        )
    if not wave.addresses:
        raise NotAvailable(
            f"{wave.id}: no address of an official ZIP is known; there is one for {offered}. Look "
            "at https://civilrightsdata.ed.gov/data and give what you find to "
            "homeroom build --from."
        )
    if mirror is None:
        return wave.addresses
    if not mirror.startswith(("http://", "https://")):
        raise BadInput(f"{mirror}: expected the mirror's address to begin with https://.")
    names = (one.rsplit("/", 1)[-1] for one in wave.addresses)
    return tuple(dict.fromkeys(f"{mirror.rstrip('/')}/{name}" for name in names))


def download(
    wave_or_url: str,
    folder: Path,
    *,
    progress: Progress | None = None,
    client: httpx.Client | None = None,
    patience: RetryPolicy | None = None,
    mirror: str | None = None,
) -> Downloaded:
    """Fetch a wave's ZIP (or any ZIP by address) into ``folder``, and check it.

    Parameters
    ----------
    wave_or_url
        A wave of :mod:`homeroom.vocabulary.waves`, or an ``http(s)`` address.
    folder
        Created where needed.
    progress
        Told of every chunk and every retry.
    client
        An HTTP client of your own (a proxy, say); it decides about redirects and timeouts.
    patience
        How long to wait, and how often to try.
    mirror
        As for :func:`addresses_of`.

    Raises
    ------
    BadInput
        The server sent something else than it announced, or than a whole ZIP.
    NotAvailable
        The server does not have the file, or could not be reached often enough.
    HomeroomError
        The disk is full; what was fetched is kept.
    """
    progress, patience = progress or _Silent(), patience or RetryPolicy()
    urls = _begun_first(addresses_of(wave_or_url, mirror), folder)
    for url in urls[:-1]:
        try:
            return _download(url, folder, progress, client, patience)
        except (BadInput, NotAvailable) as error:
            progress.told(f"{error} Trying another address of the same file.")
    return _download(urls[-1], folder, progress, client, patience)


def _begun_first(urls: tuple[str, ...], folder: Path) -> list[str]:
    """Put the addresses first from which something is here: their bytes are worth most."""
    here = [url for url in urls if _is_of(_target(url, folder), url)]
    return [*here, *(url for url in urls if url not in here)]


def _is_of(target: Path, url: str) -> bool:
    """Return whether a whole file, or a part of one, is here from an address."""
    for note in (_receipt(target), target.with_name(target.name + ".part.json")):
        try:
            if json.loads(note.read_text(encoding="utf-8"))["url"] == url:
                return True
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return False


def _download(
    url: str, folder: Path, progress: Progress, client: httpx.Client | None, patience: RetryPolicy
) -> Downloaded:
    target = _target(url, folder)
    if (there := _already(target, url, progress)) is not None:
        return there
    part = Part.of(target, url)
    if part.offset:
        progress.told(f"Going on after {part.offset:,} bytes that are already here.")
    own = client or httpx.Client(timeout=patience.silence, follow_redirects=True, max_redirects=5)
    try:
        _persist(own, part, progress, patience)
    finally:
        if client is None:
            own.close()
    progress.told("Checking the ZIP.")
    _check(part)
    return _keep(part, target)


def _target(url: str, folder: Path) -> Path:
    name = unquote(Path(urlsplit(url).path).name)
    if not name or "/" in name or "\\" in name or name.startswith("."):
        raise BadInput(f"{url}: expected an address that ends in a file's name, found {name!r}.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"{folder}: expected a folder to write to, but: {error.strerror}. Choose another."
        ) from error
    if not os.access(folder, os.W_OK):
        raise BadInput(f"{folder}: expected a folder that can be written to. Choose another.")
    return folder / name


def _already(target: Path, url: str, progress: Progress) -> Downloaded | None:
    if not target.exists():
        return None
    try:
        receipt = json.loads(_receipt(target).read_text(encoding="utf-8"))
        said = receipt["url"], receipt["size"], receipt["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        said = None
    if said is None or said[0] != url:
        raise BadInput(
            f"{target}: expected no such file yet, found one that was not fetched from {url}. "
            "Use it as it is (homeroom build --from), move it away, or choose another folder."
        )
    found = Downloaded(target, target.stat().st_size, _sha256(target), url, fetched=False)
    if said != (url, found.size, found.sha256):
        progress.told(f"{target.name} is not what its receipt says; fetching it again.")
        return None
    progress.told(f"{target.name} is already here and whole; nothing was fetched.")
    return found


def _persist(client: httpx.Client, part: Part, progress: Progress, patience: RetryPolicy) -> None:
    """Connect until the part is complete; give up when several connections bring nothing new."""
    furthest, idle = part.offset, 0
    while not part.complete:
        try:
            carry_on(client, part, progress)
        except (TransientError, httpx.TransportError) as error:
            wished = error.wait if isinstance(error, TransientError) else None
            idle = 0 if part.offset > furthest else idle + 1
            furthest = max(furthest, part.offset)
            reason = _in_words(error)
            if idle >= patience.tries or isinstance(error, httpx.UnsupportedProtocol):
                raise NotAvailable(
                    f"{part.url}: expected the file, but {reason}, and trying again ({idle} times) "
                    f"got no further. {part.offset:,} bytes are kept: try again "
                    "later, and it goes on from there."
                ) from error
            backoff = patience.first_wait * 2 ** max(idle - 1, 0)
            wait = min(backoff if wished is None else wished, patience.longest_wait)
            progress.told(f"After {part.offset:,} bytes {reason}; trying again in {wait:.0f} s.")
            patience.sleep(wait)
        except httpx.TooManyRedirects as error:
            raise NotAvailable(
                f"{part.url}: expected the file, but the server sends from address to address in "
                "a circle. The address may have changed: look at https://civilrightsdata.ed.gov/data."
            ) from error
        except httpx.InvalidURL as error:
            raise BadInput(f"{part.url}: expected a web address, but {error}.") from error


def _in_words(error: Exception) -> str:
    match error:
        case httpx.TimeoutException():
            return "the server fell silent"
        case httpx.ConnectError():
            return f"the server could not be reached ({error})"
        case httpx.RemoteProtocolError() | httpx.ReadError():
            return f"the connection was cut ({error})" if str(error) else "the connection was cut"
        case _:
            return str(error) or type(error).__name__


def _check(part: Part) -> None:
    """Hold the bytes against the ZIP's own directory and checksums.

    A server that announces fewer bytes than the file has, and keeps to that, is found out here.
    """
    try:
        with zipfile.ZipFile(part.path) as archive:
            bad = archive.testzip()
    except NotImplementedError:
        return  # a compression that Python cannot undo: the directory at the end was read
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        bad = str(error)
    if bad:
        size = part.offset
        part.forget()
        raise BadInput(
            f"{part.url}: expected a whole ZIP file in the {size:,} bytes that the server "
            f"announced, found one that is cut off or damaged ({bad}). Nothing was kept; try again."
        )


def _keep(part: Part, target: Path) -> Downloaded:
    """Write the receipt, then give the part its name: a file never stands without a receipt."""
    done = Downloaded(target, part.offset, _sha256(part.path), part.url)
    receipt = {
        "url": done.url,
        "size": done.size,
        "sha256": done.sha256,
        "etag": part.etag,
        "last_modified": part.last_modified,
        "downloaded": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with part.path.open("rb+") as stream:
        os.fsync(stream.fileno())
    draft = _receipt(target).with_suffix(".json.new")
    draft.write_text(json.dumps(receipt, indent=1) + "\n", encoding="utf-8")
    draft.replace(_receipt(target))
    part.path.replace(target)
    part.sidecar.unlink(missing_ok=True)
    return done


def _receipt(target: Path) -> Path:
    return target.with_name(target.name + ".json")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
