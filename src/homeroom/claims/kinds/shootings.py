"""Claims about school shootings, held against The Washington Post's counts."""

from __future__ import annotations

import re

import polars as pl

from homeroom.claims.checked import Checked
from homeroom.claims.grammar.forms import Form
from homeroom.claims.kinds.said import Said, asked, cannot, form_of, reading_of
from homeroom.claims.kinds.words import words
from homeroom.claims.model import Statistic
from homeroom.claims.tolerance import is_close, reaches
from homeroom.claims.verdict import Verdict
from homeroom.context.shootings import CANNOT, NOT_PRESENT, PRESENT, shootings
from homeroom.errors import Ambiguous, NotAvailable
from homeroom.evidence.store import Store
from homeroom.figures.question import Question

_COUNTED = "The Post counts shootings at schools during or around school hours since Columbine."


def check(store: Store, said: Said) -> Checked | None:
    """Check a number or a share of school shootings; None where the sentence is about others."""
    patterns = words()["shootings"]
    if not re.search(patterns["topic"], said.text):
        return None
    try:
        every = shootings(store)
    except NotAvailable as error:
        return cannot(said, "shootings", "Read as: a claim about school shootings.", str(error))
    year = _year(said, every["school_year"].unique().to_list())
    frame = every.filter(pl.col("school_year") == (year or "all"))
    rows = {str(row["presence"]): row for row in frame.to_dicts()}
    if match := re.search(patterns["share"], said.text):
        if re.search(patterns["guarded"], said.text) and re.search(patterns["present"], said.text):
            form = form_of(said.text, match, Statistic.SHARE)
            said.all_read([form], [patterns["around"], patterns["topic"], patterns["since"]])
            return _share(said, form, rows)
        return None
    for column, says in patterns["counts"].items():
        match = re.search(says, said.text)
        if match:
            form = form_of(said.text, match, Statistic.COUNT)
            said.all_read([form], [patterns["around"], patterns["topic"], patterns["since"]])
            return _count(said, form, column, rows, year)
    return None


def _year(said: Said, known: list[str]) -> str:
    """Return the school year that a sentence counts in; empty for all of them.

    Raises
    ------
    Ambiguous
        A calendar year, which lies in two school years.
    """
    text = re.sub(words()["shootings"]["since"], " ", said.text)
    if match := re.search(r"\b((?:19|20)\d\d)-(?:20)?(\d\d)\b", text):
        year = f"{match[1]}-{match[2]}"
        if year in known:
            return year
    named = re.findall(r"\b(?:19|20)\d\d\b", text)
    if not named:
        return ""
    near = sorted(year for year in known if named[0][2:] in (year[2:4], year[5:7]))
    raise Ambiguous(
        "Shootings are counted here by school year: which is meant?",
        [re.sub(rf"\b{named[0]}\b", year, said.sentence, count=1) for year in near],
    )


def _share(said: Said, form: Form, rows: dict[str, dict[str, object]]) -> Checked:
    """Hold a share against the shootings of which the file says anything, and against all."""
    reading = reading_of(form, Question(measure="enrollment"))
    present = float(str(rows[PRESENT]["incidents"]))
    known = present + float(str(rows[NOT_PRESENT]["incidents"]))
    every = float(str(rows["all"]["incidents"]))
    value = 100 * present / known if known else 0.0
    low = 100 * present / every
    text = (
        f"An officer or guard is recorded as present at {present:,.0f} of the {known:,.0f} "
        f"school shootings for which anything is recorded ({value:.0f} percent); for "
        f"{every - known:,.0f} more the file says nothing ({low:.0f} percent of all {every:,.0f})"
    )
    met = [bool(reaches(reading, one)) for one in (value, low)]
    verdict = (
        Verdict.HOLDS if met[0] else Verdict.SOME if met[1]
        else Verdict.CLOSE if is_close(reading, value) else Verdict.NOT
    )  # fmt: skip
    return _checked(said, form, verdict, value, text, "share_with_officer", str(CANNOT[0]), rows)


def _count(
    said: Said, form: Form, column: str, rows: dict[str, dict[str, object]], year: str
) -> Checked:
    reading = reading_of(form, Question(measure="enrollment"))
    value = float(str(rows["all"][column]))
    what = "school shootings" if column == "incidents" else "people killed in school shootings"
    when = f"In {year}" if year else "From 1998-99 on"
    text = f"{when} there were {value:,.0f} {what}"
    verdict = (
        Verdict.HOLDS if bool(reaches(reading, value))
        else Verdict.CLOSE if is_close(reading, value) else Verdict.NOT
    )  # fmt: skip
    return _checked(said, form, verdict, value, text, f"shootings_{column}", _COUNTED, rows)


def _checked(
    said: Said,
    form: Form,
    verdict: Verdict,
    value: float,
    text: str,
    statistic: str,
    caution: str,
    rows: dict[str, dict[str, object]],
) -> Checked:
    end = {
        Verdict.HOLDS: "it holds", Verdict.SOME: "it holds if shootings of which nothing is "
        "recorded count as none", Verdict.CLOSE: "that is close, but not it",
        Verdict.NOT: "it does not hold",
    }[verdict]  # fmt: skip
    reading = reading_of(form, Question(measure="enrollment"))
    when = text.split(" there were ", maxsplit=1)[0] if text.startswith("In ") else "since 1998-99"
    unit = " percent" if form.statistic is Statistic.SHARE else ""
    return Checked(
        None, said.sentence,
        f"Read as: a number of school shootings {when[0].lower()}{when[1:]}; stated: "
        f"{form.stated:,.4g}{unit}.",
        form.stated, value, verdict,
        f"{text}, according to The Washington Post's database of school shootings. The claim says "
        f"{form.stated:,.0f}{unit}: {end}. {caution}",
        sources=[str(rows["all"]["source"])], kind="shootings",
        asked=asked(reading, statistic, value, measure="shootings"),
        say_instead=f"{text}." if verdict is not Verdict.HOLDS else None,
    )  # fmt: skip
