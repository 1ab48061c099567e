"""Whatever happens to a CRDC file, a sum is right or the file is refused.

The oracle reads the same schools with Python's csv module alone: it adds up, cell column by cell
column, what is not negative.
"""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from collections import Counter
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

import crdc_factory as crdc
from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.registry import Refused, recognize
from homeroom.vocabulary.cells import CELLS
from homeroom.vocabulary.groups import RACES, SEXES

QUICK = settings(deadline=None, max_examples=50)
ARRESTS = "Referrals and Arrests"
CODES = (-3, -5, -6, -8, -9)
"""Those of 2017-18 but for -11, which that wave has in other modules only."""
_TOKEN = {group.id: group.element for group in (*RACES.values(), *SEXES.values())}

counts = st.one_of(st.just(0), st.integers(0, 40), st.sampled_from(CODES), st.just(""))
schools = st.lists(
    st.tuples(
        st.integers(1, 99_999), st.randoms(use_true_random=False), st.lists(counts, max_size=12)
    ),
    min_size=1, max_size=6, unique_by=lambda school: school[0],
)  # fmt: skip
DATA = [name for name in crdc.columns(ARRESTS) if name.startswith("SCH_") and "LEP" not in name]


def rows_of(drawn) -> list[dict]:
    rows = []
    for number, chance, values in drawn:
        named = zip(chance.sample(DATA, len(values)), values, strict=True)
        rows.append(crdc.school(f"4800001{number:05d}", **dict(named)))
    if drawn[0][1].random() < 0.2:
        rows[0] |= crdc.whole(ARRESTS, -9, "ARR")
    return rows


def oracle(text: str) -> Counter:
    """Sum every data column, apart from totals and English learners."""
    sums: Counter = Counter()
    for row in csv.DictReader(io.StringIO(text)):
        for name in DATA:
            if row[name] and int(row[name]) > 0:
                sums[name] += int(row[name])
    return sums


def column_of(number: int) -> str:
    cell = CELLS[number - 1]
    group = "_".join(_TOKEN[x] for x in (cell.race, cell.sex) if x in _TOKEN)
    if cell.disability == "wodis":
        return f"SCH_DISCWODIS_{cell.element}_{group}"
    middle = {"idea": "IDEA", "s504": "504"}[cell.disability]
    return f"SCH_DISCWDIS_{cell.element}_{middle}_{group}"


