from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest

import crdc_factory as crdc
from homeroom.errors import BadInput
from homeroom.sources import containers
from homeroom.sources.base import SourceFile
from homeroom.sources.registry import Refused, find_files, recognize

ARRESTS = "Referrals and Arrests"
ROWS = [
    crdc.school(f"48000010000{n}", SCH_DISCWODIS_ARR_BL_M=n, SCH_NAME=f"School {n}")
    for n in range(1, 6)
]
TEXT = crdc.text(ARRESTS, ROWS).encode()


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def tarred(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in members:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def found(path):
    """Give the content of each file found, and each refusal's reason."""
    return [
        one.reason if isinstance(one, Refused) else (one.name, one.data())
        for one in find_files([path])
    ]


PACKED = {
    "gzip": gzip.compress(TEXT),
    "two gzip members": gzip.compress(TEXT[:50]) + gzip.compress(TEXT[50:]),
    "bzip2": bz2.compress(TEXT),
    "two bzip2 streams": bz2.compress(TEXT[:50]) + bz2.compress(TEXT[50:]),
    "xz": lzma.compress(TEXT),
    "ZIP": zipped(("a/b.csv", TEXT)),
    "ZIP, stored": zipped(("b.csv", TEXT), method=zipfile.ZIP_STORED),
    "ZIP in ZIP": zipped(("in.zip", zipped(("b.csv", TEXT)))),
    "gzip in ZIP": zipped(("b.csv.gz", gzip.compress(TEXT))),
    "tar": tarred(("b.csv", TEXT)),
    "tar.gz": gzip.compress(tarred(("b.csv", TEXT))),
    "tar.bz2": bz2.compress(tarred(("b.csv", TEXT))),
    "tar.xz": lzma.compress(tarred(("b.csv", TEXT))),
    "ZIP in tar.gz": gzip.compress(tarred(("in.zip", zipped(("b.csv", TEXT))))),
}


@pytest.mark.parametrize("kind", PACKED)
def test_what_is_packed_reads_as_what_is_not(tmp_path, kind):
    path = tmp_path / "packed"
    path.write_bytes(PACKED[kind])
    ((name, data),) = found(path)
    assert data == TEXT
    assert name.startswith("packed")
    (file,) = find_files([path])
    assert recognize(file).title == "CRDC 2017-18, Referrals and Arrests"


@pytest.mark.parametrize("kind", PACKED)
def test_what_is_cut_off_is_refused_or_holds_the_same(tmp_path, kind):
    whole = PACKED[kind]
    path = tmp_path / "packed"
    for kept in [len(whole) * n // 12 for n in range(1, 12)] + [len(whole) - 1]:
        path.write_bytes(whole[:kept])
        for each in find_files([path]):
            if isinstance(each, Refused):
                continue
            try:
                data = each.data()
            except BadInput:
                continue
            # A tar's padding, or what does not look packed any more, may go; a table may not.
            assert data == TEXT or not data.startswith(TEXT[:20])


@pytest.mark.parametrize("kind", PACKED)
def test_a_bit_flipped_is_refused_or_changes_nothing(tmp_path, kind):
    if kind == "tar":
        pytest.skip("a tar has no check sum of its content")
    whole = PACKED[kind]
    path = tmp_path / "packed"
    step = max(1, len(whole) * 8 // 150)
    for bit in range(0, len(whole) * 8, step):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        for each in find_files([path]):
            if isinstance(each, SourceFile):
                try:
                    data = each.data()
                except BadInput:
                    continue
                assert data == TEXT or isinstance(recognize(each), Refused)


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz"])
def test_bytes_after_the_end_are_refused(tmp_path, kind):
    path = tmp_path / "x.csv"
    path.write_bytes(PACKED[kind] + b"garbage")
    with pytest.raises(BadInput, match="cut off or damaged"):
        SourceFile(path).data()


def test_other_files_of_an_archive_go_on(tmp_path):
    path = tmp_path / "many.zip"
    data = bytearray(zipped(("a.csv", TEXT), ("b.csv", TEXT), method=zipfile.ZIP_STORED))
    data[data.find(b"LEA_STATE") + 600] ^= 1
    path.write_bytes(data)
    first, second = find_files([path])
    assert first.name == "many.zip:a.csv"
    assert "expected a whole file" in first.reason
    assert second.data() == TEXT


def test_a_locked_member_is_refused_by_name(tmp_path):
    data = bytearray(zipped(("a.csv", TEXT)))
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(data)
    (reason,) = found(tmp_path / "locked.zip")
    assert "a password" in reason


def test_a_7z_archive_is_refused_by_name(tmp_path):
    (tmp_path / "a.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(100))
    (reason,) = found(tmp_path / "a.7z")
    assert "a 7z archive. Unpack it" in reason


def test_archives_too_deep_in_one_another_are_refused(tmp_path):
    data = zipped(("b.csv", TEXT))
    for _ in range(6):
        data = zipped(("in.zip", data))
    (tmp_path / "deep.zip").write_bytes(data)
    (reason,) = found(tmp_path / "deep.zip")
    assert "at most 4 archives" in reason


def test_what_swells_to_fill_the_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(containers, "_SUSPECT_BYTES", 1 << 20)
    for name, data in {
        "a.gz": gzip.compress(bytes(4 << 20)),
        "a.xz": lzma.compress(bytes(4 << 20)),
        "a.bz2": bz2.compress(bytes(4 << 20)),
    }.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(BadInput, match="far more than a table shrinks"):
            containers.whole(tmp_path / name)
    (tmp_path / "a.zip").write_bytes(zipped(("b.csv", bytes(4 << 20))))
    with pytest.raises(BadInput, match="far more than a table shrinks"):
        containers.whole(tmp_path / "a.zip", ("b.csv",))


def test_two_members_of_one_name_are_refused(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(("a.csv", TEXT), ("a.csv", TEXT))
    (tmp_path / "twice.zip").write_bytes(data)
    (reason,) = found(tmp_path / "twice.zip")
    assert "two members of one name" in reason


def test_one_archive_behind_another_is_refused(tmp_path):
    (tmp_path / "two.zip").write_bytes(zipped(("a.csv", TEXT)) + zipped(("b.csv", TEXT)))
    (reason,) = found(tmp_path / "two.zip")
    assert "before the first member" in reason


def test_what_cannot_be_opened_is_refused_and_the_rest_goes_on(tmp_path, monkeypatch):
    (tmp_path / "good.csv").write_bytes(TEXT)
    (tmp_path / "shut.csv").write_bytes(TEXT)
    (tmp_path / "dead.csv").symlink_to(tmp_path / "nowhere")
    real = containers.Path.open

    def shut(path, *args, **options):
        if path.name == "shut.csv":
            raise PermissionError(13, "Permission denied")
        return real(path, *args, **options)

    monkeypatch.setattr(containers.Path, "open", shut)
    dead, good, closed = found(tmp_path)
    assert "leads nowhere" in dead
    assert good == ("good.csv", TEXT)
    assert "permissions" in closed


def test_a_member_whose_name_was_zeroed_is_damage_and_no_fault(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("table.csv", "a,b\n1,2\n")
    data = bytearray(path.read_bytes())
    at = data.rfind(b"table.csv")
    data[at : at + 9] = bytes(9)
    path.write_bytes(bytes(data))
    found = list(find_files([path]))
    assert [type(one) for one in found] == [Refused]
    assert "cut off or damaged" in found[0].reason
