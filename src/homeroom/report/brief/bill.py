"""What the Counseling Not Criminalization in Schools bill would ask: a bill, not law."""

from __future__ import annotations

from collections import Counter

from homeroom.law.act import LeaFacts, check, use
from homeroom.law.act.check import LATEST, Answer
from homeroom.law.act.facts import FACTS
from homeroom.law.logic import Truth
from homeroom.report.act_facts import held_against
from homeroom.report.brief.blocks import Section, Table, Text
from homeroom.report.brief.subject import Subject

_USES = (
    "school counselors", "school social workers", "school psychologists", "school nurses",
    "trauma-informed services", "restorative practices", "threat assessment", "access control",
    "security guards", "school police", "metal detectors", "security cameras",
)  # fmt: skip
_STATUS = {
    "verbatim": "the bill's text",
    "secondary": "reports about the bill",
    "unknown": "no source",
}


def section(about: Subject, facts: LeaFacts | None = None) -> Section:
    """Answer the bill's questions as far as the facts given go, and say what it would fund."""
    place = about.area.place_id if about.area.kind == "district" else None
    held = held_against(about.store, place, facts or LeaFacts())
    result = check(held, version=LATEST, place=place)
    rows = _grouped(result.answers)
    said = Counter(answer.finding.answer for answer in result.answers)
    known = len(result.answers) - said[Truth.UNKNOWN]
    yes = ", all with yes" if known and said[Truth.YES] == known else ""
    intro = (
        f"{result.bill.notice} If it were enacted as the sources describe it, it would ask the "
        f"following of a district that takes its grant. The sources settle {known} of "
        f"{len(result.answers)} questions{yes}; the others turn on facts that only the district "
        "knows, or on parts of the bill that the sources read do not give."
    )
    return Section("act", "What the Act would ask (a bill, not law)", (
        Text(intro),
        Table(f"Questions under {result.bill.number}, by answer", ("", ""), (*rows, *_uses()),
              (0.27, 0.73), (False, False)),
    ))  # fmt: skip


def _grouped(answers: tuple[Answer, ...]) -> tuple[tuple[str, str], ...]:
    """Put the questions of one answer into one row; unknown ones by what would settle them."""
    groups: dict[str, list[str]] = {}
    for answer in answers:
        groups.setdefault(_head(answer), []).append(answer.question)
    order = sorted(groups, key=lambda head: (not head.startswith(("Yes", "No,")), head))
    return tuple((head, " ".join(groups[head])) for head in order)


def _head(answer: Answer) -> str:
    finding = answer.finding
    if finding.answer is not Truth.UNKNOWN:
        kinds = dict.fromkeys(
            _STATUS[entry.text_status]
            for entry in finding.trace
            if not entry.rule.startswith("facts.")
        )
        return f"{str(finding.answer).capitalize()}, by {', '.join(kinds) or 'the facts given'}"
    # What the bill is silent on stands among the unknowns by its rule, facts by their name.
    if any(name in FACTS for name in finding.unknowns):
        return "Not known: turns on facts of the district that were not given"
    return "Not known: the sources read are silent"


def _uses() -> tuple[tuple[str, str], ...]:
    """Say which staff and things the grant could pay for."""
    fits: dict[str, list[str]] = {"yes": [], "no": [], "unknown": []}
    for phrase in _USES:
        fits[str(use(phrase, version=LATEST).fits)].append(phrase)
    heads = {
        "yes": "The grant could pay for",
        "no": "The grant could not pay for",
        "unknown": "The sources do not say whether it could pay for",
    }
    return tuple((heads[key], ", ".join(names)) for key, names in fits.items() if names)
