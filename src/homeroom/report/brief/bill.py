"""What the Counseling Not Criminalization in Schools bill would ask: a bill, not law."""

from __future__ import annotations

from homeroom.law.act import LeaFacts, check, load_act, use
from homeroom.law.act.check import LATEST, Answer
from homeroom.law.act.facts import FACTS
from homeroom.law.logic import Truth
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
    result = check(facts or LeaFacts(), version=LATEST, place=place)
    rows = _grouped(result.answers)
    unknown = sum(answer.finding.answer is Truth.UNKNOWN for answer in result.answers)
    intro = (
        f"{result.bill.notice} The answers below are what it would ask of a district if it were "
        "enacted as the sources describe it. "
        f"{unknown} of {len(result.answers)} questions cannot be answered: either the sources are "
        "silent, or the answer turns on a fact that only the district knows, which `--facts` "
        "brings in."
    )
    return Section("act", "What the Act would ask (a bill, not law)", (
        Text(intro),
        Table(f"Questions under {result.bill.number}, by answer", ("Answer", "Questions"), rows,
              (0.3, 0.7), (False, False)),
        _uses(),
    ))  # fmt: skip


def _grouped(answers: tuple[Answer, ...]) -> tuple[tuple[str, str], ...]:
    """Put the questions of one answer into one row; unknown ones by what would settle them."""
    groups: dict[str, list[str]] = {}
    for answer in answers:
        groups.setdefault(_head(answer), []).append(answer.question)
    order = sorted(groups, key=lambda head: (not head.startswith(("Yes", "No,")), head))
    return tuple((head, "\n".join(groups[head])) for head in order)


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


def _uses() -> Table:
    fits: dict[str, list[str]] = {"yes": [], "no": [], "unknown": []}
    for phrase in _USES:
        fits[str(use(phrase, version=LATEST).fits)].append(phrase)
    heads = {
        "yes": "The grant could pay for",
        "no": "The grant could not pay for",
        "unknown": "The sources read do not say",
    }
    rows = tuple((heads[key], ", ".join(names)) for key, names in fits.items() if names)
    number = load_act().bill(LATEST).number
    return Table(
        f"What the grant could pay for under {number}", ("", ""), rows, (0.3, 0.7), (False, False),
        (("`homeroom act use` asks of any other use; `homeroom act show` prints every provision "
         "with its source."),),
    )  # fmt: skip
