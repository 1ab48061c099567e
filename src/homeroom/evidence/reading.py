"""Which of the paths given are files to read, and reading them: one bad file stops no other."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from homeroom.errors import HomeroomError
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.registry import Refused, find_files, recognize
from homeroom.text_gate import shown

_AHEAD = 2
_DOCUMENTS = frozenset(
    (".doc", ".docx", ".htm", ".html", ".json", ".md", ".pdf", ".rtf", ".sha256", ".yaml", ".yml")
)
_STOPS = (KeyboardInterrupt, SystemExit, GeneratorExit)


def sort_files(
    paths: Iterable[Path], apart: Path, wave: str | None = None
) -> tuple[list[Recognized], list[Refused]]:
    """Tell files that a reader takes from those that none does.

    Parameters
    ----------
    paths
        Files, ZIPs, and folders.
    apart
        The store to be written: met within a folder, it is passed over.
    wave
        The wave of CRDC files that do not prove it themselves.

    Raises
    ------
    BadInput
        A path does not exist.
    """
    recognized: list[Recognized] = []
    refused: list[Refused] = []
    paths = list(paths)
    named = set(paths)
    alike: dict[tuple[int, str | None], list[SourceFile]] = {}
    for file in _found(paths, apart):
        found = file if isinstance(file, Refused) else _recognized(replace(file, wave=wave))
        if isinstance(found, Refused):
            aside = file is not found and _is_beside(file, named)
            refused.append(replace(found, expected=found.expected or aside))
            continue
        # Hashes take long: only files of one size can be the same.
        twins = alike.setdefault((found.file.size, found.file.member), [])
        if any(twin.sha256 == found.file.sha256 for twin in twins):
            refused.append(Refused(found.file.name, "the same file was given twice", expected=True))
        else:
            twins.append(found.file)
            recognized.append(found)
    return recognized, refused


def _is_beside(file: SourceFile | Refused, named: set[Path]) -> bool:
    """Tell a manual or a receipt that lies in a folder of data from a file given by its name."""
    return (
        isinstance(file, SourceFile)
        and file.path not in named
        and file.path.suffix.lower() in _DOCUMENTS
    )


def _found(paths: Iterable[Path], apart: Path) -> Iterator[SourceFile | Refused]:
    for path in paths:
        listing = find_files([path])
        while True:
            try:
                file = next(listing, None)
            except HomeroomError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever a damaged archive leads to
                yield Refused(shown(path.name), unforeseen(error))
                break
            if file is None:
                break
            if not (isinstance(file, SourceFile) and path.is_dir() and _same(file.path, apart)):
                yield file


def _same(one: Path, other: Path) -> bool:
    return other.exists() and one.exists() and one.samefile(other)


def _recognized(file: SourceFile) -> Recognized | Refused:
    try:
        return recognize(file)
    except _STOPS:
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of a library is no Exception
        return Refused(file.name, unforeseen(error))


def read_all(found: list[Recognized]) -> Iterator[tuple[Recognized, list[Batch] | Refused]]:
    """Read files in order, up to two ahead of what is being stored; a refusal stands for a file."""
    with ThreadPoolExecutor(max_workers=_AHEAD) as pool:
        ahead: deque[tuple[Recognized, Future[list[Batch] | Refused]]] = deque()
        for item in found:
            if len(ahead) == _AHEAD:
                done, batches = ahead.popleft()
                ahead.append((item, pool.submit(read, item)))
                yield done, batches.result()
            else:
                ahead.append((item, pool.submit(read, item)))
        while ahead:
            done, batches = ahead.popleft()
            yield done, batches.result()


def read(item: Recognized) -> list[Batch] | Refused:
    """Read a file to its end, so that nothing of it counts where any of it is refused."""
    name = item.file.name
    try:
        item.file.sha256  # noqa: B018 - kept by the file, and made here beside what is being stored
        return list(item.read())
    except HomeroomError as error:
        return Refused(name, str(error).removeprefix(f"{name}: "))
    except _STOPS:
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of a library is no Exception
        return Refused(name, unforeseen(error))


def unforeseen(error: BaseException) -> str:
    """Return the reason for refusing a file that a library could not read, in one line."""
    if isinstance(error, OSError) and error.strerror:
        return f"expected a file that can be read, found that it cannot: {error.strerror}"
    said = shown((str(error).splitlines() or [""])[0][:200])
    return (
        f"expected a whole file in its publisher's layout, found one that cannot be read "
        f"({type(error).__name__}{': ' if said else ''}{said}). Take the file from its publisher "
        "again."
    )
