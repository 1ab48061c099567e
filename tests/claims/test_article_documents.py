from __future__ import annotations

import io
import zipfile

import pytest

from articles import SAID, docx, locked, pdf
from homeroom.claims.article.documents import MOST_BYTES, document_of
from homeroom.claims.article.split import LONGEST, clean
from homeroom.errors import BadInput


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (SAID.encode(), "text"),
        (b"\xef\xbb\xbf" + SAID.encode(), "text"),
        (SAID.encode("utf-16"), "text"),
        (f"<html><body><p>{SAID}</p></body></html>".encode(), "HTML"),
        (docx("A headline", SAID), "DOCX"),
        (pdf(SAID), "PDF"),
    ],
)
def test_every_kind_of_file_gives_its_words(content: bytes, form: str) -> None:
    found = document_of(content)
    assert found.form == form
    assert SAID in " ".join(found.text.split())


def test_a_page_gives_what_a_reader_sees() -> None:
    page = (
        "<!doctype html><title>x</title><script>alert('a')</script><style>p{}</style>"
        "<nav>Home</nav><p>One &amp; two.</p><div>Three<br>four</div><p onclick='x()'>Five</p>"
    )
    assert document_of(page).text == "One & two.\n\nThree\nfour\n\nFive"


def test_less_than_signs_make_no_page_of_a_text() -> None:
    assert document_of("In 2 schools x < 5 and y > 3.").form == "text"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x7fELF\x00\x00\x01\x02" * 50, "another kind of file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "another kind of file"),
        (b"x" * (MOST_BYTES + 1), "at most 5,000,000 bytes"),
        (b"%PDF-1.7 broken", "damaged"),
        (pdf(SAID)[:400], "damaged"),
        (locked(pdf(SAID)), "encrypted"),
        (pdf("#rect(width: 2cm)"), "found none"),
        (b"PK\x03\x04 broken", "damaged"),
        (docx(SAID)[:-40], "damaged"),
        (docx("<w:t>unclosed"), "damaged"),
        (docx(SAID, extra='<!DOCTYPE a [<!ENTITY b "c">]>'), "damaged"),
    ],
)
def test_what_is_no_article_gives_one_clear_error(content: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        clean(document_of(content).text)


def test_a_file_that_unpacks_to_far_more_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * 60_000_000)
    assert len(out.getvalue()) < 100_000
    with pytest.raises(BadInput, match="unpacked"):
        document_of(out.getvalue())


def test_another_archive_is_not_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.txt", SAID)
    with pytest.raises(BadInput, match="another kind of archive"):
        document_of(out.getvalue())


@pytest.mark.parametrize(
    "text", ["", " \n\t", "a" * (LONGEST + 1), "a\x00b", "\x01\x02\x03\x04\x05"]
)
def test_a_text_is_words_within_bounds(text: str) -> None:
    with pytest.raises(BadInput):
        clean(text)


def test_marks_of_direction_are_taken_out_and_offsets_stay() -> None:
    assert clean("a\u202eb\x0cc") == "a b c"
