"""The first sentence of a place page: how many and when, then how that compares."""

from __future__ import annotations

from dataclasses import dataclass

from homeroom.figures import wording
from homeroom.figures.nearest import Near
from homeroom.report.place_figures import OutcomeTable
from homeroom.report.sentences import Beside, capital, figure, headline, listed, marked, reach
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES

_DONE = {"arrests": "arrested", "referrals": "referred to police"}


@dataclass(frozen=True, slots=True)
class Lead:
    """The count and the year, to be set in bold, and what follows."""

    strong: str
    rest: str

    @property
    def text(self) -> str:
        """Both in one."""
        return f"{self.strong}{self.rest}"


def lead(name: str, table: OutcomeTable, beside: Beside, found: Near | None) -> Lead:
    """Say how many and when, how Black and white students compare, and how the rate stands.

    A doubtful count carries its doubt and no comparison of the place's own.

    Parameters
    ----------
    name
        The place's name as a sentence holds it.
    beside
        Larger places and their figures of the same measure and wave.
    found
        The place's peers, or None.
    """
    one = table.whole_figure
    count = one.group.count
    if count is None or one.doubtful:
        return _split(headline(name, table, []))
    if count == 0:
        who = f" among {one.group.students:,} students" if one.group.students else ""
        what = _events(table.measure)
        strong = f"{capital(reach(name, one))} reported no {what} in {table.wave}"
        return Lead(strong, f"{who}.{_partly(table)}{_against(beside)}")
    where = "" if one.whole else f" in {reach(name, one)}"
    people = "1 student was" if count == 1 else f"{count:,} students were"
    done = _DONE.get(table.measure) or MEASURES[table.measure].done.removeprefix("were ")
    strong = f"{people} {done}{where} in {table.wave}."
    stands = standing(table, found)
    parts = [_groups(table)]
    if not parts[0] or not stands:
        parts.append(_rate(table, beside))
    return Lead(strong, "".join(f" {part}" for part in (*parts, stands) if part) + _partly(table))


def _split(said: str) -> Lead:
    """Set the report in bold and not its doubt."""
    for stop in (", a figure we doubt", ": ", "; "):
        at = said.find(stop)
        if at > 0:
            return Lead(said[:at], said[at:])
    return Lead(said, "")


def _events(measure: str) -> str:
    return {"arrests": "arrests", "referrals": "referrals to police"}.get(
        measure, MEASURES[measure].label.lower()
    )


def _partly(table: OutcomeTable) -> str:
    part = wording.partly(table.whole_figure.doubts)
    return f" {capital(part.replace(' of it', ' of this count', 1))}." if part else ""


def _groups(table: OutcomeTable) -> str:
    """Compare Black with white students where the interval leaves no doubt which is higher."""
    row = next((row for row in table.rows if row.id == "black"), None)
    one = row.ratio_figure if row else None
    if one is None or one.value is None or one.doubtful or one.reason or not (row and row.count):
        return ""
    if one.low is None or one.high is None or one.low <= 1 <= one.high:
        return ""
    done = _DONE.get(table.measure, "counted")
    scope = "" if one.whole else f", in {reach('the place', one)}"
    return f"Black students were {done} at {one.value:.1f} times the rate of white students{scope}."


def _rate(table: OutcomeTable, beside: Beside) -> str:
    one = table.whole_figure
    if one.value is None:
        return ""
    against = _listed(beside)
    tail = f", against {against}" if against else ""
    return f"That is {figure(one.value)} for every 10,000 students{tail}."


def _against(beside: Beside) -> str:
    told = _listed(beside)
    return f" The rate for every 10,000 students was {told}." if told else ""


def _listed(beside: Beside) -> str:
    return listed(
        [
            f"{figure(one.value)} in {reach(name, one)}{marked(one)}"
            for name, one in beside
            if one.value is not None
        ]
    )


def standing(table: OutcomeTable, found: Near | None) -> str:
    """Say among how many of its peers the place's rate was higher, or lower; or nothing.

    Doubtful figures are not ranked.
    """
    if found is None:
        return ""
    stands, own = found.standing(table.measure), found.figure(table.measure)
    known = stands["peers_with_a_rate"]
    if own is None or own.doubtful or own.value is None or not known:
        return ""
    lower, equal = stands["lower"], stands["equal"]
    higher = known - lower - equal
    more, many = ("higher", lower) if lower >= higher else ("lower", higher)
    kind = "states" if own.question.place.startswith("US-") else "districts"
    state = f"{STATES[found.state]} " if found.state else ""
    every = known == len(found.rows) - 1
    whole = "all " if many == known else f"{many} of the "
    among = f"{known} most similar {state}{kind}" if every else (
        f"{known} similar {state}{kind} with figures we can compare"
    )  # fmt: skip
    what = {"arrests": "arrest rate", "referrals": "referral rate"}.get(table.measure, "rate")
    return f"The {what} was {more} than in {whole}{among}."
