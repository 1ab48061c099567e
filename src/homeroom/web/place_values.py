"""What a place page shows, put together from the place's figures in the order that people ask."""

from __future__ import annotations

from typing import Any

from homeroom.errors import NotAvailable
from homeroom.evidence.known_places import counted
from homeroom.evidence.place_ids import place_range
from homeroom.figures import officers, wording
from homeroom.figures.figure import Figure
from homeroom.figures.gaps import GapFigure, police_without_support
from homeroom.figures.nearest import Near
from homeroom.figures.officers import Contrast
from homeroom.figures.outcomes import usual_wave
from homeroom.figures.question import Question
from homeroom.report import bars, charts, glance, officer_schools, opening, rate_bars, sentences
from homeroom.report import place_figures as figures
from homeroom.report.bars import Bars
from homeroom.report.model_text import Modeled, modeled
from homeroom.report.profile import Profile
from homeroom.statistics.meaning import INTERVAL, NOISE
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES
from homeroom.vocabulary.waves import WAVES
from homeroom.web import pictures, place_lists
from homeroom.web.page_cache import PageCache
from homeroom.web.params import ANY_WAVE, POLICY, STUDENT_MEASURES, Parameter, Read
from homeroom.web.places_words import locale_words

_STAFF_WAVE = Parameter("staff_wave", "Wave of the adults.", "choice", choices=WAVES)
_MORE = Parameter("measure", "A further outcome to show.", "choice", choices=STUDENT_MEASURES)
PLACE_PARAMETERS = (_MORE, ANY_WAVE, _STAFF_WAVE, POLICY)
_LISTED = 10


def place_values(cache: PageCache, place_id: str, given: Read) -> dict[str, Any]:
    """Put together what the template of a place needs."""
    policy = given["policy"]
    page = cache.profile(place_id, policy)
    facts = page.facts
    outcomes = [
        one
        for measure in dict.fromkeys(("arrests", "referrals", given["measure"]))
        if measure and (one := _outcome(cache, place_id, measure, given))
    ]
    first = outcomes[0]["table"] if outcomes else None
    beside = _beside(cache, page, first) if first else []
    adults = adults_of(page, given, first.wave if first else None)
    alike = _alike(cache, page, first, policy)
    contrast = _contrast(cache, page, first, policy)
    sets = _sets(cache, page, adults, policy)
    state = _state(cache, page) if first is None else None
    lead = _lead(page, first, beside, alike, state)
    drawn = officer_schools.picture(page.name, contrast)
    shown = drawn or (adults["bars"] if adults else None)
    cards = glance.cards(
        first, beside or _named(state), (adults["wave"], adults["rows"]) if adults else ("", []),
        officer_schools.gap_card(sets),
    )  # fmt: skip
    return {
        "title": f"{facts['name']}: arrests, officers and counselors",
        "description": lead.text if lead else page.belongs
        or f"What public data say of {facts['name']}.",
        "image": pictures.address("rates.png", place=place_id) if outcomes else "",
        "page": page, "facts": facts, "policy": policy, "lead": lead, "first": shown,
        "opening": drawn is not None,
        "beside": [*_reasons(first, beside), *_doubts(cards, lead)], "outcomes": outcomes,
        "cards": cards, "modeled": _modeled(cache, place_id, first, policy),
        "alike": alike, "adults": adults, "over_time": _over_time(cache, page, outcomes, policy),
        "where": _where(page, contrast, sets), "within": _within(cache, page, first, policy),
        "context": page.context, "locale": locale_words(facts.get("locale")),
        "state_name": STATES.get(facts.get("state") or "", ""),
        "more": [m for m in STUDENT_MEASURES if m not in ("arrests", "referrals")],
        "measures": MEASURES, "interval": INTERVAL, "noise": NOISE, "given": given.values,
        "counted": counted(page.part_of.id if page.part_of else place_id),
        "comparable": facts["kind"] in ("district", "state"),
    }  # fmt: skip


def _modeled(
    cache: PageCache, place_id: str, table: figures.OutcomeTable | None, policy: str
) -> list[Modeled]:
    """Return what the model says of arrests and referrals, beside the published figures."""
    if table is None or policy != "published":
        return []
    found = cache.keep(
        ("modeled", place_id, table.wave),
        lambda: [
            modeled(cache.room.store, place_id, measure, table.wave)
            for measure in ("arrests", "referrals")
        ],
    )
    return [one for one in found if one is not None]