def read(data: bytes, name: str = "file.csv") -> tuple[Counter, int] | str:
    """Return Homeroom's sums and number of schools, or the words in which it refused."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        found = recognize(SourceFile(path))
        if isinstance(found, Refused):
            return found.reason
        try:
            batches = list(found.read())
        except BadInput as error:
            return str(error)
    cells = pl.concat(b.frame for b in batches if b.table == "cell")
    asked = pl.concat(b.frame for b in batches if b.table == "answered")
    assert found.wave == "2017-18"
    assert cells.filter(pl.col("value") <= 0).is_empty()
    sums: Counter = Counter()
    for number, value in cells.select("cell_id", "value").drop_nulls().rows():
        sums[column_of(number)] += value
    return sums, asked["school_no"].n_unique()


@QUICK
@given(schools)
def test_sums_equal_those_of_plain_python(drawn):
    text = crdc.text(ARRESTS, rows_of(drawn))
    assert read(text.encode()) == (oracle(text), len(drawn))


@QUICK
@given(schools, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_says_nothing(drawn, chance):
    rows, names = rows_of(drawn), [*crdc.IDS, *crdc.columns(ARRESTS)]
    right = oracle(crdc.text(ARRESTS, rows))
    chance.shuffle(rows)
    chance.shuffle(names)
    assert read(crdc.text(ARRESTS, rows, names=names).encode()) == (right, len(drawn))


@QUICK
@given(schools, st.data())
def test_a_missing_column_of_counts_is_refused(drawn, data):
    names = [*crdc.IDS, *crdc.columns(ARRESTS)]
    gone = data.draw(st.sampled_from([*DATA, *crdc.IDS]))
    names.remove(gone)
    rows = rows_of(drawn)
    found = read(crdc.text(ARRESTS, rows, names=names).encode())
    if isinstance(found, str):
        assert found
    else:
        assert gone == "JJ"
        assert found[0] == oracle(crdc.text(ARRESTS, rows))


@QUICK
@given(schools, st.data())
def test_a_row_given_twice_is_dropped_completed_or_refused(drawn, data):
    rows = rows_of(drawn)
    right = oracle(crdc.text(ARRESTS, rows))
    again = dict(data.draw(st.sampled_from(rows)))
    changed, was = data.draw(st.booleans()), None
    if changed:
        name = data.draw(st.sampled_from(DATA))
        was = again.get(name, 0)
        again[name] = 77 if was != 77 else 78
    rows.insert(data.draw(st.integers(0, len(rows))), again)
    found = read(crdc.text(ARRESTS, rows).encode())
    if changed and (was == "" or was < 0):  # the fuller row speaks
        assert found == (right + Counter({name: again[name]}), len(drawn))
    elif changed:
        assert isinstance(found, str)
        assert "rows that differ" in found
    else:
        assert found == (right, len(drawn))


@QUICK
@given(schools, st.data())
def test_damaged_ids_are_repaired_or_refused(drawn, data):
    rows = rows_of(drawn)
    right = oracle(crdc.text(ARRESTS, rows))
    row = data.draw(st.sampled_from(rows))
    column = data.draw(st.sampled_from(["COMBOKEY", "SCHID", "LEAID"]))
    key = row[column]
    row[column] = data.draw(
        st.sampled_from(
            [f"{float(key):.5E}", key.lstrip("0"), f"{key}.0", f"'{key}", key[:-1], "", "-9", "NA"]
        )
    )
    found = read(crdc.text(ARRESTS, rows).encode())
    if not isinstance(found, str):
        assert found == (right, len(drawn))


@QUICK
@given(schools, st.data())
def test_a_text_cut_off_anywhere_is_refused_or_lacks_whole_schools(drawn, data):
    rows = rows_of(drawn)
    whole = crdc.text(ARRESTS, rows)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    found = read(cut.encode())
    if not isinstance(found, str):
        # Cut between two rows: what is left is true, and the store counts who is missing.
        left = cut.splitlines()
        assert left == whole.splitlines()[: len(left)]
        assert found == (oracle(cut), len(left) - 1)


@QUICK
@given(schools, st.data())
def test_a_gzip_cut_off_or_damaged_is_refused(drawn, data):
    text = crdc.text(ARRESTS, rows_of(drawn))
    packed = gzip.compress(text.encode(), mtime=0)
    if data.draw(st.booleans()):
        at = data.draw(st.integers(2, len(packed) - 1))
        assert isinstance(read(packed[:at]), str)
    else:
        damaged = bytearray(packed)
        at = data.draw(st.integers(10, len(packed) - 1))
        damaged[at] ^= data.draw(st.integers(1, 255))
        found = read(bytes(damaged))
        assert isinstance(found, str) or found == (oracle(text), len(drawn))


@QUICK
@given(schools, st.sampled_from(["utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-32", "cp037"]))
def test_another_encoding_gives_the_same_sums_or_a_refusal(drawn, encoding):
    rows = rows_of(drawn)
    rows[0]["SCH_NAME"] = "Peña Élémentaire"
    text = crdc.text(ARRESTS, rows)
    found = read(text.encode(encoding))
    if encoding != "cp037":
        assert found == (oracle(text), len(drawn))
    else:
        assert isinstance(found, str)


@settings(QUICK, max_examples=150)
@given(schools, st.data())
def test_any_one_byte_changed_is_noticed_or_harmless(drawn, data):
    """Digits for digits no reader can notice; everything else must not give a wrong number."""
    text = crdc.text(ARRESTS, rows_of(drawn))
    at = data.draw(st.integers(0, len(text) - 1))
    byte = data.draw(st.integers(0, 255))
    changed = bytearray(text.encode())
    if chr(changed[at]) in "0123456789-\n" or chr(byte) in '0123456789-.,"\r\n':
        return
    changed[at] = byte
    found = read(bytes(changed))
    if not isinstance(found, str):
        assert found == (oracle(text), len(drawn))
