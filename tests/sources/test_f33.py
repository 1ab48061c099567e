from __future__ import annotations

import zipfile

import polars as pl
import pytest

from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.f33 import F33
from homeroom.vocabulary.finance import CODES, ITEMS, PARTS, SUMS


def amounts(**change: int) -> dict[str, str]:
    """Made-up amounts, different for each item, whose parts add up to the totals."""
    found = {item: 1000 + at for at, item in enumerate(ITEMS)}
    found |= {part: found[part] - 900 for parts in PARTS.values() for part in parts}
    found |= {"TOTALEXP": 99_000} | change
    for total in ("TCURSSVC", "TCURELSC", "TOTALREV"):  # a total may be part of another
        found[total] = sum(max(found[part], 0) for part in SUMS[total])
    return {item: str(amount) for item, amount in found.items()}


ROW = {
    "LEAID": "0800099", "CENSUSID": "06500900300000", "FIPST": "08", "NAME": 'Alder "Valley" 4',
    "STABBR": "CO", "YEAR": "18", **amounts(),
}  # fmt: skip


def recognize(tmp_path, *rows, separator="\t"):
    lines = [rows[0].keys(), *(row.values() for row in rows)]
    path = tmp_path / "anything"
    path.write_text("".join(separator.join(line) + "\r\n" for line in lines))
    return F33().recognize(SourceFile(path))


def read(tmp_path, *rows, **options):
    return read_both(tmp_path, *rows, **options)[0]


def read_both(tmp_path, *rows, **options):
    finance, districts = recognize(tmp_path, *rows, **options).read()
    assert (finance.table, districts.table) == ("finance", "district")
    return finance, districts


def test_agencies_are_named_unless_their_id_is_made_up(tmp_path):
    _, districts = read_both(tmp_path, ROW, ROW | {"LEAID": "08D0001"})
    named = districts.frame.select("year", "leaid", "name", "state").rows()
    assert named == [("2017-18", "0800099", 'Alder "Valley" 4', "CO")]


@pytest.mark.parametrize("separator", ["\t", ","])
def test_every_item_of_a_district(tmp_path, separator):
    row = {"LEAID": "800099.0", "FIPST": "8", "NAME": "Alder"}
    frame = read(tmp_path, dict(reversed((ROW | row).items())), separator=separator).frame
    wanted = {item: int(amount) for item, amount in amounts().items()}
    assert dict(frame.select("item", "amount").rows()) == wanted
    assert set(frame["leaid"]) == {"0800099"}
    assert set(frame["fiscal_year"]) == {2018}
    assert frame["code"].null_count() == len(ITEMS)


@pytest.mark.shared
def test_a_file_that_was_cut_is_refused_and_a_whole_state_is_not(shared_data, tmp_path):
    with zipfile.ZipFile(shared_data / "f33" / "Sdf18_1a.zip") as archive:
        lines = archive.read("sdf18_1a.txt").splitlines(keepends=True)
    texas = [line for line in lines[1:] if line.startswith(b"48")]

    def given(some: list[bytes]):
        (tmp_path / "f").write_bytes(b"".join([lines[0], *some]))
        return next(iter(F33().recognize(SourceFile(tmp_path / "f")).read()))

    assert given(texas).notes == ("an extract: 1 of 51 states in full",)
    assert given(texas[40:60]).notes[0].startswith("an extract: 20 of 1,237 rows of TX")
    at_a_state = next(at for at, line in enumerate(lines) if line.startswith(b"13"))
    for cut in (texas[:500], texas[1:], lines[1:7486], lines[1:-1], lines[1:at_a_state]):
        with pytest.raises(BadInput, match="cut off"):
            given(cut)


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_never_an_amount(tmp_path, code):
    frame = read(tmp_path, ROW | amounts(E17=code)).frame.filter(item="E17")
    assert frame.select("amount", "code").row(0) == (None, code)