def _lead(
    page: Profile, first: figures.OutcomeTable | None, beside: list[tuple[str, Figure]],
    alike: dict[str, Any] | None, state: tuple[str, figures.OutcomeTable] | None,
) -> opening.Lead | None:  # fmt: skip
    """Return the first sentence: the place's own figures, or else its state's, named as such."""
    if first is not None:
        return opening.lead(page.name, first, beside, alike["near"] if alike else None)
    if page.part_of:
        return None
    strong = f"We have no arrest figures for {page.name} yet."
    return opening.Lead(strong, f" {sentences.headline(*state, [])}" if state else "")


def _state(cache: PageCache, page: Profile) -> tuple[str, figures.OutcomeTable] | None:
    """Return the name and the arrests of a place's state, to show where it has none itself."""
    state = page.facts.get("state")
    if page.part_of or not state or page.facts["kind"] not in ("district", "school"):
        return None
    found = cache.outcome(f"US-{state}", "arrests", "published")
    wave = usual_wave(found)
    return None if wave is None else (STATES[state], figures.outcome_table(found, "arrests", wave))


def _named(state: tuple[str, figures.OutcomeTable] | None) -> list[tuple[str, Figure]]:
    return [(state[0], state[1].whole_figure)] if state else []


def _outcome(cache: PageCache, place: str, measure: str, given: Read) -> dict[str, Any] | None:
    policy = given["policy"]
    page = cache.profile_of(place, measure, policy)
    waves = figures.waves_of(page.outcomes, measure)
    wave = given["wave"] if given["wave"] in waves else usual_wave(page.outcomes, measure)
    if wave is None:
        return None
    table = page.table(measure, wave)
    known = {"place": place, "measure": measure, "wave": wave, "policy": policy}
    drawn, small = bars.rates(page.name, table)
    return {
        "table": table, "waves": waves, "params": known, "bars": drawn, "small": small,
        "picture": pictures.picture_of(cache, "rates", **known),
        "disparity": sentences.disparity(table),
    }  # fmt: skip


def _beside(
    cache: PageCache, page: Profile, table: figures.OutcomeTable
) -> list[tuple[str, Figure]]:
    """Return the larger places' figures of the same wave, where they speak for them.

    A school has its district beside it, too. The figures are as published under either policy:
    what is left of a nation without the schools that rules doubt, where few states' schools are in
    the store, is no figure of the nation.
    """
    facts = page.facts
    larger = {}
    if facts["kind"] == "school" and facts["leaid"]:
        larger[f"lea:{facts['leaid']}"] = facts["lea_name"] or "its district"
    if facts["kind"] in ("district", "school") and facts["state"]:
        larger[f"US-{facts['state']}"] = STATES[facts["state"]]
    if facts["kind"] != "nation":
        larger["US"] = "the nation"
    asked = [Question(table.measure, place=one, wave=table.wave) for one in larger]
    return [
        (larger[one.question.place], one)
        for one in (cache.answers(asked) if asked else [])
        if one.value is not None and one.whole
    ]


def _reasons(table: figures.OutcomeTable | None, beside: list[tuple[str, Figure]]) -> list[str]:
    """Say why the larger places' figures are doubtful, where the first screen names them."""
    return sentences.reasons(beside) if table and table.whole_figure.value is not None else []


def _doubts(cards: list[glance.Card], lead: opening.Lead | None) -> list[str]:
    """Say why the numbers are doubtful, but for what the first sentence has said."""
    told = lead.text.casefold() if lead else ""
    by_reason: dict[str, list[str]] = {}
    for card in cards:
        if card.doubt and card.doubt.split(": ", 1)[-1].casefold() not in told:
            by_reason.setdefault(card.doubt, []).append(f"{card.figure} {card.label}")
    return [f"{'; '.join(which)}: {doubt}." for doubt, which in by_reason.items()]


def adults_of(page: Profile, given: Read, beside: str | None = None) -> dict[str, Any] | None:
    """Return the adults of a place in the wave asked for; None where the store has none.

    Parameters
    ----------
    beside
        The wave of the arrests above them: it is taken where it speaks for the whole place.
    """
    waves = sorted({one.wave for one in page.staff})
    whole = any(
        one.wave == beside and one.whole and not one.universe.high_schools for one in page.staff
    )
    usual = beside if whole else figures.staff_wave(page.staff)
    wave = given["staff_wave"] if given["staff_wave"] in waves else usual
    if wave is None:
        return None
    place, kind, policy = page.facts["place_id"], page.facts["kind"], given["policy"]
    rows = page.adults(wave)
    high = figures.high_schools_only(page.staff, wave)
    params = {"place": place, "wave": wave, "policy": policy}
    asked = rows[0].figure
    scope = wording.scope(asked.universe, asked.coverage, wording.whole_of(place_range(place)))
    return {
        "scope": None if high else scope,
        "wave": wave, "waves": waves, "rows": rows, "high_schools": high, "params": params,
        "sentence": sentences.adults(wave, rows, kind=kind, high_schools=high),
        "notes": list(
            dict.fromkeys(
                row.figure.note for row in rows
                if row.figure.note and row.figure.note != "High schools only"
            )
        ),
        "picture": charts.adults(page.facts["name"], wave, rows, high_schools=high),
        "bars": bars.staff(wave, rows, high_schools=high),
    }  # fmt: skip


