"""The pictures of one place, from what its page shows: rates, staff, and rates over waves."""

from __future__ import annotations

from dataclasses import replace

from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence.store import Store
from homeroom.figures.outcomes import OUTCOMES, outcomes, usual_wave
from homeroom.figures.rates import measure_of
from homeroom.report import charts, rate_charts
from homeroom.report import place_figures as figures
from homeroom.report.names import readable
from homeroom.report.picture import Picture
from homeroom.report.profile import Profile, profile

KINDS = ("rates", "staff", "waves")


def picture(
    store: Store,
    kind: str,
    place: str,
    measure: str = "arrests",
    wave: str | None = None,
    policy: str = "published",
) -> Picture:
    """Return a picture of a place.

    Parameters
    ----------
    kind
        One of :data:`KINDS`.
    wave
        The wave of rates or staff; the latest usable one if none is named.

    Raises
    ------
    BadInput
        There is no such kind of picture, or the wave is not one that it takes.
    NotAvailable
        The store holds no such figures.
    """
    if kind not in KINDS:
        raise BadInput(f"chart {kind!r}: expected one of {', '.join(KINDS)}.")
    measure_of(measure)
    page = profile(store, place, policy=policy)
    page.facts["name"] = readable(str(page.facts["name"]))
    if kind == "staff":
        return staff(page, wave)
    if measure not in OUTCOMES:
        more = outcomes(store, place, policy, (measure,))
        left = outcomes(store, place, "screened", (measure,))
        page = replace(page, outcomes=[*page.outcomes, *more], screened=[*page.screened, *left])
    if kind == "rates":
        return rates(page, measure, wave)
    if wave is not None:
        raise BadInput("chart 'waves': shows every wave, so it takes none.")
    return waves(page, measure)


def rates(page: Profile, measure: str, wave: str | None) -> Picture:
    """Return the rates of a wave by race.

    Raises
    ------
    NotAvailable
        The page has no such figures.
    """
    chosen = wave or usual_wave(page.outcomes, measure)
    if chosen not in figures.waves_of(page.outcomes, measure):
        raise none_of(measure_of(measure).label, page.facts["name"], chosen)
    made = rate_charts.rates(page.facts["name"], page.table(measure, str(chosen)))
    return replace(made, chosen={"wave": str(chosen)})


def staff(page: Profile, wave: str | None) -> Picture:
    """Return the adults of a wave.

    Raises
    ------
    NotAvailable
        The page has no such figures.
    """
    chosen = wave or figures.staff_wave(page.staff)
    rows = page.adults(str(chosen))
    if not rows:
        raise none_of("Staff", page.facts["name"], chosen)
    high = figures.high_schools_only(page.staff, chosen)
    made = charts.adults(page.facts["name"], str(chosen), rows, high_schools=high)
    return replace(made, chosen={"wave": str(chosen)})


def waves(page: Profile, measure: str) -> Picture:
    """Return the rates of a measure over every wave.

    Raises
    ------
    NotAvailable
        The page has no such figures.
    """
    mine = [one for one in page.outcomes if one.question.measure == measure]
    if not any(one.value is not None for one in mine):
        raise none_of(measure_of(measure).label, page.facts["name"], None)
    return charts.waves(page.facts["name"], measure, mine)


def none_of(what: str, name: str, wave: str | None) -> NotAvailable:
    """Return the refusal to draw what the store holds nothing of."""
    when = f" in {wave}" if wave else ""
    return NotAvailable(f"{what} of {name}{when}: expected figures in the store, found none.")
