"""The questions that a district has about the bill, answered rule by rule."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from homeroom.errors import BadInput
from homeroom.law.act.facts import REPORT_ITEMS
from homeroom.law.act.parameters import Bill, TextStatus
from homeroom.law.act.rules import BOUNDARIES, Reading, apply, read, stated
from homeroom.law.logic import Entry, Finding, Truth, all_of, any_of, not_

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeroom.law.act.facts import LeaFacts
    from homeroom.law.act.parameters import Act

PLACE = re.compile(r"lea:\d{7}")
LATEST = "2025"


@dataclass(frozen=True, slots=True)
class Answer:
    """One question, its answer and its trace."""

    id: str
    question: str
    finding: Finding

    def as_dict(self) -> dict[str, object]:
        """Return the answer as plain values."""
        return {
            "question": self.question,
            "answer": str(self.finding.answer),
            "trace": [entry.as_dict() for entry in self.finding.trace],
        }


@dataclass(frozen=True, slots=True)
class Check:
    """All answers for one district under one version."""

    bill: Bill
    place: str | None
    answers: tuple[Answer, ...]
    unknowns: tuple[str, ...]
    contradictions: tuple[str, ...] = ()
    """What the facts given say against what the district's schools reported."""

    def answer(self, question: str) -> Finding:
        """Return the finding of one question by its id."""
        return next(one.finding for one in self.answers if one.id == question)

    def as_dict(self) -> dict[str, object]:
        """Return the check as plain values."""
        return {
            "notice": self.bill.notice,
            "version": self.bill.id,
            "status": self.bill.status,
            "place": self.place,
            "answers": [answer.as_dict() for answer in self.answers],
            "unknowns": list(self.unknowns),
            "contradictions": list(self.contradictions),
        }


def eligible(reading: Reading, facts: LeaFacts) -> Finding:
    """Join the conditions that the sources name for receiving a grant."""
    return all_of(
        apply("eligibility.contract-ended", reading, facts),
        apply("eligibility.own-police-dissolved", reading, facts),
        apply("eligibility.no-officers-during-grant", reading, facts),
        any_of(_had_officers(facts), stated(reading, "eligibility.never-had-officers")),
    )


def _had_officers(facts: LeaFacts) -> Finding:
    known: dict[str, object] = {"contract": facts.contract, "own_police": facts.own_police}
    if any(value in ("running", "ended") for value in known.values()) or facts.officers_reported:
        answer = Truth.YES
    else:
        answer = Truth.UNKNOWN if None in known.values() else Truth.NO
    lacking = tuple(name for name, value in known.items() if value is None)
    if facts.officers_reported is not None:
        known |= {
            "officers_reported": facts.officers_reported, "in": facts.officers_reported_in,
        }  # fmt: skip
    entry = Entry(
        rule="facts.had-officers",
        citation="the facts given, not the bill",
        text_status=str(TextStatus.UNKNOWN),
        facts=known,
        result=answer,
    )
    return Finding(answer, (entry,), lacking if answer is Truth.UNKNOWN else ())


def application(reading: Reading, facts: LeaFacts) -> Finding:
    """Ask whether the application is complete: the list of parts is in no source."""
    used = {"application_parts": facts.application_parts}
    parts = reading.content("eligibility.application-parts")
    finding = stated(reading, "eligibility.application-parts", used)
    if not isinstance(parts, tuple):
        return finding
    have = facts.application_parts
    answer = Truth.of(None if have is None else set(parts) <= set(have))
    entry = finding.trace[0]
    entry = Entry(entry.rule, entry.citation, entry.text_status, entry.facts, answer)
    return Finding(answer, (entry,), ("application_parts",) if have is None else ())


def reported(item: str) -> Callable[[Reading, LeaFacts], Finding]:
    """Make the question whether the report must hold ``item``, and whether it is published."""

    def ask(reading: Reading, facts: LeaFacts) -> Finding:
        done = None if facts.reports_published is None else item in facts.reports_published
        return stated(reading, f"report.{item}", {"published": done})

    return ask


def _share(reading: Reading, facts: LeaFacts) -> Finding:
    used = {"share_disadvantaged": facts.share_disadvantaged}
    return stated(reading, "priority.disadvantaged", used)


