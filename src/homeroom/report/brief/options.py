"""The options that a board compares: cost by year, staff, gaps, outcome ranges, what is not known.

Read from what ``homeroom plan compare --json`` gives, so the brief can say nothing else than it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from homeroom.plans.actions import bridges
from homeroom.report.brief import levels, moves
from homeroom.report.brief.blocks import Block, Points, Section, Table, Text
from homeroom.report.brief.wording import cost, money
from homeroom.report.place_figures import label_of
from homeroom.report.sentences import posts
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.roles import ROLES

HEADING = "The options compared"
_GROUPS = (ALL, "black", "hispanic", "white")
_URL = re.compile(r";? https?://[^ ;]+")
Plans = list[dict[str, Any]]


def sentence(document: Mapping[str, Any]) -> str:
    """Say what keeping as is costs, and how far each option lies from that."""
    first = document["plans"][0]["cost"]
    start, end = next(iter(first)), next(reversed(first))
    years = f"from {start} to {end}" if start != end else f"in {start}"
    return (
        f"Keeping the officers and guards as they are costs {cost(first[start])} in {start}. Local "
        f"money a year beside that, {years}: {levels.differences(document)}."
    )


def section(document: Mapping[str, Any]) -> Section:
    """Set the options side by side."""
    plans: Plans = document["plans"]
    blocks: list[Block] = [*_law(document), _costs(document), _staff(plans)]
    outcomes = _outcomes(plans)
    if outcomes is not None:
        blocks.append(outcomes)
    else:
        blocks.append(
            Text("No finding gives a size that could be carried over to these options, so no "
                 "change in arrests, referrals or discipline is put in numbers.")
        )  # fmt: skip
    blocks += moves.blocks(document)
    blocks.append(levels.table(document))
    blocks.append(
        Points("What research does not know about these options", _unknowns(plans), small=True)
    )
    return Section("options", HEADING, tuple(blocks))


def _law(document: Mapping[str, Any]) -> list[Block]:
    """Say first where a state's rules stand against an option, and what else they say."""
    found = {note["about"]: note for notes in document.get("law", {}).values() for note in notes}
    told = [
        text
        for note in found.values()
        if note["value"] != "unknown" or note["about"] == "officers"
        for text in (_law_text(note), *(d for d in note["details"] if d.startswith(_KEPT)))
    ]
    silent = [note["about"] for note in found.values() if note["about"] != "officers"
              and note["value"] == "unknown"]  # fmt: skip
    if silent:
        names = ", ".join(ROLES[role].label.lower() for role in silent)
        told.append(f"Unknown, since none was read: a staffing mandate for {names}.")
    if not told:
        return []
    told[-1] += f" {document['law_notice']}"
    return [Points("What the state's rules say, as far as read", tuple(told), small=True)]


def _law_text(note: Mapping[str, Any]) -> str:
    return f"{note['short']}." if note["short"] else str(note["text"])


_KEPT = ("With the plan", "Exception", "Alternative", "Money")


def law_sentence(document: Mapping[str, Any]) -> str:
    """Say for the first page which options the state's rules stand against."""
    against = [
        (name, note)
        for name, found in document.get("law", {}).items()
        for note in found
        if note["conflict"]
    ]
    return " ".join(
        f"{name} runs into state law. {note['short']}. {document['law_notice']}"
        for name, note in against[:1]
    )


def _costs(document: Mapping[str, Any]) -> Table:
    plans: Plans = document["plans"]
    spans = _spans(plans, document["money"])
    rows = []
    for years, first in spans:
        rows.append((years, *(cost(one["cost"][first], "\n") for one in plans)))
        books = [_book(document["money"][one["name"]], first) for one in plans]
        rows += _local(years, books)
        if any(book["grant"] for book in books):
            rows.append(
                (f"{years}: paid by a grant", *(money(book["grant"] or 0) for book in books))
            )
    rows += _in_all(plans)
    notes = [
        (
            "Cost of officers, guards and what an option adds, whoever pays: central, then 95 of "
            "100 draws of the prices between the lower and upper quartile of single workers' pay. "
            "New local money: what an option takes of the district beyond today's cost; below "
            "zero, what it frees. Only who pays the officers can save on them."
        ),
        *dict.fromkeys(
            f"{text[0].upper()}{text[1:].replace('_', ' ').partition(' What has changed')[0]}"
            for said in document["warnings"].values()
            for text in said
            # The notes on the collections say the one, the table of schools the other.
            if not text.startswith(("Baseline", "No new staff"))
        ),
    ]
    return _wide("What each option costs a year", plans, tuple(rows), (" ".join(notes),))


