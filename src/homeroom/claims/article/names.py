"""Names of people and bodies as speakers, and the verbs that make them speak."""

from __future__ import annotations

import re

from homeroom.claims.article.words import words as words_of

_VERBS = (
    "said|says|say|told|tells|added|adds|argued|argues|wrote|writes|noted|notes|explained|explains|"
    "claimed|claims|asked|asks|insisted|insists|warned|warns|testified|tweeted|stated|states|"
    "continued|countered|replied|responded|agreed|recalled|urged|urges|contended|contends|"
    "maintained|maintains|acknowledged|asserted|asserts|observed|remarked|pointed out|points out|"
    "announced|declared|concluded|found|finds|reported|reports|estimated|estimates|posted"
)
VERB = rf"(?:{_VERBS})"
POINTS = r"(?:pointed to|points to|cited|cites)"
"""Verbs after a speaker that are part of what is said, and never stand before one."""
_TITLE = (
    r"(?:(?:U\.?S\.? )?(?:Sens?|Reps?|Gov|Dr|Mr|Mrs|Ms|Supt|Lt|Sgt|Capt|Prof|Atty)\.|Senator|"
    r"Representative|Congress(?:wo)?man|Governor|Sheriff|Superintendent|President|Chief|Officer|"
    r"Principal|Judge|Justice|Mayor|Secretary|Professor|Captain|Sergeant|Attorney General|"
    r"Executive Director|Deputy)"
)
MOST_NAMES = 150
"""Names of one text that are looked into; a story has a dozen."""
_WORD = (
    r"(?:(?:Mc|Mac|O['\u2019]|D['\u2019])?[A-Z][a-z\u00c0-\u024f]+(?:[-'\u2019][A-Z]?[a-z]+)?"
    r"|[A-Z]{2,})"
)
_BODY = (
    r"[Tt]he (?:(?:[A-Z][\w'\u2019&-]+ )+(?:[A-Z][\w'\u2019&-]+)|(?:new |same |federal |annual )?"
    r"(?:report|study|researchers|authors|analysis|survey|group|union|department|district|board|"
    r"association|bill|act|measure|legislation|lawsuit|complaint|senator|lawmaker|superintendent|"
    r"sheriff|officer))|(?:[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Tt]he|[Ss]ome|[Mm]any)? ?"
    r"(?:[Ss]ponsors|[Ss]upporters|[Bb]ackers|[Cc]ritics|[Oo]pponents|[Aa]dvocates|[Oo]fficials|"
    r"[Rr]esearchers|[Ee]xperts|[Ll]awmakers)"
)
PERSON = rf"(?:{_TITLE} )?{_WORD}(?: (?:[A-Z]\.|{_WORD}|de|von|van|al|Jr\.|Sr\.))*"
SPEAKER = rf"(?:{_TITLE} {PERSON}|{_BODY}|{PERSON}|[Hh]e|[Ss]he|[Tt]hey)"
ASIDE = r"(?:,(?! (?:and|but|or)\b)[^\u201c\u201d\".;]{2,140}?,)?"
"""What stands between commas after a name: "Adam Skaggs, chief counsel of the center, said"."""
PRONOUNS = frozenset(("he", "she", "they", "his", "her"))
OFFICES = {
    "senator": "Sen", "congressman": "Rep", "congresswoman": "Rep", "representative": "Rep",
    "governor": "Gov", "superintendent": "Sup", "sheriff": "Sheriff", "mayor": "Mayor",
    "chief": "Chief", "principal": "Principal", "lawmaker": "", "officer": "Officer",
}  # fmt: skip
"""What a text calls somebody later on, and how the title begins that it gave before."""


def is_name(words: str) -> bool:
    """Return whether capitalized words may name a speaker, and don't merely begin a sentence."""
    parts = words.split()
    if not parts:
        return False
    if words.lower() in PRONOUNS or re.fullmatch(_BODY, words):
        return True
    return parts[0].strip(".,").lower() not in words_of("not_names")


def people(text: str) -> dict[str, str]:
    """Return the full names of a text's people by their last names.

    A person is somebody with a title, or whom the text lets speak by last name, or explains between
    commas. Of several with one last name none is listed, so that nobody is mistaken for another.
    """
    found: dict[str, set[str]] = {}
    looked: set[str] = set()
    for match in re.finditer(rf"(?<![\w.]){PERSON}", text):
        named = match[0].rstrip(",")
        words = re.sub(rf"^{_TITLE} ", "", named).split()
        if named in looked or len(looked) > MOST_NAMES:
            continue
        looked.add(named)
        if len(words) < 2 or not is_name(named) or words[-1].lower() in words_of("bodies"):
            continue
        titled = named.split()[0] != words[0]
        last, after = re.escape(words[-1]), text[match.end() : match.end() + 200]
        speaks = re.search(rf"\b{last}{ASIDE} {VERB}\b|\b{VERB} (?:[\w.]+ )?{last}\b", text)
        if titled or speaks or re.match(r", (?:a|an|the|who|[a-z]+ )", after):
            found.setdefault(words[-1], set()).add(re.sub(r"^U\.?S\.? ", "", named))
    return {last: max(names, key=len) for last, names in found.items() if _one(names)}


def _one(names: set[str]) -> bool:
    """Return whether names can be of one person: with and without title or middle name."""
    first = {re.sub(rf"^{_TITLE} ", "", name).split()[0] for name in names}
    return len(first) == 1
