"""Claims about what a state's law asks of schools, held against the dated rules that were read."""

from __future__ import annotations

import re
from datetime import date

from homeroom.claims.checked import Checked
from homeroom.claims.grammar.numbers import plain
from homeroom.claims.grammar.places import spelled_out
from homeroom.claims.kinds.said import asked
from homeroom.claims.verdict import Verdict
from homeroom.law import states
from homeroom.law.logic import Truth
from homeroom.vocabulary.states import STATES

ELSEWHERE = (
    "The state's code; the Education Commission of the States' 50-State Comparisons on school "
    "discipline and on school safety."
)
_POSTAL = {name.lower(): postal for postal, name in STATES.items()}
_STATE = re.compile(
    rf"\b(?P<state>{'|'.join(sorted(map(re.escape, _POSTAL), key=len, reverse=True))})\b"
)
_DUTY = re.compile(
    r"\b(?:requires?|required|mandates?|mandated|obliges?|must|have to|has to|makes?|orders?"
    r"|compels?)\b"
)
_OF_LAW = r"\b(?:laws?(?! enforcement)|statutes?|code|legislature|regulations?|rules?)\b"
_DENIED = re.compile(r"\b(?:not|no|never|nor|without)\b|n't\b")
_OFFICER = r"(?:officers?|sros?|police|law enforcement|cops?|guards?|deput(?:y|ies)|armed|security)"
_TOPICS = {
    "training": rf"\b{_OFFICER}\b.*\btrain(?:ed|ing)\b|\btrain(?:ed|ing)?\b.*\b{_OFFICER}\b",
    "agreement": r"\b(?:memorandum|memoranda|mous?|agreements?)\b",
    "reporting": r"\breport(?:s|ed|ing)?\b.*\b(?:arrests?|referrals?|officers?|police|data)\b",
    "counselors": r"\bcounsel+ors?\b",
    "nurses": r"\bnurses?\b",
    "psychologists": r"\bpsychologists?\b",
    "social_workers": r"\bsocial workers?\b",
    "officers": rf"\b{_OFFICER}\b",
}
"""What a duty is about; earlier topics win, since most sentences name officers as well."""
_NUMBER = re.compile(r"\b(\d{2,4}) students?\b")
_OTHERWISE = re.compile(r"\bor\b|\bcoverage\b|\bplans?\b")
_POLICE = re.compile(r"\bpolice\b|\bsros?\b|\bresource officers?\b|\bsworn\b|\blaw enforcement\b")
_FREE = (
    "state under in of by since as the that a an at on to for and or with from it is are be "
    "been was were have has had do does did not n't doesn't every each all any there its "
    "least 1 one must who which their public school schools school's campus campuses district "
    "districts board boards k-12 resource safety safe-school safe peace adequate local "
    "coverage plan plans sworn person personnel staff presence train trained training "
    "specialized special work works working memorandum memoranda understanding mou mous "
    "agreement agreements sign signed enter into written between report reports reported "
    "reporting arrest arrests referral referrals data collect collects collected counselor "
    "counselors nurse nurses psychologist psychologists social worker workers full-time "
    "employ employs employed hire hired station stationed place placed post posted assign "
    "assigned provide provided put putting"
)
_READ = (
    _OF_LAW, _DUTY.pattern, rf"\b{_OFFICER}\b", r"\b(?:19|20)\d\d\b",
    r"\b\d{2,4} students?\b",
    rf"(?<![\w'-])(?:{'|'.join(map(re.escape, _FREE.split()))})(?![\w'-])",
)  # fmt: skip
"""Words that the rules speak to; a claim with others is not judged, and the rule is shown."""


def check(sentence: str) -> Checked | None:
    """Check what a state's law is said to require; None where the sentence says no such thing."""
    text = plain(spelled_out(sentence))
    named = list(dict.fromkeys(match["state"] for match in _STATE.finditer(text)))
    duty = _DUTY.search(text)
    if len(named) != 1 or duty is None or re.search(r"\barrested|referred|suspended\b", text):
        return None
    if not re.search(_OF_LAW, text) and not text.startswith(named[0]):
        return None
    topic = next((name for name, says in _TOPICS.items() if re.search(says, text)), None)
    if topic is None:
        return None
    return _checked(sentence, text, named[0], topic)


