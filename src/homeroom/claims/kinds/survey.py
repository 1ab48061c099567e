"""Claims of shares of schools, held against the School Survey on Crime and Safety."""

from __future__ import annotations

import re
from typing import Any

from homeroom.claims import wording as words_of
from homeroom.claims.checked import Checked
from homeroom.claims.kinds.said import Said, asked, cannot, form_of, reading_of
from homeroom.claims.kinds.words import words
from homeroom.claims.model import Statistic
from homeroom.claims.tolerance import is_close, reaches
from homeroom.claims.verdict import Verdict
from homeroom.context.survey import survey
from homeroom.context.survey_items import school_year
from homeroom.errors import Ambiguous, NotAvailable
from homeroom.evidence.store import Store
from homeroom.figures.question import Question
from homeroom.sources.ssocs import YEARS

_WAVE = re.compile(r"\b(20\d\d)-(?:20)?(\d\d)\b")
_YEAR = re.compile(r"\b(20\d\d)\b")


def check(store: Store, said: Said) -> Checked | None:
    """Check a share of the nation's schools; None where the sentence is about something else."""
    patterns = words()["survey"]
    match = re.search(patterns["share"], said.text)
    if match is None or said.place[0] not in ("", "US"):
        return None
    items = {name: found for name, says in patterns["items"].items()
             if (found := re.search(says, said.text))}  # fmt: skip
    if not items:
        return None
    item = next(iter(items))
    form = form_of(said.text, match, Statistic.SHARE)
    said.all_read([form], [patterns["items"][item], patterns["around"], patterns["of"]])
    year = _year(said.text)
    try:
        rows = survey(store, item).drop_nulls("estimate").to_dicts()
    except NotAvailable as error:
        return cannot(said, "survey", "Read as: a share of the nation's schools.", str(error))
    rows = [row for row in rows if row["item"] == item]
    if year and year not in {row["year"] for row in rows}:
        raise Ambiguous(
            f"The School Survey on Crime and Safety did not ask this in {school_year(year)}: "
            "which of its years is meant?",
            [_in_year(said.sentence, row["year"]) for row in rows],
        )
    if not rows:
        return None
    row = next((one for one in rows if one["year"] == year), rows[-1])
    return _checked(said, form, row, open_year=not year)


def _year(text: str) -> int | None:
    """Return the spring of the school year that a sentence names."""
    if match := _WAVE.search(text):
        return int(match[1]) + 1
    match = _YEAR.search(text)
    if match is None:
        return None
    year = int(match[1])
    return year if year in YEARS or year + 1 not in YEARS else year + 1


def _in_year(sentence: str, year: int) -> str:
    """Return the sentence with another school year."""
    for pattern in (_WAVE, _YEAR):
        if pattern.search(sentence):
            return pattern.sub(school_year(year), sentence, count=1)
    return sentence


def _checked(said: Said, form: Any, row: dict[str, Any], *, open_year: bool) -> Checked:
    reading = reading_of(form, Question(measure="enrollment"))
    value, when = float(row["estimate"]), school_year(row["year"])
    verdict = (
        Verdict.HOLDS if bool(reaches(reading, value))
        else Verdict.CLOSE if is_close(reading, value) else Verdict.NOT
    )  # fmt: skip
    stated = words_of.stated(reading).replace("of those counted", "of schools")
    plainly = (
        f"In {when}, {value:.1f} percent of public schools said: {row['label'][0].lower()}"
        f"{row['label'][1:]}"
    )
    between = ""
    if row["low"] is not None and row["high"] is not None:
        between = f" (95 percent interval {row['low']:.1f} to {row['high']:.1f})"
    end = {
        Verdict.HOLDS: "it holds.", Verdict.CLOSE: "that is close, but not it.",
        Verdict.NOT: "it does not hold.",
    }[verdict]  # fmt: skip
    note = f" {row['note']}" if row["note"] else ""
    default = (
        f" No year is named: {when} is taken, the latest that asked this." if open_year else ""
    )
    return Checked(
        None, said.sentence,
        f"Read as: the share of public schools where: {row['label']}, {when}; stated: "
        f"{stated}.{default}",
        reading.stated, value, verdict,
        f"{plainly}{between}, according to the School Survey on Crime and Safety of the National "
        f"Center for Education Statistics, which asks principals.{note} The claim says {stated}: "
        f"{end}",
        sources=[row["source"]], low=row["low"], high=row["high"], kind="survey",
        asked=asked(reading, "share_of_schools", value, measure=row["item"], wave=when),
        say_instead=f"{plainly}." if verdict is not Verdict.HOLDS else None,
    )  # fmt: skip
