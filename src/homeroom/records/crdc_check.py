"""A look before the CRDC submission: what differs from the last public wave, what a rule doubts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from homeroom.evidence import sql
from homeroom.evidence.quality import rules
from homeroom.evidence.store import OWN_WAVES, Store
from homeroom.figures.engine import answer
from homeroom.figures.question import Question
from homeroom.records.crdc import Cells
from homeroom.records.crdc_file import totals
from homeroom.records.ids import Ids
from homeroom.records.own_store import wave_of
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.waves import WAVES

MUCH = 2.0
"""Times that a rate must have grown or shrunk to be worth a second look."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure of one LEA: from records, as last published, and what to look at."""

    lea: str
    measure: str
    students: int | None
    """From records; None where the extract can't carry it."""
    rate: float | None
    """Students per 10,000 enrolled on the count day."""
    public_wave: str | None
    public_students: int | None
    public_rate: float | None
    look: str
    """What to look at; empty where nothing stands out."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def compared(store: Store, ids: Ids, year: int, chosen: Collection[str] = ()) -> list[Compared]:
    """Return each LEA's measures beside its last public wave.

    Parameters
    ----------
    store
        Of the agency's own records, with the public facts beside them.
    ids
        NCES ids.
    year
        The school year of the records, by the calendar year in which it ends.
    chosen
        LEAIDs to compare; all of the records by default.
    """
    own = wave_of(year)
    public = [
        wave
        for wave, of in WAVES.items()
        if wave not in store.meta.get(OWN_WAVES, "").split() and of.school_files
        and not of.pandemic
    ]  # fmt: skip
    measures = [one for one in MEASURES.values() if one.per == "student"]
    leas = sorted(lea for lea in ids.leas.values() if not chosen or lea in chosen)
    asked = [
        Question(measure.id, place=f"lea:{lea}", wave=wave, basis="schools")
        for lea in leas
        for measure in measures
        for wave in (own, *reversed(public))
    ]
    found = iter(answer(store, asked))
    out = []
    for lea in leas:
        for measure in measures:
            mine, *before = [next(found) for _ in (own, *public)]
            last = next((one for one in before if one.value is not None), None)
            out.append(_one(lea, measure.id, mine, last))
    return out


def _one(lea: str, measure: str, mine: Any, last: Any) -> Compared:
    now = mine.value if measure != "enrollment" else None  # of which everyone is enrolled
    then = last.value if last is not None and measure != "enrollment" else None
    return Compared(
        lea, measure, mine.group.count if mine.value is not None else None, now,
        last.question.wave if last is not None else None,
        last.group.count if last is not None else None, then, _look(now, then),
    )  # fmt: skip


def _look(now: float | None, then: float | None) -> str:
    if now is None or then is None:
        return ""
    if now == 0 and then > 0:
        return "None now, and some as last published. Check that they were collected."
    if then == 0 and now > 0:
        return "Some now, and none as last published."
    if then > 0 and not 1 / MUCH <= now / then <= MUCH:
        word = "above" if now > then else "below"
        return f"More than {MUCH:g} times {word} the rate as last published."
    return ""


def flagged(store: Store, ids: Ids, year: int) -> list[dict[str, Any]]:
    """Return what quality rules doubt in the records' year: a row a rule and school.

    Parameters
    ----------
    store, ids, year
        As for :func:`compared`.
    """
    known = set(ids.schools.values())
    rows = sql.rows(
        store.con,
        "SELECT rule, combokey, subject, detail FROM flags WHERE wave = ? ORDER BY ALL",
        [wave_of(year)],
    )
    return [
        {"rule": rule, "school": key, "measure": subject, "found": detail,
         "says": rules()[str(rule)].sentence}
        for rule, key, subject, detail in rows
        if key in known
    ]  # fmt: skip


def against(cells: Cells, year: int, earlier: dict[str, int]) -> list[dict[str, Any]]:
    """Return each measure's students from records beside those of a flat file submitted before."""
    now = totals(cells, year)
    return [
        {"measure": measure, "students": now.get(measure), "submitted": earlier.get(measure),
         "difference": now[measure] - earlier[measure]
         if measure in now and measure in earlier else None}
        for measure in {**now, **earlier}
    ]  # fmt: skip
