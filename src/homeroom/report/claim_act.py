"""Claims about the Counseling Not Criminalization in Schools Act, held against its text."""

from __future__ import annotations

import re
from collections.abc import Callable

from homeroom.claims.checked import Checked
from homeroom.claims.grammar.numbers import plain, shown
from homeroom.claims.kinds.said import asked
from homeroom.claims.verdict import Verdict
from homeroom.law.act.parameters import Act, Bill, load_act

_NAMED = re.compile(
    r"counseling,? not criminalization|\b(?:murphy|pressley|warren|omar|smith)'?s? (?:bill|act)\b",
    re.IGNORECASE,
)
_THE_ACT = re.compile(r"\b[Tt]he Act\b")
_A_BILL = re.compile(r"\b[Tt]he (?:bill|legislation)\b")
_ITS_MATTER = re.compile(
    r"\b(?:police|officers?|sros?|cops)\b.*\bcounsel|\bcounsel.*\b(?:police|officers?|sros?|cops)\b"
)
_DENIED = r"\b(?:not|never|n't|hasn't|isn't|no)\b"
_LAW = (
    r"\b(?:became|become|becomes|is|was) (?:now )?(?:not )?(?:the |a )?law\b|\bsigned into law\b"
    r"|\b(?:was|were|been|is|be) (?:signed|enacted|passed)\b|\bpassed (?:congress|the senate"
    r"|the house|both)|\bin force\b|\btook effect\b|\bnot (?:a )?law\b"
)
_MONEY = r"\$ ?(?P<n>\d+(?:\.\d+)?)|(?P<n2>\d{6,}) dollars?"
_BAN_MONEY = (
    r"\b(?:ban|bar|prohibit|forbid|block|prevent|stop|end|divert|redirect|shift|mov|clos)\w*\b"
    r".*\bfederal (?:funds?|money|dollars|funding|grants?)\b"
    r"|\bfederal (?:funds?|money|dollars|funding|grants?)\b.*\b(?:ban|bar|prohibit|forbid|block)\w*"
)
_BAN_OFFICERS = (
    r"\b(?:bans?|removes?|prohibits?|forbids?|outlaws?|abolish\w*|eliminates?|gets? rid of"
    r"|kicks? out|requires? (?:[a-z]+ ){0,4}(?:to )?remov\w+)\b"
    r".*\b(?:police|officers?|sros?|cops)\b"
)
_INTRODUCED = r"\bintroduced\b"
_STAFF = {
    "use.counselors": r"\bcounsel+ors?\b", "use.nurses": r"\bnurses?\b",
    "use.psychologists": r"\bpsychologists?\b", "use.social-workers": r"\bsocial workers?\b",
    "use.metal-detectors": r"\bmetal detectors?\b", "use.officers": r"\bofficers?|police\b",
    "use.surveillance-equipment": r"\bsurveillance\b",
    "use.arming-personnel": r"\barm(?:ing|ed|s)? teachers?\b",
    "use.restorative-justice": r"\brestorative\b",
}  # fmt: skip
_GIVES = r"\b(?:grants?|funds?|funding|money|pays?|allows?|lets?|provides?|helps?|hire)\b"


def check(sentence: str) -> Checked | None:
    """Check a claim about the bill; None where the sentence is not about it."""
    bill = _A_BILL.search(sentence) and _ITS_MATTER.search(sentence)
    if not (_NAMED.search(sentence) or _THE_ACT.search(sentence) or bill):
        return None
    rest = _NAMED.sub(" ", sentence).replace("in Schools Act", "the Act")
    text, act = plain(rest), load_act()
    for rule in _RULES:
        if found := rule(text, act):
            verdict, said, provisions, stated, value = found
            return _checked(sentence, verdict, said, provisions, stated, value)
    notice = act.bills[-1].notice
    return _checked(
        sentence, Verdict.CANNOT, f"None of the bill's provisions on record answers it. {notice}",
        (), None, None,
    )  # fmt: skip


_Answer = tuple[Verdict, str, tuple[str, ...], float | None, float | None]


def _is_law(text: str, act: Act) -> _Answer | None:
    if not re.search(_LAW, text):
        return None
    notices = " ".join(bill.notice for bill in act.bills)
    verdict = Verdict.HOLDS if re.search(_DENIED, text) else Verdict.NOT
    return verdict, notices, (), None, None


