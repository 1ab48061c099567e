"""Read the official XML of a bill (the House and Senate "bill" DTD), and refuse what is hostile.

The element names are those of the bill DTD, public identifier ``-//US Congress//DTDs/bill.dtd//EN``
(legislative documents in XML at xml.house.gov). No entity is ever expanded and nothing outside the
file is ever opened: a file that declares an entity is refused before its content is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from homeroom.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST = 5_000_000
DEEPEST = 60
LEVELS = frozenset(
    ("section", "subsection", "paragraph", "subparagraph", "clause", "subclause", "item", "subitem")
)
OWN_TEXT = frozenset(("text", "continuation-text", "quoted-block"))
KINDS = {"s": "S.", "hr": "H.R."}


@dataclass(frozen=True, slots=True)
class Passage:
    """One numbered unit of a bill, such as 4(b)(2), with the words of the units above it."""

    path: str
    header: str
    text: str
    above: str

    @property
    def context(self) -> str:
        """Return the words that govern the passage, outermost first, and its own."""
        return " ".join(part for part in (self.above, self.header, self.text) if part)


@dataclass(frozen=True, slots=True)
class BillText:
    """A bill as printed."""

    id: str
    number: str
    congress: int
    date: str | None
    title: str
    passages: tuple[Passage, ...]

    @property
    def sections(self) -> tuple[Passage, ...]:
        """Return the sections as whole units, without what stands below them."""
        return tuple(passage for passage in self.passages if "(" not in passage.path)


def read_bill(path: Path) -> BillText:
    """Read a bill from a file.

    Raises
    ------
    BadInput
        If the file is too large, hostile, cut off, or no bill in this format.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise BadInput(f"The bill {path.name} cannot be read: {error.strerror}.") from error
    return parse_bill(content, path.name)


def parse_bill(content: bytes, name: str) -> BillText:
    """Read a bill from the bytes of its file, called ``name`` in messages."""
    if len(content) > LARGEST:
        raise BadInput(f"{name}: a bill has at most {LARGEST:,} bytes; this file is larger.")
    root = _tree(content, name)
    if root.tag.rpartition(":")[2] != "bill":
        raise BadInput(
            f"{name}: expected a bill (root element <bill>), found <{root.tag}>; download the "
            "XML of the bill itself, such as BILLS-117s2125is.xml."
        )
    body, number = root.find("legis-body"), root.find("form/legis-num")
    congress = root.find("form/congress")
    if body is None or number is None or congress is None:
        raise BadInput(
            f"{name}: expected <form> with <legis-num> and <congress>, and <legis-body>, as in the "
            "bill DTD; the newer USLM format is not read. Download the file named BILLS-....xml."
        )
    passages = tuple(_passages(body, "", ""))
    if not passages:
        raise BadInput(f"{name}: the bill holds no section.")
    return _named(root, _flat(number), _flat(congress), passages, name)


def _named(
    root: Element, number: str, congress: str, passages: tuple[Passage, ...], name: str
) -> BillText:
    session, legis = re.match(r"(\d+)", congress), re.fullmatch(r"(S|H\.? ?R)\. ?(\d+)", number)
    if not session or not legis:
        raise BadInput(
            f"{name}: expected a number like 'S. 2125' of a Congress like '117th CONGRESS', found "
            f"{number!r} of {congress!r}."
        )
    kind = "s" if legis[1] == "S" else "hr"
    day = root.find("form/action/action-date")
    stamp = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", day.get("date", "")) if day is not None else None
    title = root.find("form/official-title")
    return BillText(
        id=f"{kind}{legis[2]}-{session[1]}",
        number=f"{KINDS[kind]} {legis[2]}",
        congress=int(session[1]),
        date="-".join(stamp.groups()) if stamp else None,
        title=_flat(title) if title is not None else "",
        passages=passages,
    )


def _passages(parent: Element, path: str, above: str) -> Iterator[Passage]:
    for child in parent:
        if child.tag not in LEVELS:
            if child.tag not in OWN_TEXT:  # titles, parts and the like hold sections
                yield from _passages(child, path, above)
            continue
        enum = _flat(child.find("enum"))
        here = f"{path}{enum.rstrip('.')}"
        header = _flat(child.find("header"))
        text = " ".join(_flat(part) for part in child if part.tag in OWN_TEXT)
        passage = Passage(here, header, text, above)
        yield passage
        yield from _passages(child, here, passage.context)


def _flat(element: Element | None) -> str:
    """Join all the words under an element, as printed, with single spaces."""
    if element is None:
        return ""
    parts: list[str] = []
    _gather(element, parts)
    return " ".join("".join(parts).split())


def _gather(element: Element, parts: list[str]) -> None:
    quoted = element.tag == "quote"
    block = element.tag in LEVELS | {"enum", "header", "text", "quoted-block"}
    parts.append("\u201c" if quoted else " " if block else "")
    parts.append(element.text or "")
    for child in element:
        _gather(child, parts)
        parts.append(child.tail or "")
    parts.append("\u201d" if quoted else " " if block else "")


def _tree(content: bytes, name: str) -> Element:
    """Parse with expat, refusing entities, internal subsets and outside files as they appear."""
    parser, builder = expat.ParserCreate(), TreeBuilder()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise BadInput(f"{name}: elements are nested more than {DEEPEST} deep; no bill is.")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def doctype(_tag: str, _system: str | None, _public: str | None, internal: int) -> None:
        if internal:
            raise BadInput(
                f"{name}: the DOCTYPE declares things of its own; no official bill does."
            )

    def refuse(*_: object) -> int:
        raise BadInput(f"{name}: the file declares or uses an entity; no official bill does.")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = parser.SkippedEntityHandler = refuse
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.buffer_text = True
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat's own argument
    except expat.ExpatError as error:
        raise BadInput(f"{name} is no complete XML file ({error}); download it again.") from error
    except (LookupError, ValueError) as error:
        raise BadInput(f"{name}: the file's encoding is not one that is read.") from error
    return builder.close()
