"""The forms in which a sentence states a number."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from homeroom.claims.grammar.numbers import FRACTIONS, step_of
from homeroom.claims.grammar.patterns import patterns
from homeroom.claims.model import Relation, Statistic
from homeroom.errors import Ambiguous


@dataclass(frozen=True, slots=True)
class Form:
    """A stated value: where it stands, what it is of, and what was agreed in reading it."""

    start: int
    end: int
    statistic: Statistic
    stated: float
    step: float
    relation: Relation = Relation.ABOUT
    conventions: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    """Questions to ask, where the words do not say what the number is of."""


_FOLDS = {
    "twice": 2.0, "double": 2.0, "doubled": 2.0, "triple": 3.0, "tripled": 3.0, "quadruple": 4.0,
    "quadrupled": 4.0, "halved": 0.5,
}  # fmt: skip


def forms(text: str) -> list[Form]:
    """Find every stated value, in the order of the sentence."""
    found: list[Form] = []
    for entry in patterns()["forms"]:
        for match in re.finditer(rf"\b{entry['says']}", text):
            if not any(one.start < match.end() and match.start() < one.end for one in found):
                found.append(_related(text, _form(match, entry["of"], entry["kind"])))
    if not found:
        years = r"\b(?:in |by |of |since )?(?:19|20)\d\d(?:-\d\d(?:\d\d)?)?\b(?<!\b2000)"
        bare = re.sub(years, lambda m: " " * len(m[0]), text)
        counted = [m for m in re.finditer(patterns()["count"], bare) if float(m["n"]) > 1]
        found = [_related(text, _form(match, "count", "plain")) for match in counted[:1]]
    return sorted(found, key=lambda form: form.start)


def _form(match: re.Match[str], statistic: str, kind: str) -> Form:
    named = match.groupdict()
    n = float(named["n"]) if named.get("n") else 0.0
    step = step_of(named["n"]) if named.get("n") else 1.0
    form = Form(match.start(), match.end(), Statistic(statistic), n, step)
    if n == 0 and kind in ("times_less", "one_in_share"):
        raise _nothing(match[0])
    read = _KINDS[kind](form, named)
    if read.statistic in (Statistic.RATIO, Statistic.ONE_IN) and read.stated <= 0:
        raise _nothing(match[0])
    return read


def _nothing(said: str) -> Ambiguous:
    return Ambiguous(
        f"\u201c{said}\u201d: expected a number above zero, since nothing can be a multiple or a "
        "part of zero. Say it as one of these, if it is what you mean:",
        ["0 percent of Black students were arrested", "fewer than 1 in 1,000"],
    )


def _times_more(form: Form, named: dict[str, str]) -> Form:
    n = form.stated
    return replace(
        form,
        conventions=(f"\u201c{n:g} times {named['way']}\u201d is read as {n:g} times as much.",),
        alternatives=(f"taken literally, {n:g} times more is {n + 1:g} times as much",),
    )


def _times_less(form: Form, named: dict[str, str]) -> Form:
    n = form.stated
    return replace(
        form,
        stated=round(1 / n, 4),
        step=0.01,
        conventions=(f"\u201c{n:g} times {named['way']}\u201d is read as one {n:g}th as much.",),
        alternatives=("the words have no literal meaning",),
    )


def _percent_more(form: Form, named: dict[str, str]) -> Form:
    sign = -1 if named["way"] in ("less", "lower") else 1
    ratio = round(1 + sign * form.stated / 100, 4)
    return replace(
        form,
        stated=ratio,
        step=form.step / 100,
        conventions=(f"{form.stated:g} percent {named['way']} is {ratio:g} times the rate.",),
        alternatives=(f"{form.stated:g} percentage points {named['way']}, if points were meant",),
    )


def _points(form: Form, named: dict[str, str]) -> Form:
    sign = -1 if named["way"] in ("lower", "less", "below", "fewer") else 1
    return replace(form, stated=sign * form.stated)


def _points_change(form: Form, named: dict[str, str]) -> Form:
    del named
    n = f"{form.stated:g}"
    return replace(
        form,
        unclear=(
            f"the number rose or fell by {n} percent of what it was",
            f"a share (say, of arrests that are of a group) moved by {n} percentage points",
        ),
    )


def _fold(form: Form, named: dict[str, str]) -> Form:
    value = _FOLDS[named["fold"]]
    if form.statistic is Statistic.CHANGE_COUNT:
        return replace(form, stated=(value - 1) * 100, step=10.0)
    return replace(form, stated=value)


def _part(form: Form, named: dict[str, str]) -> Form:
    return replace(form, stated=round(FRACTIONS[named["part"]], 4), step=0.05)


def _per(form: Form, named: dict[str, str]) -> Form:
    scale = 10_000 / float(named["per"])
    return replace(form, stated=form.stated * scale, step=form.step * scale)


def _one_in_share(form: Form, named: dict[str, str]) -> Form:
    del named
    return replace(form, stated=round(100 / form.stated, 2), step=2.0)


_KINDS: dict[str, Callable[[Form, dict[str, str]], Form]] = {
    "plain": lambda form, named: form,  # noqa: ARG005
    "down": lambda form, named: replace(form, stated=-form.stated),  # noqa: ARG005
    "percent_as": lambda form, named: replace(form, stated=form.stated / 100, step=form.step / 100),  # noqa: ARG005
    "times_more": _times_more,
    "times_less": _times_less,
    "percent_more": _percent_more,
    "points": _points,
    "points_change": _points_change,
    "fold": _fold,
    "part": _part,
    "per": _per,
    "one_in_share": _one_in_share,
}


def _related(text: str, form: Form) -> Form:
    """Read "more than", "at least" and the like, which stand before the number."""
    inside = text[form.start : form.end]
    before = text[: form.start].rstrip() + " "
    for entry in patterns()["relations"]:
        said = entry["says"]
        if re.search(rf"\b{said} (?:a |the )?$", before) or re.match(
            rf"\w+(?: by)? {said} \d", inside
        ):
            return replace(form, relation=Relation(entry["is"]))
    return form
