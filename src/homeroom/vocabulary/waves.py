"""The waves of the Civil Rights Data Collection, and what breaks a series between them."""

from __future__ import annotations

from dataclasses import dataclass

from homeroom.errors import BadInput


@dataclass(frozen=True, slots=True)
class Wave:
    """One biennial collection; ``note`` is shown wherever a figure of the wave is shown."""

    id: str
    archive: str | None
    """Address of the official ZIP of public-use files, where OCR publishes one."""
    note: str
    breaks: tuple[str, ...] = ()
    """Why sums over schools must not be joined by a line to the wave before, or None."""
    table_breaks: tuple[str, ...] = ()
    """The same for OCR's state tables, whose totals privacy methods leave alone."""

    @property
    def sexes(self) -> tuple[str, ...]:
        """The sexes that the wave counts."""
        return ("male", "female", "nonbinary") if self.id >= "2021-22" else ("male", "female")

    def notes_for(self, measure: str) -> tuple[str, ...]:
        return ()


_AFTER = "The wave before was the pandemic year, and the definition of a referral was narrowed."
_OCR = "https://civilrightsdata.ed.gov/assets/ocr/docs/"

WAVES: dict[str, Wave] = {
    wave.id: wave
    for wave in (
        Wave(
            "2011-12",
            None,
            "State and national estimates only; counts of 1 to 3 were published as '1-3'.",
        ),
        Wave(
            "2013-14",
            None,
            "Published as one workbook a topic; school counts were changed for privacy.",
        ),
        Wave(
            "2015-16",
            None,
            "School counts were changed for privacy before publication, so sums over schools "
            "exceed OCR's official state figures.",
            (
                "School counts were changed for privacy in this wave by a method that inflates sums.",
            ),
        ),
        Wave(
            "2017-18",
            _OCR + "2017-18-crdc-data.zip",
            "Student counts carry small random changes for privacy; state and national totals "
            "were held. Arrests of New York City are missing.",
            (
                "Another privacy method than in 2015-16: compare official state tables, "
                "not school sums.",
            ),
        ),
        Wave(
            "2020-21",
            _OCR + "2020-21-crdc-data.zip",
            "The pandemic year: many schools were remote, and arrests were near zero. "
            "Never a baseline.",
            ("The pandemic year: most schools were remote for part of it.",),
            ("The pandemic year: most schools were remote for part of it.",),
        ),
        Wave(
            "2021-22",
            _OCR + "2021-22-crdc-data.zip",
            "A referral counts from this wave on when a school official or designee made it; "
            "zero means collected and zero.",
            (_AFTER,),
            (_AFTER,),
        ),
        Wave("2023-24", None, "No public-use file was found when this version was made."),
    )
}

WITH_SCHOOL_FILES = ("2015-16", "2017-18", "2020-21", "2021-22")


def usual(waves):
    plain = sorted(w for w in waves if w != "2020-21") or sorted(waves)
    return plain[-1] if plain else None


def check_wave(wave: str) -> None:
    """Refuse a wave that does not exist.

    Raises
    ------
    BadInput
        The message lists the waves.
    """
    if wave not in WAVES:
        raise BadInput(f"wave {wave!r}: expected one of {', '.join(WAVES)}.")
