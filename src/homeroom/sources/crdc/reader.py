"""Reader of CRDC school files: wide to 2015-16, and one CSV a module from 2017-18 on.

Layouts: the codebook of 2013-14; OCR, 2015-16 school data record layout; 2017-18 and later
public-use file structures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from homeroom.errors import BadInput
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.crdc import extract, order, totals, wide
from homeroom.sources.crdc.columns import Layout, layout, missing_columns
from homeroom.sources.crdc.describe import GRADES, STATUS, district_batch, school_batch
from homeroom.sources.crdc.repeats import zeros_of
from homeroom.sources.crdc.wave import tell_wave

_TITLES = {
    "enrollment": "Enrollment",
    "referrals_arrests": "Referrals and Arrests",
    "suspensions": "Suspensions",
    "expulsions": "Expulsions",
    "transfers": "Transfers",
    "restraint": "Restraint and Seclusion",
    "offenses": "Offenses",
}


class CrdcSchoolFiles:
    """School files with the columns of the CRDC."""

    id = "crdc"

    def recognize(self, file: SourceFile) -> Recognized | None:
        """See :class:`homeroom.sources.base.Reader`."""
        names = wide.header(file.head)
        found = layout(names)
        kind = _kind(names, found)
        if kind is None:
            return None
        told = tell_wave(file, names, file.wave)
        detail = {"wave": told.note} if told.note else {}
        return Recognized(file, self, f"CRDC {told.wave}, {kind}", "crdc", told.wave, detail)

    def read(self, recognized: Recognized) -> Iterator[Batch]:
        """See :class:`homeroom.sources.base.Reader`."""
        file, wave = recognized.file, recognized.wave
        data = file.data()
        names = wide.header(data[: 1 << 20])
        told = tuple(recognized.detail.values())
        order.check(names, wave, file.name)
        if "COMBOKEY" not in names:
            yield replace(district_batch(data, file.name, wave), notes=told)
            return
        if lost := [name for name in wide.IDS if name not in names]:
            raise BadInput(
                f"{file.name}: expected column {lost[0]}, which says whose row it is, found none. "
                "Take the file from its publisher again."
            )
        found = layout(names)
        if gone := missing_columns(found, found.modules):
            raise BadInput(
                f"{file.name}: expected every column of its modules, missing {len(gone)}, the "
                f"first for {gone[0]}. Sums would be wrong; take the file from its publisher again."
            )
        texts = tuple(n for n in (*wide.IDS, *GRADES, *STATUS) if n in names)
        frame = wide.read(data, file.name, found, texts)
        frame, notes = wide.one_row_a_school(frame, file.name, zeros_of(found, wave))
        notes = (*told, *notes, *totals.check(frame, found, file.name))
        yield school_batch(frame, wave, notes)
        yield from extract.cell_batches(frame, found, wave, file.name)
        if staff := extract.staff_batch(frame, found, wave, file.name):
            yield staff


def _kind(names: list[str], found: Layout) -> str | None:
    """Name the module in words, or None where Homeroom reads nothing from the file."""
    if "LEAID" not in names:
        return None
    if "COMBOKEY" not in names:
        return "LEA Characteristics" if {"LEA_ENR", "LEA_SCHOOLS"} <= set(names) else None
    if not {"SCHID", "SCH_NAME", "LEA_STATE"} <= set(names):
        return None
    if len(found.modules) > 1:
        return "school data, one wide file"
    if found.modules:
        return _TITLES[next(iter(found.modules))]
    if "counselor" in found.staff.values() and "officer" in found.staff.values():
        return "School Support"
    return "School Characteristics" if set(GRADES) <= set(names) else None


READERS = (CrdcSchoolFiles(),)