def _local(years: str, books: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Give a year's new local money with its range, where it doesn't depend on who pays."""
    if any(len(book["cases"]) > 1 for book in books):
        return []
    cells = (_ranged(book["cases"][0]["new_local_money"]) for book in books)
    return [(f"{years}: new local money", *cells)]


def _in_all(plans: Plans) -> list[tuple[str, ...]]:
    """Give new local money over all years, in both cases, where it depends on who pays."""
    found = [one["new_local_money"]["cases"] for one in plans]
    most = max(found, key=len)
    if len(most) == 1:
        return []
    return [
        (f"New local money, all years, {case['if'].replace(' the officers', '')}",
         *(_ranged(cases[min(at, len(cases) - 1)]["new_local_money"]) for cases in found))
        for at, case in enumerate(most)
    ]  # fmt: skip


def _ranged(amount: Mapping[str, float | None]) -> str:
    if amount["low"] is None or amount["low"] == amount["high"]:
        return money(amount["central"] or 0)
    return cost({name: value or 0 for name, value in amount.items()}, "\n")


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


def _flows(rows: list[dict[str, Any]], year: str) -> tuple[Any, ...]:
    book = _book(rows, year)
    return (*(case["new_local_money"]["central"] for case in book["cases"]), book["grant"])


def _book(rows: list[dict[str, Any]], year: str) -> dict[str, Any]:
    return next(row for row in rows if str(row["year"]) == year)


def _staff(plans: Plans) -> Table:
    found = [{row["role"]: row for row in one["staff"]["roles"]} for one in plans]
    gaps = [{row["role"]: row for row in one["gaps"]} for one in plans]
    rows = []
    schools = len(plans[0]["staff"]["schools"])
    for role in found[0]:
        if found[0][role]["schools_unknown"] == schools:  # unknown, and never zero
            rows.append((ROLES[role].label, *("not in the store" for _ in plans)))
            continue
        rows.append((ROLES[role].label, *(_posts(roles[role]) for roles in found)))
        if role in gaps[0]:
            short = [f"{gap[role]['short_after']:,.1f} short" for gap in gaps]
            ratio = gaps[0][role]["students_per_post"]
            rows.append((f"   to one for each {ratio:,} students", *short))
    return _wide(
        f"Adults in the schools under each option, starting from {plans[0]['staff']['wave']}",
        plans, tuple(rows),
        (("Full-time equivalents, and their change. Short: lacking to the ratio, added over "
         "schools; a surplus at one fills no gap at another."),),
    )  # fmt: skip


def _posts(row: Mapping[str, Any]) -> str:
    text = posts(row["after"])
    change = f"{row['change']:+,.1f}".removesuffix(".0").replace("-", "\u2212")
    return f"{text} ({change})" if row["change"] else text


def _outcomes(plans: Plans) -> Table | None:
    plans = plans[1:]  # keeping as is is what the others are held against
    found = [{(row["outcome"], row["group"]): row for row in one["outcomes"]} for one in plans]
    names = dict.fromkeys(outcome for rows in found for outcome, _ in rows)
    rows = []
    for outcome in names:
        for group in _GROUPS:
            cells = [_expected(each.get((outcome, group)), each.get((outcome, ALL)))
                     for each in found]  # fmt: skip
            if any((outcome, group) in each for each in found):
                label = outcome if group == ALL else f"   {label_of(group)}"
                rows.append((label[0].upper() + label[1:], *cells))
    if not rows:
        return None
    notes = [
        (
            "Change in a year against keeping as is, once an option works in full. Median, then "
            "low to high: the range carries what the studies publish and their disagreement, and "
            "for one district it is wider. A point without a published range stays a point and "
            "gives no probability. Not touched: the option leaves alone what the finding is about. "
            "None counted: no student of the group was counted there. A dash: no size that may be "
            "used, which is not the same as none."
        )
    ]
    if any(_REVERSE in row["basis"] for one in plans for row in one["outcomes"]):
        notes.append(
            "Ending is taken as the reverse of placing officers; no study read here shows that "
            "it is."
        )
    notes += _for_whom(plans)
    return _wide("What research lets one expect", plans, tuple(rows), (" ".join(notes),))


def _for_whom(plans: Plans) -> list[str]:
    """Say for each change whom it is about, and how much of the district that is."""
    told: dict[str, list[str]] = {}
    for one in plans:
        for row in one["outcomes"]:
            if row["group"] == ALL and row["population"] and row["range"] != "not touched":
                told.setdefault(row["population"]["sentence"], []).append(row["outcome"])
    return [
        f"For whom, {' and '.join(dict.fromkeys(outcomes))}: {sentence}."
        for sentence, outcomes in told.items()
    ]


def _expected(row: Mapping[str, Any] | None, whole: Mapping[str, Any] | None) -> str:
    if row is None:
        return "–"
    if row["low"] is None or row["high"] is None:
        middle = row["median"]
        return f"{_signed(middle)} (no range published)" if middle else "not touched"
    low, middle, high = (_signed(row[name]) for name in ("low", "median", "high"))
    if row["low"] == row["high"] == 0:
        # An option that leaves a thing alone changes nothing: that is no finding of no effect.
        alone = whole is None or whole["low"] == whole["high"] == 0
        return "not touched" if alone else "none counted"
    if row["low"] == row["high"]:
        return f"{middle} (no interval published)"
    return f"{middle} ({low} to {high})"


def _signed(value: float) -> str:
    text = f"{value:+,.0f}" if abs(value) >= 10 else f"{value:+,.1f}"
    return "0" if text in ("+0.0", "-0.0") else text.replace("-", "\u2212")


def carried(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Say which findings carry the ranges, with their ids: for the sources."""
    told: dict[tuple[str, str], list[str]] = {}
    for one in document["plans"]:
        for row in one["outcomes"]:
            if row["group"] == ALL and (row["low"] or row["high"] or row["median"]):
                against = [f"Beside it, on the same question: {'; '.join(row['beside'])}"]
                said = "; ".join([row["basis"], *(against if row["beside"] else [])])
                key = (row["outcome"], _URL.sub("", said))
                told.setdefault(key, []).append(one["name"])
    return tuple(
        f"{', '.join(names)}: {outcome}. {basis}." for (outcome, basis), names in told.items()
    )


def origins(sources: Iterable[Mapping[str, Any]], carried: tuple[str, ...] = ()) -> Points:
    """List the rows behind costs and outcomes by their ids, those of one site together."""
    told: dict[str, dict[str, list[str]]] = {}
    for row in sources:
        site = _BLS if row["url"].startswith(_BLS) else row["url"] or row["what"]
        told.setdefault(site, {}).setdefault(row["url"].removeprefix(site), []).append(row["id"])
    items = (
        f"{site}: " + "; ".join(f"{page} ({', '.join(ids)})" for page, ids in pages.items())
        if site == _BLS
        else f"{', '.join(one for ids in pages.values() for one in ids)}: {site}"
        for site, pages in told.items()
    )
    return Points("Rows behind costs and ranges", (*carried, *items), small=True)


def _unknowns(plans: Plans) -> tuple[str, ...]:
    """List what is not known once; what is alike for several actions stands in one line."""
    joined: dict[str, dict[str, list[str]]] = {}
    said: dict[str, None] = {}
    for text in dict.fromkeys(text for one in plans for text in one["unknowns"]):
        plain = _IDS.sub("", _SLIDER.sub("", text))
        for lead, pattern in _alike():
            if found := pattern.fullmatch(plain):
                said[lead] = None
                about = joined.setdefault(lead, {}).setdefault(found["action"].lower(), [])
                about += [part for part in (found.groupdict().get("outcome"),) if part]
                break
        else:
            said[plain] = None
    return tuple(
        lead.format("; ".join(_on(action, about) for action, about in joined[lead].items()))
        if lead in joined
        else lead
        for lead in said
    )


def _on(action: str, about: list[str]) -> str:
    return f"{action} on {', '.join(about)}" if about else action


@cache
def _alike() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Sentences of one kind, and how they are told together."""
    labels = sorted((re.escape(one.label) for one in bridges().actions.values()), key=len)
    action = f"(?P<action>{'|'.join(reversed(labels))})"
    return tuple(
        (lead, re.compile(action + rest))
        for lead, rest in {
            "A size to carry over, since studies found a direction only, compared schools at one "
            "time, or are known from reports: {}.": r" and (?P<outcome>.*): no usable size\..*",
            "No study in the library: {}.": r": no study in the library on (?P<outcome>.*)\.",
            "No study in the library at all: {}.": r": the library holds no study of them\.",
            "Whether a change differs between groups of students, so that every group gets the "
            "same share: {}.": r": whether the change differs between groups.*",
            "Anything outside high schools, so that nothing is counted there: {}.": (
                r" and (?P<outcome>.*): the sizes are for high schools; nothing .*"
            ),
        }.items()
    )


_BLS = "https://www.bls.gov/"
_IDS = re.compile(r" \(E\d+[^)]*\)")
_SLIDER = re.compile(r" To see what an assumption would mean, set a slider \([^)]*\)\.")
_REVERSE = "an ending taken as the reverse of having"


def _wide(
    title: str, plans: Plans, rows: tuple[tuple[str, ...], ...], notes: tuple[str, ...]
) -> Table:
    first = 0.26
    return Table(
        title, ("", *(one["name"] for one in plans)), rows,
        (first, *[(1 - first) / len(plans)] * len(plans)), (False, *[True] * len(plans)), notes,
    )  # fmt: skip
