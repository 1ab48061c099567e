"""Ed-Fi: Data Standard 5 interchange XML and API-style JSON, read as one stream of records.

A document is read piece by piece. One that declares entities is refused before they expand, and a
text that goes on for a megabyte without a tag is refused when it has.
"""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import defusedxml
import defusedxml.ElementTree as Safe

from homeroom.errors import BadInput
from homeroom.records.sealed import sealed

Record = dict[str, Any]
_LONGEST_TEXT = 1 << 20
_MOST_JSON = 1 << 30
_HEAD = 4096


def kind_of(path: Path) -> str:
    """Return ``xml`` or ``json`` for a document that may be Ed-Fi's, and an empty text for others.

    Parameters
    ----------
    path
        A plain file.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith((b"{", b"[")):
        return "json"
    return "xml" if head.startswith(b"<") else ""


def records(path: Path, name: str) -> Iterator[tuple[str, Record]]:
    """Yield the resource, as in ``disciplineAction``, and content of each record of a document.

    References by ``ref`` within the document are followed, when what they name came before.

    Parameters
    ----------
    path
        A document.
    name
        Its name for people.

    Raises
    ------
    BadInput
        It is not whole, declares entities, or is too large for JSON.
    """
    with sealed(name):
        yield from _xml(path, name) if kind_of(path) == "xml" else _json(path, name)


class _Bounded(io.RawIOBase):
    """A stream that refuses text which goes on and on without a tag."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        super().__init__()
        self._stream, self._name, self._run = stream, name, 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(min(size, 1 << 16) if size > 0 else 1 << 16)
        at = piece.rfind(b">")
        self._run = len(piece) - at - 1 if at >= 0 else self._run + len(piece)
        if self._run > _LONGEST_TEXT:
            raise BadInput(
                f"{self._name}: expected elements of at most 1 MB, found a longer one. No record "
                "has such."
            )
        return piece


def _xml(path: Path, name: str) -> Iterator[tuple[str, Record]]:
    named: dict[str, Record] = {}
    depth = 0
    try:
        with path.open("rb") as stream:
            root = None
            for event, element in Safe.iterparse(
                _Bounded(stream, name), events=("start", "end"), forbid_dtd=True
            ):
                depth += 1 if event == "start" else -1
                if depth == 1 and event == "start":
                    root = element
                elif depth == 1 and event == "end":
                    record = _content(element)
                    found = record if isinstance(record, dict) else {}
                    if "id" in element.attrib:
                        named[element.attrib["id"]] = found
                    yield _lower(_local(element.tag)), _followed(found, named)
                    if root is not None:
                        root.clear()
    except (defusedxml.DefusedXmlException, ET.ParseError) as error:
        declares = isinstance(error, defusedxml.DefusedXmlException)
        at = f" in line {error.position[0]:,}" if isinstance(error, ET.ParseError) else ""
        raise BadInput(
            f"{name}: expected Ed-Fi interchange XML, found "
            + ("a document that declares entities." if declares else f"broken XML{at}.")
        ) from None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _content(element: ET.Element) -> Any:
    """Return an element as JSON would have it; a repeated child becomes a list."""
    if not len(element):
        ref = element.attrib.get("ref")
        return {"@ref": ref} if ref else (element.text or "").strip()
    found: Record = {"@ref": element.attrib["ref"]} if "ref" in element.attrib else {}
    for child in element:
        name, value = _lower(_local(child.tag)), _content(child)
        if name in found:
            earlier = found[name]
            found[name] = [*earlier, value] if isinstance(earlier, list) else [earlier, value]
        else:
            found[name] = value
    return found


def _followed(value: Any, named: Mapping[str, Record]) -> Any:
    if isinstance(value, dict):
        ref = str(value.get("@ref", ""))
        if ref in named:
            return {**named[ref], **{k: v for k, v in value.items() if k != "@ref"}}
        return {key: _followed(one, named) for key, one in value.items()}
    if isinstance(value, list):
        return [_followed(one, named) for one in value]
    return value


def _json(path: Path, name: str) -> Iterator[tuple[str, Record]]:
    if path.stat().st_size > _MOST_JSON:
        raise BadInput(f"{name}: expected JSON of at most 1 GB, found more. Split it by resource.")
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise BadInput(f"{name}: expected JSON, found what is none. Export it again.") from None
    if isinstance(data, list):
        data = {name.rpartition(":")[2].rpartition("/")[2].rpartition(".")[0]: data}
    if not isinstance(data, dict):
        raise BadInput(f"{name}: expected lists of Ed-Fi resources, found something else.")
    for resource, rows in data.items():
        if not isinstance(rows, list):
            continue
        for row in rows:
            if isinstance(row, dict):
                yield singular(resource), row


def singular(resource: str) -> str:
    """Return the name of one record of a resource, as in ``disciplineAction``."""
    name = _lower(resource.rpartition("/")[2])
    return name.removesuffix("s") if not name.endswith("ss") else name


def first(value: Any, name: str) -> str:
    """Return the first text under a name, however deep it stands; empty where there is none."""
    for found in every(value, name):
        if isinstance(found, bool):
            return "true" if found else "false"
        if isinstance(found, (str, int, float)):
            return str(found)
    return ""


def every(value: Any, name: str) -> Iterator[Any]:
    """Yield every value under a name, those near the top first."""
    if isinstance(value, dict):
        if name in value:
            found = value[name]
            yield from found if isinstance(found, list) else [found]
        for key, one in value.items():
            if key != name:
                yield from every(one, name)
    elif isinstance(value, list):
        for one in value:
            yield from every(one, name)


def code(uri: str) -> str:
    """Return the code of a descriptor: what follows its number sign."""
    return uri.rpartition("#")[2].strip()


def codes(record: Record, names: Sequence[str]) -> list[str]:
    """Return the codes of the descriptors under some names, in their order, each once."""
    found = [code(one) for name in names for one in every(record, name) if isinstance(one, str)]
    return list(dict.fromkeys(one for one in found if one))
