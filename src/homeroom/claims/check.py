"""Checking a claim: by id, by options, or by a sentence; the answer is the same in form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np

from homeroom.claims import kinds, schools_lacking
from homeroom.claims import wording as words
from homeroom.claims.catalogue import listed
from homeroom.claims.checked import NOTHING, Checked, finite, near
from homeroom.claims.grammar import Finder, read
from homeroom.claims.grammar.places import with_choice
from homeroom.claims.grammar.schools_lacking import Lacking, read_lacking
from homeroom.claims.later import as_of, later
from homeroom.claims.later import told as told_later
from homeroom.claims.model import Claim, Reading
from homeroom.claims.multiverse import Multiverse, in_doubt, multiverse, without_doubt
from homeroom.claims.nearby import evidence
from homeroom.claims.origin import origin
from homeroom.claims.told import instead, told
from homeroom.claims.verdict import LABELS, Verdict, judge, together
from homeroom.errors import Ambiguous
from homeroom.evidence.store import Store

__all__ = ["Checked", "check", "check_claim", "check_lacking", "check_reading"]

Namer = Callable[[str], str]


def check(
    store: Store,
    claim: str,
    *,
    finder: Finder | None = None,
    namer: Namer | None = None,
    said_on: date | None = None,
    wide: bool = True,
) -> Checked:
    """Check a claim of the catalogue by its id or its wording, or else a sentence.

    Parameters
    ----------
    finder
        Finds places by name; without one a sentence may name states only.
    namer
        Returns the name of a place id, for the sentences.
    said_on
        The day on which the claim was made, where that is known. A claim that names no year is
        held against what was published by then; later figures are shown as later.
    wide
        Look for neighbors of a catalogue's claim under every definition everywhere.

    Raises
    ------
    Ambiguous
        The sentence has several readings; ``choices`` lists them.
    """
    statement, (claim, chosen) = claim, with_choice(claim)
    finder = chosen or finder
    known = listed(claim)
    if known is not None:
        return check_claim(store, known, wide=wide)
    other = kinds.check(store, claim, finder, namer)
    if other is not None:
        return other
    lacking = read_lacking(claim, finder)
    if lacking is not None:
        return check_lacking(store, lacking, statement, namer)
    try:
        reading = read(claim, finder)
    except Ambiguous:
        if unknown := kinds.unknown(claim, finder):
            return unknown
        raise
    reading = as_of(reading, said_on)
    return check_reading(store, reading, statement, names=_names(reading, namer), wide=False)


def _names(reading: Reading, namer: Namer | None) -> dict[str, str]:
    place = reading.question.place
    return {place: namer(place)} if namer and not place.startswith("US") else {}


def check_claim(
    store: Store, claim: Claim, *, names: dict[str, str] | None = None, wide: bool = True
) -> Checked:
    """Check an entry of the catalogue; ``wide`` as for :func:`check_reading`."""
    if claim.reading is None:
        out = _untestable(claim)
    else:
        out = check_reading(store, claim.reading, claim.wording, names=names, wide=wide)
        out.id = claim.id
    out.evidence = evidence(store, claim)
    out.research, out.law = claim.research, claim.law
    if claim.origin:
        out.origin = origin(store, claim)
        out.sentence += f" {claim.origin} {out.origin['can']}"
    for entry in out.evidence:
        out.sources += [source for source in entry["sources"] if source not in out.sources]
    return out


def check_reading(
    store: Store,
    reading: Reading,
    statement: str,
    *,
    names: dict[str, str] | None = None,
    wide: bool = True,
) -> Checked:
    """Check what a claim was read as.

    Parameters
    ----------
    wide
        Look for neighboring claims under every definition everywhere, which takes about a second.
    """
    found = multiverse(store, reading, wide=wide)
    if other := _other_wave(found):
        reading = _in_wave(reading, other)
        found = multiverse(store, reading, wide=wide)
    names = names or {}
    out = _checked(store, reading, statement, found, names)
    out.later = later(store, reading)
    out.sentence = " ".join([out.sentence, *filter(None, [told_later(out.later, reading)])])
    out.parts = [
        check_reading(store, part, statement, names=names, wide=wide) for part in reading.also
    ]
    if out.parts:
        out.verdict = together([out.verdict, *(part.verdict for part in out.parts)])
        out.sentence = " ".join([out.sentence, *(part.sentence for part in out.parts)])
        said = [one.say_instead for one in (out, *out.parts) if one.say_instead]
        out.say_instead = " ".join(said) or None
    return out


def _checked(
    store: Store, reading: Reading, statement: str, found: Multiverse, names: dict[str, str]
) -> Checked:
    stated = found.evaluated.figure(0)
    (screened,) = without_doubt(store, found, [0]) if in_doubt(found, 0) else (None,)
    verdict, nearest = judge(found), found.nearest()
    value, low, high = (finite(part) for part in found.values[0])
    sources = (stated, *(one.figure for one in nearest), *([screened.figure] if screened else []))
    return Checked(
        None, statement, words.echo(reading, names), reading.stated, value, verdict,
        told(found, stated, screened, verdict, names), found.summary(),
        found.summary(found.mask("fits") & found.solid, bounds=False),
        [near(one, names) for one in nearest],
        [source for source in dict.fromkeys(one.source for one in sources) if source],
        low, high, stated, screened, found.left_out, read=reading, found=found,
        say_instead=instead(found, stated, verdict, names),
    )  # fmt: skip


def _other_wave(found: Multiverse) -> str:
    """Return the latest wave with a figure where a claim names none and the default has none."""
    if "wave" not in found.reading.left_open or np.isfinite(found.values[0, 0]):
        return ""
    solid = found.mask("fits") & found.solid
    waves = {found.definitions[at].question.wave for at in np.flatnonzero(solid).tolist()}
    return max(waves, default="")


def _in_wave(reading: Reading, wave: str) -> Reading:
    note = f"No year is named: {wave} is taken, the latest year with this figure."
    kept = tuple(note if one.startswith("No year is named") else one for one in reading.conventions)
    return replace(reading.with_question(wave=wave), conventions=kept)


def check_lacking(
    store: Store, claim: Lacking, statement: str, namer: Namer | None = None
) -> Checked:
    """Check a claim about schools with police and without a counselor, nurse, or other support."""
    place = claim.reading.question.place
    names = _names(claim.reading, namer)
    found = schools_lacking.found_for(store, claim)
    first = found.figures[0] if found.figures else None
    decided = schools_lacking.summary(found, claim.reading)
    out = Checked(
        None, statement,
        schools_lacking.echo(claim, names, first.wave if first else claim.reading.question.wave),
        claim.reading.stated, found.values[0] if first and first.whole else None, found.verdict,
        schools_lacking.sentence(claim, found, names), decided, decided,
        sources=list(dict.fromkeys(one.source for one in found.figures if one.source)),
        read=claim.reading, kind="police_without_support",
        say_instead=schools_lacking.instead(claim, found, names),
    )  # fmt: skip
    out.evidence = schools_lacking.evidence(found)
    if claim.may_mean:
        _other_meaning(store, out, replace(claim, set=claim.may_mean, may_mean=""), names)
    if place == "US" and claim.set != "police":
        out.sentence += f" {schools_lacking.ORIGIN}"
    return out


def _other_meaning(store: Store, out: Checked, claim: Lacking, names: dict[str, str]) -> None:
    """Add what the figure is where the words mean schools that lack any of the four roles."""
    other = schools_lacking.found_for(store, claim)
    if other.figures:
        out.sentence += f" Read the other way: {schools_lacking.sentence(claim, other, names)}"
        out.evidence += schools_lacking.evidence(other)
    if out.verdict in (Verdict.NOT, Verdict.CLOSE) and other.verdict is Verdict.HOLDS:
        out.verdict, out.say_instead = Verdict.SOME, None
    out.sentence += f" {schools_lacking.UNION}"


def _untestable(claim: Claim) -> Checked:
    pointers = ["What the bill says stands below."] if claim.law else []
    if claim.research:
        pointers.append("What studies found stands below.")
    return Checked(
        claim.id, claim.wording,
        f"A claim of kind {claim.kind}. What would test it: {claim.would_test}",
        None, None, Verdict.CANNOT,
        " ".join([LABELS[Verdict.CANNOT] + ".", claim.cannot, *pointers]), NOTHING, NOTHING,
        kind=claim.kind,
    )  # fmt: skip