def _amount(text: str, act: Act) -> _Answer | None:
    match = re.search(_MONEY, text)
    if match is None:
        return None
    stated = float(match["n"] or match["n2"])
    name = "grants.authorised-total"
    amounts = {bill.id: act.value(name, bill).content for bill in act.bills}
    told = "; ".join(
        f"{bill.number} ({bill.year}): ${float(str(amounts[bill.id])):,.0f}"
        for bill in act.bills if amounts[bill.id] is not None
    )  # fmt: skip
    named = _bill(text, act)
    meant = [named] if named else list(act.bills)
    met = [bill for bill in meant if amounts[bill.id] == stated]
    verdict = (
        Verdict.NOT if not met
        else Verdict.HOLDS if named or meant[-1] in met else Verdict.SOME
    )  # fmt: skip
    text = f"What the versions of the bill would authorize for the grants: {told}."
    value = amounts[meant[-1].id]
    return verdict, text, (name,), stated, float(str(value)) if value is not None else None


def _bill(text: str, act: Act) -> Bill | None:
    years = [int(year) for year in re.findall(r"\b20\d\d\b", text)]
    return next((bill for bill in act.bills if bill.year in years), None)


def _bans_money(text: str, act: Act) -> _Answer | None:
    police = re.search(r"\bpolice|officers?|sros?|law enforcement", text)
    if police is None or not re.search(_BAN_MONEY, text):
        return None
    verdict = Verdict.NOT if re.search(_DENIED, text) else Verdict.HOLDS
    return (
        verdict,
        _says("ban.federal-funds", act),
        ("ban.federal-funds", "cops.closed"),
        None,
        None,
    )


def _bans_officers(text: str, act: Act) -> _Answer | None:
    if not re.search(_BAN_OFFICERS, text) or "federal" in text:
        return None
    own = act.provisions["scope.own-money"].title
    said = (
        "The bill bars Federal money for officers in schools, and asks districts that take its "
        "grants to have none; it bars no district from paying officers itself: "
        f"{own[0].lower()}{own[1:]}."
    )
    verdict = Verdict.HOLDS if re.search(_DENIED, text) else Verdict.NOT
    return verdict, said, ("ban.federal-funds", "scope.own-money"), None, None


def _introduced(text: str, act: Act) -> _Answer | None:
    if not re.search(_INTRODUCED, text):
        return None
    years = [int(year) for year in re.findall(r"\b20\d\d\b", text)]
    told = "; ".join(f"{bill.number}: {bill.introduced.isoformat()}" for bill in act.bills)
    if not years:
        return Verdict.HOLDS, f"Introduced: {told}.", (), None, None
    met = {bill.year for bill in act.bills} >= set(years)
    return (Verdict.HOLDS if met else Verdict.NOT), f"Introduced: {told}.", (), None, None


def _pays_for(text: str, act: Act) -> _Answer | None:
    if not re.search(_GIVES, text) or re.search(_DENIED, text):
        return None
    named = [name for name, says in _STAFF.items() if re.search(says, text)]
    if not named:
        return None
    contents = {name: [act.value(name, bill).content for bill in act.bills] for name in named}
    barred = [name for name, of in contents.items() if "barred" in of]
    known = [name for name, of in contents.items() if any(one is not None for one in of)]
    told = " ".join(_says(name, act) for name in named)
    if not known:
        return Verdict.CANNOT, told, tuple(named), None, None
    return (Verdict.NOT if barred else Verdict.HOLDS), told, tuple(named), None, None


def _says(name: str, act: Act) -> str:
    """Return what each version says of a provision, as far as it is on record."""
    provision = act.provisions[name]
    words = {"True": "yes", "False": "no", "None": "not on record"}
    said = {bill.number: str(act.value(name, bill).content) for bill in act.bills}
    told = ", ".join(f"{number} {words.get(text, text)}" for number, text in said.items())
    return f"{provision.title}: {told}."


_RULES: tuple[Callable[[str, Act], _Answer | None], ...] = (
    _is_law, _amount, _bans_money, _bans_officers, _introduced, _pays_for,
)  # fmt: skip


def _checked(
    sentence: str,
    verdict: Verdict,
    said: str,
    provisions: tuple[str, ...],
    stated: float | None,
    value: float | None,
) -> Checked:
    end = {
        Verdict.HOLDS: "The claim holds.", Verdict.NOT: "The claim does not hold.",
        Verdict.SOME: "The claim holds for some versions of the bill.",
        Verdict.CANNOT: "The claim cannot be tested with what is on record of the bill.",
    }[verdict]  # fmt: skip
    dollars = f" Stated: ${shown(stated)}." if stated is not None else ""
    return Checked(
        None, sentence,
        f"Read as: a claim about the Counseling Not Criminalization in Schools Act.{dollars}",
        stated, value, verdict, f"{said} {end}", law=provisions, kind="act",
        asked=asked(None, "provision", None, measure=provisions[0] if provisions else "act"),
        say_instead=said if verdict is Verdict.NOT else None,
    )  # fmt: skip
