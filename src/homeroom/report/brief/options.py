"""The options that a board compares: cost by year, staff, gaps, outcome ranges, what is not known.

Read from what ``homeroom plan compare --json`` gives, so the brief can say nothing else than it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from homeroom.report.brief.blocks import Block, Points, Section, Table, Text
from homeroom.report.place_figures import label_of
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.roles import ROLES

HEADING = "The options compared"
_GROUPS = (ALL, "black", "hispanic", "white")
_NO_SIZE = ": no usable size."
_URL = re.compile(r";? https?://[^ ;]+")
Plans = list[dict[str, Any]]


def absent(place: str, kind: str) -> Section | None:
    """Say how a plan comes into the brief; plans are made for districts and schools only."""
    if kind not in ("district", "school"):
        return None
    return Section("options", HEADING, (
        Text(
            f"No plan was given. `homeroom brief {place} --plan plan.yaml` sets options beside "
            "each other here, “keep as is” always among them: cost by year, staff, gaps to the "
            "recommended ratios, and what research lets one expect, as ranges."
        ),
    ))  # fmt: skip


def sentences(document: Mapping[str, Any]) -> list[str]:
    """Say what each option costs in its first year."""
    plans = document["plans"]
    year = next(iter(plans[0]["cost"]))
    told = "; ".join(f"{one['name']}, {_cost(one['cost'][year])}" for one in plans)
    return [f"The options in {year}: {told}."]


def section(document: Mapping[str, Any]) -> Section:
    """Set the options side by side."""
    plans: Plans = document["plans"]
    blocks: list[Block] = [_costs(document), _staff(plans)]
    outcomes = _outcomes(plans)
    if outcomes is not None:
        blocks += [outcomes, _carried(plans)]
    else:
        blocks.append(
            Text("No finding gives a size that could be carried over to these options, so no "
                 "change in arrests, referrals or discipline is put in numbers.")
        )  # fmt: skip
    blocks.append(Points("What research does not know about these options:", _unknowns(plans)))
    return Section("options", HEADING, tuple(blocks))


def origins(document: Mapping[str, Any]) -> Text:
    """List the rows behind costs and outcomes, with their addresses."""
    rows = [
        f"{row['id']}: {row['what']}" + (f", {row['url']}" if row["url"] else "")
        for row in document["sources"]
    ]
    return Text("Rows behind the options: " + "; ".join(rows) + ".", small=True)


def money(value: float) -> str:
    """Write dollars as a budget line can bear them: millions to two decimals, else thousands."""
    sign, size = "\u2212" if value < 0 else "", abs(value)
    if size >= 1_000_000:
        return f"{sign}${size / 1_000_000:,.2f} million"
    return f"{sign}${round(size, -3):,.0f}" if size >= 1000 else f"{sign}${size:,.0f}"


def _cost(part: Mapping[str, float], between: str = " ") -> str:
    central, low, high = (money(part[name]) for name in ("central", "low", "high"))
    if part["low"] == part["high"]:
        return central
    if low.endswith(" million") and high.endswith(" million"):
        low, high = low.removesuffix(" million").removeprefix("$"), high.removeprefix("$")
    return f"{central}{between}({low} to {high})"


def _costs(document: Mapping[str, Any]) -> Table:
    plans: Plans = document["plans"]
    spans = _spans(plans, document["money"])
    rows = []
    for years, first in spans:
        rows.append((years, *(_cost(one["cost"][first], "\n") for one in plans)))
        books = [_book(document["money"][one["name"]], first) for one in plans]
        rows.append((f"{years}: new local money", *(money(b["new_local_money"]) for b in books)))
        if any(book["grant"] for book in books):
            rows.append((f"{years}: paid by a grant", *(money(book["grant"]) for book in books)))
    notes = [
        (
            "Cost of officers, guards and what an option adds. Central, then low to high: "
            f"{document['method']['range']}. New local money and grants: at central prices."
        ),
        *dict.fromkeys(
            text
            for said in document["warnings"].values()
            for text in said
            if not text.startswith("Baseline")  # the notes on the collections say it
        ),
    ]
    return _wide("What each option costs a year", plans, tuple(rows), tuple(notes))


def _spans(plans: Plans, books: Mapping[str, list[dict[str, Any]]]) -> list[tuple[str, str]]:
    """Join years in which no option's figures change: (label, first year)."""
    spans: list[tuple[str, str, Any]] = []
    for year in plans[0]["cost"]:
        found = [(one["cost"][year], _flows(books[one["name"]], year)) for one in plans]
        if spans and spans[-1][2] == found:
            label = f"{spans[-1][1]} to {year}, each year"
            spans[-1] = (label, spans[-1][1], found)
        else:
            spans.append((year, year, found))
    return [(label, first) for label, first, _ in spans]


