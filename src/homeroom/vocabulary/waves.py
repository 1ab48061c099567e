"""The waves of the Civil Rights Data Collection: what to know of each, and what breaks a series."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from homeroom.errors import BadInput
from homeroom.vocabulary.groups import SEXES


@dataclass(frozen=True, slots=True)
class MeasureNote:
    """What to know of some measures, or roles, in one wave."""

    subjects: tuple[str, ...]
    text: str
    breaks: bool = False
    """Whether figures of the subjects must not be held against those of the wave before."""


@dataclass(frozen=True, slots=True)
class Wave:
    """One biennial collection; ``note`` is shown wherever a figure of the wave is shown."""

    id: str
    archive: str | None
    """Address of the official ZIP of public-use files, where Homeroom can fetch and read one."""
    note: str
    school_files: bool = False
    """Whether OCR published one file of schools, or one a module, that Homeroom reads."""
    pandemic: bool = False
    """Never a baseline, and never a default."""
    breaks: tuple[str, ...] = ()
    """Every reason why sums over schools must not be joined by a line to the wave before."""
    table_breaks: tuple[str, ...] = ()
    """The same for OCR's state tables, whose totals privacy methods leave alone."""
    measure_notes: tuple[MeasureNote, ...] = ()
    expected_schools: int | None = None
    """Schools with a row in OCR's national file, where the number is known."""
    mirrors: tuple[str, ...] = ()
    """Further addresses, tried in order where ``archive`` does not answer."""
    published: date = date.max
    """The day on which OCR released it: who spoke before could not know its figures."""
    archive_bytes: int = 0
    """Size of the ZIP as people who fetched it wrote down; 0 where nobody did."""
    own: bool = False
    """A school year that an agency's own records alone hold: see :func:`admit_own`."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address of the official ZIP, the one to try first at the front."""
        return (self.archive, *self.mirrors) if self.archive else ()

    @property
    def sexes(self) -> tuple[str, ...]:
        """Ids of the sexes that the wave publishes; nonbinary students in 2021-22 alone.

        In 2023-24 every count of nonbinary students is withheld (Executive Order 14168).
        """
        return tuple(SEXES) if self.own or self.id == "2021-22" else ("male", "female")

    def notes_for(self, subject: str) -> tuple[str, ...]:
        """Return what to know of one measure or role in this wave, beyond ``note``."""
        return tuple(note.text for note in self.measure_notes if subject in note.subjects)


_REMOTE = "The pandemic year: most schools were remote for part of it."
_AFTER = ("The wave before was the pandemic year.", "The definition of a referral was narrowed.")
_OCR = "https://civilrightsdata.ed.gov/assets/ocr/docs/"
_OLD_OCR = "https://ocrdata.ed.gov/assets/"

WAVES: dict[str, Wave] = {
    wave.id: wave
    for wave in (
        Wave(
            "2011-12",
            None,
            "State and national estimates only; counts of 1 to 3 were published as '1-3'.",
            published=date(2014, 3, 21),
        ),
        Wave(
            "2013-14",
            None,
            "School counts were rounded in threes for privacy before publication (2, 5, 8, 11, and "
            "so on), so sums over schools differ from OCR's official figures.",
            published=date(2016, 6, 7),
            school_files=True,
            breaks=("School counts were rounded in threes in this wave.",),
            expected_schools=95_507,
        ),
        Wave(
            "2015-16",
            _OCR + "2015-16-crdc-data.zip",
            "School counts were changed for privacy before publication, so sums over schools "
            "exceed OCR's official state figures.",
            published=date(2018, 4, 24),
            school_files=True,
            expected_schools=96_360,
            breaks=(
                (
                    "School counts were changed for privacy in this wave by a method that "
                    "inflates sums."
                ),
            ),
            measure_notes=(
                MeasureNote(
                    ("officer",),
                    "A school that answered No to whether it has sworn officers was not asked for "
                    "a number: it counts as zero, as in OCR's own tables.",
                ),
            ),
            mirrors=("https://www2.ed.gov/about/offices/list/ocr/docs/2015-16-crdc-data.zip",),
        ),
        Wave(
            "2017-18",
            _OLD_OCR + "downloads/2017-18-crdc-data-corrected-05242021.zip",
            "Student counts carry small random changes for privacy; state and national totals "
            "were held. Arrests of New York City are missing.",
            published=date(2020, 10, 15),
            school_files=True,
            expected_schools=97_632,
            breaks=(
                (
                    "Another privacy method than in 2015-16: compare official state tables, "
                    "not school sums."
                ),
            ),
            mirrors=(_OCR + "2017-18-crdc-data.zip",),
            archive_bytes=119_899_863,
        ),
        Wave(
            "2020-21",
            _OCR + "2020-21-crdc-data.zip",
            "The pandemic year: many schools were remote, and arrests were near zero. "
            "Never a baseline.",
            published=date(2023, 11, 15),
            school_files=True,
            expected_schools=97_575,
            pandemic=True,
            breaks=(_REMOTE,),
            table_breaks=(_REMOTE,),
            archive_bytes=81_589_466,
        ),
        Wave(
            "2021-22",
            _OCR + "2021-22-crdc-data.zip",
            "A referral counts from this wave on when a school official or designee made it; "
            "zero means collected and zero.",
            published=date(2025, 1, 16),
            school_files=True,
            expected_schools=98_010,
            breaks=_AFTER,
            table_breaks=_AFTER,
            measure_notes=(
                MeasureNote(
                    ("arrests",),
                    "The Department of Education changed the definition of a school-related arrest "
                    "for this wave and did not tell districts before they collected the data "
                    "(GAO-24-106294, July 2024).",
                    breaks=True,
                ),
                MeasureNote(
                    ("referrals",),
                    "From this wave on only referrals by a school official or designee count, so "
                    "fewer events are referrals than before.",
                    breaks=True,
                ),
                MeasureNote(
                    ("arrests", "referrals"),
                    "A school whose cells are all -9 counts as zero, by inference: the form fills "
                    "them so when a school enters zero incidents, but this wave does not publish "
                    "the number of incidents.",
                ),
            ),
            archive_bytes=832_409_504,
        ),
        Wave(
            "2023-24",
            _OCR + "2023-24-crdc-data.zip",
            "Published in August 2026 without state and national tables. School counts carry small "
            "random changes for privacy, and every count of nonbinary students is withheld.",
            published=date(2026, 8, 31),
            school_files=True,
            expected_schools=97_094,
            measure_notes=(
                MeasureNote(
                    ("arrests", "referrals"),
                    "A school that entered zero incidents has -9 in its cells, and counts as zero.",
                ),
            ),
            mirrors=(_OLD_OCR + "ocr/docs/2023-24-crdc-data.zip",),
            archive_bytes=99_600_000,
        ),
    )
}