def test_an_id_that_is_not_from_nces_is_kept_and_counted(tmp_path):
    batch = read(tmp_path, ROW, ROW | {"LEAID": "08D0001"})
    assert set(batch.frame["leaid"]) == {"0800099", "08D0001"}
    assert batch.notes[0] == "1 agencies have no NCES id, but a made one with a D in it"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"LEAID": "8.0E+05"}, "row 3, column LEAID"),
        ({"LEAID": "0XD0001"}, "row 3, column LEAID"),
        ({"LEAID": "4800100"}, "row 3, column LEAID: expected an id that begins with FIPST"),
        ({"YEAR": "17"}, "row 3, column YEAR"),
        ({"E17": "12.5"}, "row 3, column E17: expected a whole number"),
        ({"E17": "R"}, "row 3, column E17"),
        ({"E17": ""}, "row 3, column E17: expected a number or a code, found None"),
        ({"E17": "-4"}, "row 3, column E17: expected a number or a code, found -4"),
        ({"E17": "5"}, "row 3, column TCURSSVC: expected the sum of E17, E07"),
        ({"TLOCREV": "5"}, "row 3, column TOTALREV: expected the sum of TFEDREV"),
        ({"V33": "99999999999"}, "row 3, column V33: expected at most 2,000,000, found 9999"),
        ({"TOTALEXP": "99999999999"}, "row 3, column TOTALEXP: expected at most 75,000,000,000"),
        ({"V11": "5000"}, "row 3, column V11: expected at most its E17, found 5000"),
        ({"LEAID": "0800099", "C14": "5"}, "LEAID, found 0800099 twice"),
    ],
)
def test_damage_is_refused_by_row_and_column(tmp_path, change, why):
    with pytest.raises(BadInput, match=why):
        read(tmp_path, ROW, ROW | {"LEAID": "0800100"} | change)


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(BadInput, match="expected column V11"):
        read(tmp_path, {key: value for key, value in ROW.items() if key != "V11"})


def test_a_year_that_is_none_is_refused(tmp_path):
    with pytest.raises(BadInput, match="row 2, column YEAR"):
        recognize(tmp_path, ROW | {"YEAR": "2018a"})


@pytest.mark.parametrize("data", [b"", b"\x00\x09", b"LEAID\tYEAR\n1\t2\n", b"\xff\xfe\t\n"])
def test_other_files_are_left_alone(tmp_path, data):
    (tmp_path / "x").write_bytes(data)
    assert F33().recognize(SourceFile(tmp_path / "x")) is None


@pytest.fixture(scope="module")
def fiscal_2018(shared_data) -> pl.DataFrame:
    file = SourceFile(shared_data / "f33" / "Sdf18_1a.zip", "sdf18_1a.txt")
    batch = next(iter(F33().recognize(file).read()))
    assert batch.notes == ("15 agencies have no NCES id, but a made one with a D in it",)
    return batch.frame


@pytest.mark.shared
def test_fiscal_year_2018(fiscal_2018):
    assert fiscal_2018.height == 18_715 * len(ITEMS)
    assert fiscal_2018["leaid"].n_unique() == 18_715
    sums = dict(fiscal_2018.group_by("item").agg(pl.col("amount").sum()).rows())
    assert sums["V33"] == 50_430_376
    assert sums["TOTALREV"] == 752_669_449_000
    assert sums["E17"] == 37_523_979_544


@pytest.mark.shared
def test_the_parts_add_up_so_the_items_mean_what_their_labels_say(fiscal_2018):
    wide = fiscal_2018.pivot("item", index="leaid", values="amount").drop_nulls("TCURSSVC")
    assert wide.height == 16_999
    wholes = {
        "TOTALREV": ("TFEDREV", "TSTREV", "TLOCREV"),
        "TCURELSC": ("TCURINST", "TCURSSVC", "TCUROTH"),
        "TCURSSVC": ("E17", "E07", "E08", "E09", "V40", "V45", "V90", "V85"),
    }
    for whole, parts in wholes.items():
        assert wide.select((pl.sum_horizontal(parts) == pl.col(whole)).all()).item(), whole
    for salary, function in {"V11": "E17", "V13": "E07", "V15": "E08", "V17": "E09"}.items():
        assert wide.select((pl.col(salary) <= pl.col(function)).all()).item(), salary
    assert wide.select((pl.col("V13") > pl.col("E17")).sum()).item() > 1000


@pytest.mark.shared
@pytest.mark.parametrize(("state", "districts"), [("TX", 1237), ("CO", 270)])
def test_the_copies_by_state_equal_the_national_file(shared_data, fiscal_2018, state, districts):
    file = SourceFile(shared_data / "nces" / f"nces_district_finance_{state}.csv.gz")
    batch = next(iter(F33().recognize(file).read()))
    key = ["fiscal_year", "leaid", "item"]
    assert batch.frame["leaid"].n_unique() == districts
    national = fiscal_2018.join(batch.frame, on=key, how="semi")
    assert batch.frame.sort(key).equals(national.sort(key))