def _flows(rows: list[dict[str, Any]], year: str) -> tuple[float, float]:
    book = _book(rows, year)
    return (book["new_local_money"], book["grant"])


def _book(rows: list[dict[str, Any]], year: str) -> dict[str, Any]:
    return next(row for row in rows if str(row["year"]) == year)


def _staff(plans: Plans) -> Table:
    found = [{row["role"]: row for row in one["staff"]["roles"]} for one in plans]
    gaps = [{row["role"]: row for row in one["gaps"]} for one in plans]
    rows = []
    for role in found[0]:
        rows.append((ROLES[role].label, *(_posts(roles[role]) for roles in found)))
        if role in gaps[0]:
            short = [f"{gap[role]['short_after']:,.1f} short" for gap in gaps]
            ratio = gaps[0][role]["students_per_post"]
            rows.append((f"   to one for each {ratio:,} students", *short))
    return _wide(
        f"Adults in the schools under each option, starting from {plans[0]['staff']['wave']}",
        plans, tuple(rows),
        (("Full-time equivalents, with the change in brackets. Short: full-time adults still "
         "lacking to the ratio, added over schools; a surplus here fills no gap there."),),
    )  # fmt: skip


def _posts(row: Mapping[str, Any]) -> str:
    text = f"{row['after']:,.1f}".removesuffix(".0")
    change = f"{row['change']:+,.1f}".removesuffix(".0").replace("-", "\u2212")
    return f"{text} ({change})" if row["change"] else text


def _outcomes(plans: Plans) -> Table | None:
    found = [{(row["outcome"], row["group"]): row for row in one["outcomes"]} for one in plans]
    names = dict.fromkeys(outcome for rows in found for outcome, _ in rows)
    rows = []
    for outcome in names:
        for group in _GROUPS:
            cells = [_expected(each.get((outcome, group))) for each in found]
            if any((outcome, group) in each for each in found):
                label = outcome if group == ALL else f"   {label_of(group)}"
                rows.append((label[0].upper() + label[1:], *cells))
    if not rows:
        return None
    notes = [
        (
            "A year, against keeping as is, once an option works in full. Median, then low to "
            "high: the range carries the published uncertainty and the disagreement between "
            "studies. A dash: no size that could be carried over."
        )
    ]
    if any("meta-analysis" in row["basis"] for one in plans for row in one["outcomes"]):
        notes.append(
            "Where the basis is a meta-analysis of weaker designs, the range is no firmer than "
            "they are; the section on research does not count it as an effect."
        )
    return _wide("What research lets one expect", plans, tuple(rows), tuple(notes))


def _expected(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return "–"
    low, middle, high = (_signed(row[name]) for name in ("low", "median", "high"))
    if row["low"] == row["high"]:
        return "no change" if not row["median"] else f"{middle}\n(no uncertainty published)"
    return f"{middle}\n({low} to {high})"


def _signed(value: float) -> str:
    text = f"{value:+,.0f}" if abs(value) >= 10 else f"{value:+,.1f}"
    return "0" if text in ("+0.0", "-0.0") else text.replace("-", "\u2212")


def _carried(plans: Plans) -> Points:
    told: dict[tuple[str, str], list[str]] = {}
    for one in plans:
        for row in one["outcomes"]:
            if row["group"] == ALL:
                key = (row["outcome"], _URL.sub("", row["basis"]))
                told.setdefault(key, []).append(one["name"])
    return Points(
        "What carries these ranges:",
        tuple(
            f"{', '.join(names)}: {outcome}. {basis}." for (outcome, basis), names in told.items()
        ),
    )


def _unknowns(plans: Plans) -> tuple[str, ...]:
    """List what is not known once, the questions without a usable size in one line."""
    texts = dict.fromkeys(text for one in plans for text in one["unknowns"])
    sizeless = [text.split(_NO_SIZE)[0] for text in texts if _NO_SIZE in text]
    said = [text for text in texts if _NO_SIZE not in text]
    if sizeless:
        said.insert(
            1,
            "A size to carry over, since studies found a direction only, compared "
            f"schools at one time, or are known from reports: {'; '.join(sizeless)}.",
        )
    return tuple(said)  # fmt: skip


def _wide(
    title: str, plans: Plans, rows: tuple[tuple[str, ...], ...], notes: tuple[str, ...]
) -> Table:
    first = 0.26
    return Table(
        title, ("", *(one["name"] for one in plans)), rows,
        (first, *[(1 - first) / len(plans)] * len(plans)), (False, *[True] * len(plans)), notes,
    )  # fmt: skip
