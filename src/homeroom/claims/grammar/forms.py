"""The forms in which a sentence states a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from homeroom.claims.grammar.numbers import shown, step_of
from homeroom.claims.grammar.patterns import compiled, patterns
from homeroom.claims.model import GIVE, GIVE_OF_SMALL, Hedge, Relation, Statistic, give_of
from homeroom.errors import Ambiguous


@dataclass(frozen=True, slots=True)
class Form:
    """A stated value: where it stands, what it is of, and what was agreed in reading it."""

    start: int
    end: int
    statistic: Statistic
    stated: float
    step: float
    upper: float | None = None
    hedge: Hedge = Hedge.NONE
    give: float = GIVE
    base: float = 0.0
    relation: Relation = Relation.ABOUT
    conventions: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    """Questions to ask, where the words do not say what the number is of."""


PART_POINTS = 3.0
"""Percentage points by which a figure may miss a part named in words: the common parts (halves,
thirds, quarters, tenths) lie about twice as far apart, so the nearest one is meant."""
PART_GIVE = 0.1
"""The most that it may miss as a share of the part, which matters for small ones."""
LARGEST_PART = 10
HEDGED = 0.1
"""The most by which a figure may miss a number said to be about so much, as a share of it."""
_FLIPPED = {
    Relation.MORE_THAN: Relation.LESS_THAN, Relation.LESS_THAN: Relation.MORE_THAN,
    Relation.AT_LEAST: Relation.AT_MOST, Relation.AT_MOST: Relation.AT_LEAST,
}  # fmt: skip
_RANGED = ("plain", "per", "down")
_FOLDS = {
    "twice": 2.0, "double": 2.0, "doubled": 2.0, "triple": 3.0, "tripled": 3.0, "quadruple": 4.0,
    "quadrupled": 4.0, "halved": 0.5,
}  # fmt: skip


def forms(text: str, *, counts: bool = True) -> list[Form]:
    """Find every stated value, in the order of the sentence.

    Parameters
    ----------
    counts
        Where there is none, take the first number of students.
    """
    found: list[Form] = []
    for entry in patterns()["forms"]:
        for match in compiled(rf"\b{entry['says']}").finditer(text):
            if not any(one.start < match.end() and match.start() < one.end for one in found):
                one = related(text, _form(match, entry["of"], entry["kind"]))
                if entry["kind"] == "times_less":  # more times less is a smaller part
                    one = replace(one, relation=_FLIPPED.get(one.relation, one.relation))
                shares = (Statistic.SHARE, Statistic.SHARE_OF_STUDENTS, Statistic.PERCENT)
                part = one.statistic in shares and one.step == 2 * PART_POINTS
                found.append(_rounded_part(one) if part else one)
    if not found and counts:
        found = numbers_of_students(text)[:1]
    return sorted(found, key=lambda form: form.start)


def numbers_of_students(text: str, taken: Sequence[Form] = ()) -> list[Form]:
    """Find bare numbers of students and events, apart from those that ``taken`` holds."""
    years = r"\b(?:in |by |of |since )?(?:19|20)\d\d(?:-\d\d(?:\d\d)?)?\b(?<!\b2000)"
    bare = re.sub(years, lambda m: " " * len(m[0]), text)
    return [
        related(text, _form(match, "count", "plain"))
        for match in re.finditer(patterns()["count"], bare)
        if float(match["n"]) > 1
        and not any(one.start < match.end() and match.start() < one.end for one in taken)
    ]


def _form(match: re.Match[str], statistic: str, kind: str) -> Form:
    named = match.groupdict()
    named["n"] = named.get("n") or named.get("n2")
    n = float(named["n"]) if named.get("n") else 0.0
    step = step_of(named["n"]) if named.get("n") else 1.0
    upper = float(named["upper"]) if named.get("upper") else None
    give = give_of(max(n, upper or 0.0)) if named.get("n") else GIVE_OF_SMALL
    form = Form(match.start(), match.end(), Statistic(statistic), n, step, upper, give=give)
    if upper is not None and kind not in _RANGED:
        raise Ambiguous(
            f"\u201c{shown(n)} to {shown(upper)}\u201d is a range: state one end of it, or say it "
            "as one of these:",
            ["three to four times as likely", "between 20 and 30 percent of arrests"],
        )
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
    n, more = shown(form.stated), shown(form.stated + 1)
    return replace(
        form,
        conventions=(f"\u201c{n} times {named['way']}\u201d is read as {n} times as much.",),
        alternatives=(f"taken literally, {n} times more is {more} times as much",),
    )


def _times_less(form: Form, named: dict[str, str]) -> Form:
    n = shown(form.stated)
    return replace(
        form,
        stated=round(1 / form.stated, 4),
        step=0.01,
        conventions=(f"\u201c{n} times {named['way']}\u201d is read as one {n}th as much.",),
        alternatives=("the words have no literal meaning",),
    )


def _percent_more(form: Form, named: dict[str, str]) -> Form:
    sign = -1 if named["way"] in ("less", "lower") else 1
    ratio, n = round(1 + sign * form.stated / 100, 4), shown(form.stated)
    return replace(
        form,
        stated=ratio,
        step=step_of(n.replace(",", ""), rounded=True) / 100,
        base=1.0,
        conventions=(f"{n} percent {named['way']} is {ratio:g} times the rate.",),
        alternatives=(f"{n} percentage points {named['way']}, if points were meant",),
    )


def _points(form: Form, named: dict[str, str]) -> Form:
    sign = -1 if named["way"] in ("lower", "less", "below", "fewer") else 1
    return replace(form, stated=sign * form.stated)


def _points_change(form: Form, named: dict[str, str]) -> Form:
    del named
    n = shown(form.stated)
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
    """Read "a third of the rate": parts in words are rounded to the nearest of them."""
    value = int(named["k"]) / int(named["m"])
    return replace(form, stated=round(value, 4), step=2 * PART_POINTS / 100, give=PART_GIVE)


def _part_share(form: Form, named: dict[str, str]) -> Form:
    """Read "two-thirds of arrests" as a percentage that has been rounded to a part in words."""
    return part_of(form, int(named["k"]), int(named["m"]))


def part_of(form: Form, k: int, of: int) -> Form:
    """Return a form that states so many in so many, as a percentage rounded to it."""
    value = 100 * k / of
    return replace(
        form,
        stated=round(value, 2),
        step=2 * PART_POINTS,
        give=PART_GIVE,
        conventions=(f"{k} in {of} is {shown(round(value, 1))} percent.",),
    )


def _rounded_part(form: Form) -> Form:
    """Say what counts as a part in words; "exactly half" is half to the percent."""
    if form.relation is Relation.EXACTLY:
        return replace(form, step=1.0)
    if form.relation is not Relation.ABOUT:
        return form
    near = min(PART_POINTS, form.stated * PART_GIVE)
    note = (
        "A part named in words is rounded, so "
        f"{shown(round(form.stated - near, 1))} to {shown(round(form.stated + near, 1))} percent "
        "counts as about that much."
    )
    return replace(form, conventions=(*form.conventions, note))


def _part_change(form: Form, named: dict[str, str]) -> Form:
    sign = -1 if named.get("falls") else 1
    value = 100 * int(named["k"]) / int(named["m"])
    return replace(form, stated=round(sign * value, 2), step=2 * PART_POINTS, give=PART_GIVE)


def _more_number(form: Form, named: dict[str, str]) -> Form:
    return form if named["way"] == "more" else replace(form, stated=-form.stated)


def _direction(form: Form, named: dict[str, str]) -> Form:
    """Read a rise or a fall without a number: any change in that direction meets it."""
    relation = Relation.LESS_THAN if named.get("falls") else Relation.MORE_THAN
    return replace(form, stated=0.0, step=0.0, relation=relation)


def _for_every(form: Form, named: dict[str, str]) -> Form:
    """Read "five for every two" as two and a half times as many."""
    of = int(named["m"])
    return replace(form, stated=form.stated / of, step=1 / of, give=GIVE_OF_SMALL)


def _per(form: Form, named: dict[str, str]) -> Form:
    scale = 10_000 / float(named["per"])
    upper = None if form.upper is None else form.upper * scale
    return replace(form, stated=form.stated * scale, step=form.step * scale, upper=upper)


def _one_in_share(form: Form, named: dict[str, str]) -> Form:
    of = form.stated
    if of <= LARGEST_PART and of == round(of):
        return part_of(form, 1, int(of))
    del named
    return replace(form, stated=round(100 / of, 2), step=round(100 / of - 100 / (of + 1), 4))


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
    "part_share": _part_share,
    "part_change": _part_change,
    "more_number": _more_number,
    "direction": _direction,
    "for_every": _for_every,
    "every_for": _for_every,
    "per": _per,
    "one_in_share": _one_in_share,
}


def related(text: str, form: Form) -> Form:
    """Read "more than", "about", "exactly" and the like, which stand around the number."""
    inside = text[form.start : form.end]
    before, after = text[: form.start].rstrip() + " ", text[form.end :]
    found = form
    for entry in patterns()["relations"]:
        if _says(entry["says"], before, inside):
            found = replace(found, relation=Relation(entry["is"]))
            if re.search(r"\b(?:exactly|precisely) (?:\w+ )?$", before):  # to the last digit
                found = replace(found, step=min(found.step, 1.0))
            break
    for entry in patterns()["relations_after"]:
        follows = compiled(rf" (?:{entry['says']})\b").match(after)
        if follows or compiled(rf"\d (?:{entry['says']})\b").search(inside):
            found = replace(found, relation=Relation(entry["is"]))
    for entry in patterns()["hedges"]:
        if _says(entry["says"], before, inside):
            return _hedged(text, found, Hedge(entry["is"]))
    return found


def _says(said: str, before: str, inside: str) -> bool:
    return bool(
        compiled(rf"\b{said} (?:a |the |another )?$").search(before)
        or compiled(rf"\b{said} \d").search(inside)
    )


def _hedged(text: str, form: Form, hedge: Hedge) -> Form:
    """Round a number that is said to be about so much to its last digit that is not zero."""
    figure = re.match(r"\d+", text[form.start :])
    plain = form.step == 1 and figure is not None and form.stated == float(figure[0])
    step = step_of(figure[0], rounded=True) if plain and figure else form.step
    return replace(form, hedge=hedge, step=step, give=max(form.give, HEDGED))
