"""Files as people have them: saved again by pandas, R, spreadsheets, SPSS, Stata, and databases."""

from __future__ import annotations

import csv
import io

import polars as pl
import pyreadstat
import pytest
import xlsxwriter

import crdc_factory as crdc
from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.registry import Refused, find_files, recognize

ARRESTS = "Referrals and Arrests"
A, B = "060990000001", "060990000002"
SCHOOLS = [
    crdc.school(A, LEA_STATE="CA", LEA_STATE_NAME="CALIFORNIA", SCH_DISCWODIS_ARR_BL_M=1100),
    crdc.school(B, LEA_STATE="CA", LEA_STATE_NAME="CALIFORNIA", SCH_DISCWODIS_ARR_WH_F=7),
]
TEXT = crdc.text(ARRESTS, SCHOOLS)
TABLE = list(csv.reader(io.StringIO(TEXT)))
NUMERIC = {"LEAID", "SCHID", "COMBOKEY"}


def frame(*, numeric_ids: bool = False) -> pl.DataFrame:
    """Give the rows with counts as numbers, as statistics programs hold them."""
    found = pl.DataFrame(TABLE[1:], schema=TABLE[0], orient="row")
    counts = [name for name in found.columns if name.startswith(("SCH_DISC", "TOT_"))]
    found = found.with_columns(pl.col(counts).cast(pl.Float64))
    return found.with_columns(pl.col(list(NUMERIC)).cast(pl.Int64)) if numeric_ids else found


def read(path) -> tuple[dict[tuple[str, int], int], tuple[str, ...]]:
    """Give the counts by school and cell, and the notes."""
    recognized = recognize(SourceFile(path))
    assert not isinstance(recognized, Refused), recognized
    assert recognized.title == "CRDC 2017-18, Referrals and Arrests"
    batches = list(recognized.read())
    cells = next(batch.frame for batch in batches if batch.table == "cell")
    told = cells.filter(pl.col("value").is_not_null())
    counts = {(row["school_no"], row["cell_id"]): row["value"] for row in told.to_dicts()}
    return counts, tuple(note for batch in batches for note in batch.notes)


@pytest.fixture
def tmp_path(tmp_path):
    """A folder that names the wave, which the files of one module alone do not prove."""
    folder = tmp_path / "2017-18"
    folder.mkdir()
    return folder


@pytest.fixture
def right(tmp_path):
    path = tmp_path / "official.csv"
    path.write_text(TEXT)
    counts, notes = read(path)
    assert sorted(counts.values()) == [7, 1100]
    assert notes == ("wave 2017-18 by the name of its file or folder",)
    return counts