def _rule(provision: str) -> Callable[[Reading, LeaFacts], Finding]:
    return lambda reading, facts: apply(provision, reading, facts)


def _still(provision: str) -> Callable[[Reading, LeaFacts], Finding]:
    return lambda reading, facts: not_(apply(provision, reading, facts))


def _says(provision: str) -> Callable[[Reading, LeaFacts], Finding]:
    return lambda reading, _facts: stated(reading, provision)


REPORT_WORDS = {
    "use-of-funds": "how the funds were used",
    "arrests": "school arrests",
    "referrals": "referrals to law enforcement",
    "surveillance": "any use of surveillance tools",
    "disaggregated": "arrests and referrals by demographic group",
}
QUESTIONS: tuple[tuple[str, str, Callable[[Reading, LeaFacts], Finding]], ...] = (
    ("eligible", "Does the district meet the conditions for a grant that are known?", eligible),
    (
        "must-end-contract",
        "Must it still end a contract with police, or end it earlier?",
        _still("eligibility.contract-ended"),
    ),
    (
        "must-dissolve-police",
        "Must it still dissolve its own police, or dissolve them earlier?",
        _still("eligibility.own-police-dissolved"),
    ),
    (
        "must-keep-officers-out",
        "Must it still change its plans so that no officers are there during the grant?",
        _still("eligibility.no-officers-during-grant"),
    ),
    ("application-complete", "Is its application complete?", application),
    (
        "priority-disadvantaged",
        "Does the bill put districts with a higher share of disadvantaged students first?",
        _share,
    ),
    (
        "priority-terminated",
        "Does it have the priority for a police contract that has already ended?",
        _rule("priority.contracts-terminated"),
    ),
    ("report-yearly", "Must it report every year?", _says("report.yearly")),
    *(
        (f"report-{item}", f"Must its report give {REPORT_WORDS[item]}?", reported(item))
        for item in REPORT_ITEMS
    ),
    ("report-privacy", "Must its report protect privacy?", _says("report.privacy")),
    (
        "federal-money-barred",
        "Does it use Federal money for officers that the bill would bar?",
        _rule("ban.federal-funds"),
    ),
    (
        "cops-grant-closed",
        "Does it hold a COPS grant for officers that the bill would close?",
        _rule("cops.closed"),
    ),
    (
        "own-money",
        "May schools, towns and States still pay officers with their own money?",
        _says("scope.own-money"),
    ),
)


def check(
    facts: LeaFacts,
    *,
    version: str | int = LATEST,
    place: str | None = None,
    boundary: str = "at_least",
    act: Act | None = None,
) -> Check:
    """Answer every question for one district.

    Parameters
    ----------
    facts
        What is known of the district; the rest is unknown, and named so.
    version
        Year or id of the bill.
    place
        ``lea:`` and the seven-digit LEA id, echoed in the answer.
    boundary
        ``at_least`` counts the last day of the waiting time as enough; ``more_than`` does not.
    """
    if place is not None and not PLACE.fullmatch(place):
        raise BadInput(f"The place {place!r} is no district: write lea: and its seven digits.")
    if boundary not in BOUNDARIES:
        raise BadInput(f"The boundary is one of {BOUNDARIES}, found {boundary!r}.")
    reading = read(version, boundary=boundary, act=act)
    against = (facts.contradiction,) if facts.contradiction else ()
    if against:
        # Of two facts that cannot both be true, neither settles a question.
        facts = replace(facts, contract=None, own_police=None)
    answers = tuple(Answer(key, text, ask(reading, facts)) for key, text, ask in QUESTIONS)
    missing = dict.fromkeys(name for answer in answers for name in answer.finding.unknowns)
    missing.update(dict.fromkeys(_silences(reading)))
    return Check(reading.bill, place, answers, tuple(missing), against)


def _silences(reading: Reading) -> list[str]:
    return [
        f"{provision.id}: {provision.title} (not in the sources read for {reading.bill.number})"
        for provision in reading.act.provisions.values()
        if provision.values[reading.bill.id].content is None and not provision.id.startswith("use.")
    ]