WITH_SCHOOL_FILES = tuple(wave.id for wave in WAVES.values() if wave.school_files)


OWN_NOTE = (
    "Counted from the agency's own records. No privacy method changed them, and nobody but the "
    "agency has checked them."
)
_OWN_YEAR = re.compile(r"(20\d\d)-(\d\d)")


def admit_own(wave: str) -> None:
    """Let a school year be asked about that an open store holds from an agency's own records.

    A year that the CRDC collected stays as it is. The year stands in :data:`WAVES` from then on,
    for this process alone.

    Parameters
    ----------
    wave
        A school year, as in 2025-26.

    Raises
    ------
    BadInput
        The text is no school year.
    """
    found = _OWN_YEAR.fullmatch(wave)
    if found is None or (int(found[1]) + 1) % 100 != int(found[2]):
        raise BadInput(f"wave {wave!r}: expected a school year such as 2025-26.")
    if wave not in WAVES:
        WAVES[wave] = Wave(
            wave, None, OWN_NOTE, school_files=True, own=True,
            breaks=("The agency's own records here, OCR's public files before.",),
            table_breaks=("The agency's own records here, OCR's public tables before.",),
        )  # fmt: skip
        known = sorted(WAVES.items())
        WAVES.clear()
        WAVES.update(known)


def with_archive() -> tuple[str, ...]:
    """Return the waves with a known address of an official ZIP, the oldest first."""
    return tuple(wave.id for wave in WAVES.values() if wave.archive)


def usual(waves: Iterable[str]) -> str | None:
    """Return the latest of some waves, a pandemic year only where there is no other.

    None where there are no waves.
    """
    given = set(waves)
    known = [wave for wave in WAVES if wave in given]
    plain = [wave for wave in known if not WAVES[wave].pandemic] or known
    return plain[-1] if plain else None


def breaks_between(
    before: str, now: str, subject: str = "", *, table: bool = False
) -> tuple[str, ...]:
    """Return every reason why figures of two waves must not be joined by a line.

    Parameters
    ----------
    before, now
        The earlier and the later wave. Breaks of the waves between them count too.
    subject
        A measure or role, whose own changes of definition are added.
    table
        Whether both figures are from OCR's state tables rather than sums over schools.
    """
    order = list(WAVES)
    reasons = []
    for wave in order[order.index(before) + 1 : order.index(now) + 1]:
        found = WAVES[wave]
        reasons += [*(found.table_breaks if table else found.breaks)]
        reasons += [n.text for n in found.measure_notes if n.breaks and subject in n.subjects]
    return tuple(dict.fromkeys(reasons))


def check_wave(wave: str) -> None:
    """Refuse a wave that does not exist.

    Raises
    ------
    BadInput
        The message lists the waves.
    """
    if wave not in WAVES:
        raise BadInput(f"wave {wave!r}: expected one of {', '.join(WAVES)}.")