def edited(**changes: str) -> str:
    """Give the text with the first school's values replaced."""
    rows = [list(row) for row in TABLE]
    for name, value in changes.items():
        rows[1][rows[0].index(name)] = value
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def with_separator(separator: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(TABLE)
    return out.getvalue()


def r_write_csv() -> str:
    out = io.StringIO()
    rows = [["", *TABLE[0]], *([str(n), *row] for n, row in enumerate(TABLE[1:], 1))]
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue().replace('"0"\n', "NA\n")


LAST = TABLE[0][-1]
LINES = TEXT.splitlines(keepends=True)
TEXTS = {
    "CRLF": (TEXT.replace("\n", "\r\n"), ""),
    "CR alone": (TEXT.replace("\n", "\r"), "old Mac"),
    "no last line break": (TEXT.replace("\n", "\r\n").removesuffix("\r\n"), "no line break"),
    "blank rows at the end": (TEXT + "," * (len(TABLE[0]) - 1) + "\n\n", "1 empty rows"),
    "UTF-8 with its mark": ("\ufeff" + TEXT, ""),
    "tabs": (with_separator("\t"), ""),
    "semicolons": (with_separator(";"), "semicolons"),
    "vertical bars": (with_separator("|"), "vertical bars"),
    "pandas index": (
        "".join(("," if n == 0 else f"{n - 1},") + row for n, row in enumerate(LINES)),
        "no heading",
    ),
    "R row names without a heading": (
        "".join(("" if n == 0 else f"{n},") + row for n, row in enumerate(LINES)),
        "R writes row names",
    ),
    "R write.csv": (r_write_csv(), "NA was read as empty"),
    "small letters": ("".join([LINES[0].lower(), *LINES[1:]]), "small"),
    "blanks around headings": (
        "".join([LINES[0].replace(",", " , "), *LINES[1:]]), "blanks",
    ),
    "thousands": (edited(SCH_DISCWODIS_ARR_BL_M="1,100"), "with commas, as in 1,100"),
    "floats": (edited(SCH_DISCWODIS_ARR_BL_M="1100.0"), ""),
    "header again": (
        "".join([*LINES[:2], LINES[0], LINES[2]]), "stands again in row 3",
    ),
    "damaged ids": (edited(COMBOKEY="6.0990E+10", LEAID="609900", SCHID="1"), "rebuilt"),
    "a value lacking in one of two rows": (
        TEXT + edited(SCH_DISCWODIS_ARR_BL_M="").split("\n")[1] + "\n", "say less than another",
    ),
    **{
        f"{word} for nothing": (edited(**{LAST: word}), f"{word} was read as empty where")
        for word in ("NA", "N/A", "NaN", "NULL", ".")
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", TEXTS)
def test_text_saved_again_gives_the_same_counts_and_says_how(tmp_path, right, kind):
    text, note = TEXTS[kind]
    path = tmp_path / "again.csv"
    path.write_bytes(text.encode())
    counts, notes = read(path)
    assert counts == right
    assert note in " ".join(notes)
    assert bool(note) == any(not told.startswith("wave ") for told in notes)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_characters_with_tabs_are_read(tmp_path, right, encoding):
    path = tmp_path / "tableau.csv"
    path.write_bytes(with_separator("\t").encode(encoding))
    counts, notes = read(path)
    assert counts == right
    assert "was read as such" in notes[0]


def workbook(path, *, numbers: bool, second: bool = False) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_numbers": numbers}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(TABLE):
            sheet.write_row(at, 0, row)
        if second:
            book.add_worksheet().write(0, 0, "what this is")


def save(path, kind: str) -> None:
    match kind:
        case "a workbook of text":
            workbook(path, numbers=False)
        case "a workbook of numbers":
            workbook(path, numbers=True)
        case "Parquet":
            frame().write_parquet(path)
        case "Arrow":
            frame(numeric_ids=True).write_ipc(path)
        case "Stata":
            pyreadstat.write_dta(frame().to_pandas(), str(path))
        case "SPSS":
            pyreadstat.write_sav(frame().to_pandas(), str(path))


@pytest.mark.parametrize(
    "kind",
    ["a workbook of text", "a workbook of numbers", "Parquet", "Arrow", "Stata", "SPSS"],
)
def test_other_formats_give_the_same_counts(tmp_path, right, kind):
    path = tmp_path / "table.bin"
    save(path, kind)
    counts, notes = read(path)
    assert counts == right
    assert notes[0].startswith("read from a")


@pytest.mark.parametrize("kind", ["a workbook of text", "Parquet", "Arrow", "SPSS"])
def test_other_formats_cut_off_are_refused(tmp_path, kind):
    path = tmp_path / "table.bin"
    save(path, kind)
    whole = path.read_bytes()
    for kept in (len(whole) // 3, len(whole) // 2, len(whole) - 30):
        path.write_bytes(whole[:kept])
        for file in find_files([path]):
            found = file if isinstance(file, Refused) else recognize(file)
            if not isinstance(found, Refused):
                with pytest.raises(BadInput):
                    list(found.read())


def test_a_bit_flipped_in_a_workbook_is_refused_or_changes_nothing(tmp_path, right):
    path = tmp_path / "table.xlsx"
    workbook(path, numbers=True)
    whole = path.read_bytes()
    for bit in range(0, len(whole) * 8, len(whole) * 8 // 120):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        for file in find_files([path]):
            found = file if isinstance(file, Refused) else recognize(file)
            if not isinstance(found, Refused):
                assert read(path)[0] == right


def test_two_encodings_in_one_file_are_each_read_in_their_own(tmp_path):
    rows = [{**SCHOOLS[0], "SCH_NAME": "Peña"}, {**SCHOOLS[1], "SCH_NAME": "Cañon"}]
    lines = crdc.text(ARRESTS, rows).split("\n")
    path = tmp_path / "mixed.csv"
    path.write_bytes("\n".join(lines[:2]).encode() + b"\n" + lines[2].encode("cp1252") + b"\n")
    file = SourceFile(path)
    assert {"Peña", "Cañon"} <= set(file.data().decode().replace("\n", ",").split(","))
    assert "two encodings in one file: 1 rows in cp1252 and 1 in UTF-8" in file.notes[0]


def test_decimal_commas_between_semicolons_are_points(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("a;b\n1,5;2\n")
    assert SourceFile(path).data() == b"a,b\n1.5,2\n"
    path.write_text("a;b\n1,500;2\n")
    with pytest.raises(BadInput, match="its comma may mark decimals or thousands"):
        SourceFile(path).data()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (edited().replace("CA,CALIFORNIA", "CALIFORNIA", 1), "row 2: expected"),
        (TEXT.replace(",No,0,", ",No,0,0,", 1), "row 2: expected"),
        (TEXT.replace("\n", "\nLEA_STATE,x\n", 1), "row 2: expected values, found a second header"),
        (TEXT[:-1] + "\0\n", "row 3: expected text, found a zero byte"),
        (TEXT + TEXT.split("\n")[1].replace("1100", "12") + "\n", "has rows that differ in"),
        (TEXT[:-9], "cut off"),
        (edited(LEAID="6.1E+6", COMBOKEY="6.1E+10"), "names no school"),
    ],
)
def test_what_cannot_be_told_is_refused_naming_the_row(tmp_path, text, why):
    path = tmp_path / "x.csv"
    path.write_text(text)
    found = recognize(SourceFile(path))
    if isinstance(found, Refused):
        reason = found.reason
    else:
        with pytest.raises(BadInput) as refusal:
            list(found.read())
        reason = str(refusal.value)
    assert why in reason
    assert "\n" not in reason


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<?xml version='1.0'?><x xmlns='http://ed-fi.org/0220'/>", "an Ed-Fi interchange file"),
        (b"<!DOCTYPE html><title>Sign in</title>", "a web page ('Sign in')"),
        (b'{"data": [1]}', "JSON"),
        (b"%PDF-1.7", "a PDF document"),
        (b"PK\x03\x04 and no more", "cut off or damaged"),
        (b"a,b\n1,2\n", "in no layout that Homeroom knows; it begins with 'a,b'"),
        (b"# Title, and more\n", "begins with '# Title, and more'"),
    ],
)
def test_a_file_that_is_not_read_is_called_what_it_is(tmp_path, data, why):
    path = tmp_path / "x"
    path.write_bytes(data)
    (file,) = find_files([path])
    found = file if isinstance(file, Refused) else recognize(file)
    assert why in found.reason