def _contrast(
    cache: PageCache, page: Profile, table: figures.OutcomeTable | None, policy: str
) -> list[Contrast]:
    """Return arrests in schools with and without officers; of the nation few states are known."""
    place, kind = page.facts["place_id"], page.facts["kind"]
    if table is None or table.measure != "arrests" or kind not in ("district", "state"):
        return []

    def make() -> list[Contrast]:
        try:
            return officers.contrast(
                cache.room.store, "arrests", place, table.wave, policy=policy
            )  # fmt: skip
        except NotAvailable:
            return []

    return cache.keep(("officer schools", place, table.wave, policy), make)


def _sets(
    cache: PageCache, page: Profile, adults: dict[str, Any] | None, policy: str
) -> dict[str, GapFigure]:
    """Return students in schools with police and without support, of the wave of the adults."""
    place = page.facts["place_id"]
    if adults is None or page.facts["kind"] == "school":
        return {}

    def make() -> dict[str, GapFigure]:
        try:
            found = police_without_support(cache.room.store, place, adults["wave"], policy=policy)
        except NotAvailable:
            return {}
        return {one.set: one for one in found}

    return cache.keep(("support", place, adults["wave"], policy), make)


def _where(
    page: Profile, contrast: list[Contrast], sets: dict[str, GapFigure]
) -> dict[str, Any] | None:
    """Return where arrests happen, and how many students have police and no support."""
    support: Bars | None = officer_schools.support(page.name, sets)
    said = officer_schools.said(page.name, contrast)
    if not said and support is None:
        return None
    return {"said": said, "support": support, "rows": officer_schools.table(contrast)}


def _within(
    cache: PageCache, page: Profile, table: figures.OutcomeTable | None, policy: str
) -> dict[str, Any] | None:
    """Return the first of a place's schools, districts, or states."""
    wave = table.wave if table else None
    measure = table.measure if table else "arrests"
    found = place_lists.inside(cache, page.facts, measure, wave, policy)
    if not found:
        return None
    order = "count" if any(one.count is not None for one in found) else "students"
    first = place_lists.ordered(found, order)[:_LISTED]
    return {
        "noun": place_lists.NOUNS[page.facts["kind"]], "rows": first, "every": len(found),
        "order": order, "measure": measure, "wave": wave,
    }  # fmt: skip


def _over_time(
    cache: PageCache, page: Profile, outcomes: list[dict[str, Any]], policy: str
) -> list[dict[str, Any]]:
    place = page.facts["place_id"]
    found = []
    for one in outcomes:
        measure = one["table"].measure
        rates = cache.profile_of(place, measure, policy).outcomes
        known = {
            rate.question.wave
            for rate in rates
            if rate.question.measure == measure and rate.value is not None
        }
        if len(known) < 2:
            continue
        params = {"place": place, "measure": measure, "policy": policy}
        picture = charts.waves(page.facts["name"], measure, rates)
        rows = cache.trend(measure, place, policy)
        breaks = {row.wave: row.break_before for row in rows if row.break_before}
        breaks.pop(min(known), None)
        found.append({
            "picture": picture, "params": params, "breaks": breaks,
            "bars": rate_bars.waves(measure, rates, {w: f"Break before {w}." for w in breaks}),
        })  # fmt: skip
    return found


def _alike(
    cache: PageCache, page: Profile, table: figures.OutcomeTable | None, policy: str
) -> dict[str, Any] | None:
    """Return a place's standing among its peers, in the outcome and wave that its page leads."""
    if page.facts["kind"] not in ("district", "state") or table is None:
        return None
    params = {
        "place": page.facts["place_id"], "measure": table.measure, "wave": table.wave,
        "policy": policy,
    }  # fmt: skip
    try:
        near: Near = pictures.near_of(cache, *params.values())
        picture = pictures.picture_of(cache, "peers", **params)
    except NotAvailable:
        return None
    drawn = rate_bars.peers(page.name, page.facts["kind"], table.measure, near)
    return {"picture": picture, "params": params, "near": near, "bars": drawn}