def _checked(sentence: str, text: str, state: str, topic: str) -> Checked:
    postal = _POSTAL[state]
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", text)]
    read_on = states.read_on(postal)
    day = date(years[0], 7, 1) if len(years) == 1 and years[0] < read_on.year else read_on
    found = states.ask(postal, topic, day)
    unread = _unread(text, state)
    denied = _DENIED.search(text) is not None
    verdict = _verdict(found.value, denied=denied)
    if verdict is Verdict.HOLDS and not denied:
        verdict = _as_said(text, topic, found.rules)
    if unread or len(years) > 1:
        verdict = Verdict.CANNOT
    name = STATES[postal]
    rules = found.rules or tuple(one for one in found.beside if one.holds(day))[:2]
    told = " ".join(_told(one) for one in rules) or (
        f"No rule of {name} on this was read, which doesn't mean that there is none."
    )
    end = {
        Verdict.HOLDS: "The claim holds.", Verdict.NOT: "The claim does not hold.",
        Verdict.CLOSE: "The claim is close, but the law leaves schools another way to comply.",
    }.get(verdict) or _why_not(found.value, unread)  # fmt: skip
    question = states.TOPICS[topic]
    return Checked(
        None, sentence,
        f"Read as: a claim about the law of {name} on {day.isoformat()}. Question: {question}",
        None, None, verdict, f"{told} {end} {states.NOT_ADVICE}", kind="state_law",
        asked=asked(None, "state_law", None, measure=topic, place=f"US-{postal}"),
        say_instead=told if verdict in (Verdict.NOT, Verdict.CLOSE) else None,
        sources=[f"{one.citation} {one.urls[0]}".strip() for one in rules if one.urls],
        elsewhere=ELSEWHERE if verdict is Verdict.CANNOT else None,
    )  # fmt: skip


def _verdict(value: Truth, *, denied: bool) -> Verdict:
    if value is Truth.UNKNOWN:
        return Verdict.CANNOT
    return Verdict.HOLDS if (value is Truth.YES) != denied else Verdict.NOT


def _as_said(text: str, topic: str, rules: tuple[states.Rule, ...]) -> Verdict:
    """Judge a duty by its words: students a post, and whether police alone will do."""
    number = _NUMBER.search(text)
    asked_for = {one.students_per_post for one in rules if one.students_per_post}
    if number:
        known = Verdict.HOLDS if int(number[1]) in asked_for else Verdict.NOT
        return known if asked_for else Verdict.CANNOT
    if topic != "officers":
        return Verdict.HOLDS
    instead = any(one.without_officers for one in rules) and not _OTHERWISE.search(text)
    guards = any("guard" in one.says for one in rules) and _POLICE.search(text)
    return Verdict.CLOSE if instead or guards else Verdict.HOLDS


def _why_not(value: Truth, unread: list[str]) -> str:
    if unread:
        words = ", ".join(f"\u201c{word}\u201d" for word in unread[:4])
        return (
            f"The claim also says {words}, which the rules as read don't settle, so there is no "
            f"verdict. {ELSEWHERE}"
        )
    if value is Truth.UNKNOWN:
        return f"Cannot be tested with what was read. {ELSEWHERE}"
    return f"It names several years, so there is no verdict. {ELSEWHERE}"


def _unread(text: str, state: str) -> list[str]:
    left = text.replace(f"{state}'s", " ").replace(state, " ")
    for pattern in _READ:
        left = re.sub(pattern, " ", left)
    return [word for word in re.findall(r"[a-z0-9$][a-z0-9'-]*", left) if word not in {"s", "t"}]


def _told(rule: states.Rule) -> str:
    """Return a rule in a sentence or two: since when, what, and its exception."""
    since = f", since {rule.begins.isoformat()}" if rule.begins else ""
    out = f"{rule.known_as or rule.citation}{since}: {rule.says.rstrip('.')}."
    if rule.exception:
        out += f" Exception: {rule.exception[0].lower()}{rule.exception[1:].rstrip('.')}."
    return out
