"""Every text of a place names what its figures speak for, and why one is doubtful, beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from homeroom.errors import NotAvailable
from homeroom.evidence.store import Store
from homeroom.figures.coverage import Universe
from homeroom.figures.engine import answer
from homeroom.figures.figure import Figure
from homeroom.figures.nearest import near
from homeroom.figures.outcomes import OUTCOMES, ratios_to
from homeroom.figures.question import Question
from homeroom.figures.staffing import StaffFigure
from homeroom.report import charts, glance, opening, peer_chart, ranking, rate_charts, sentences
from homeroom.report.brief import as_html, as_pdf, brief
from homeroom.report.maps import Choice, Spot, ordered, spot, told
from homeroom.report.picture import Picture
from homeroom.report.place_figures import (
    OutcomeTable,
    high_schools_only,
    outcome_table,
    staff_rows,
    staff_wave,
    waves_of,
)
from homeroom.report.profile import Profile, profile
from homeroom.vocabulary.groups import ALL, RACES, Group

DEL_VALLE, AUSTIN, NEW_YORK = "lea:4816620", "lea:4808940", "lea:3620580"
PLACES = (
    "US", "US-TX", "US-CO", "US-VA", "US-NY", "US-IL", "US-CA", "US-VT", "US-NV", "US-DC", "US-HI",
    DEL_VALLE, AUSTIN, NEW_YORK, "lea:1703870", "lea:4808700", "lea:4833120", "lea:4818000",
    "lea:0803360", "lea:5101260", "lea:0614550", "lea:4843200", "lea:5103660", "lea:4843470",
    "lea:4817700", "lea:1709930", "school:480145013781", "school:480145013768",
)  # fmt: skip
"""The nation, states with and without school files, doubtful districts and plain ones, a district
without enrollment, and two schools that have events and no enrollment."""
FALSE = (
    re.compile(r"had no (sworn )?(police )?officers"), re.compile(r" 0 times "),
    re.compile(r"\bnan\b"), re.compile(r"\binf(inity)?\b"),
    re.compile(r"\bNone\b(?! (that|of|reported))"),
    re.compile(r"\b0 students, 0\.00 each"), re.compile(r"preschool not included"),
    re.compile(r"95 %"),
)  # fmt: skip
SCOPE = re.compile(
    r"high schools?|students\)|of the (nation|state|district|school)'s|only|in the store"
)


@dataclass(frozen=True)
class Said:
    """One text that stands by itself, and the figures whose numbers are in it."""

    where: str
    text: str
    figures: tuple[Figure | StaffFigure, ...]


@pytest.fixture(scope="module")
def store(starter_store: Path) -> Iterator[Store]:
    opened = Store(starter_store)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def places(store: Store) -> tuple[str, ...]:
    """Return the named places and a dozen more: rural districts and schools, with and without."""
    more = store.con.execute(
        "(SELECT place_id FROM place WHERE kind = 'district' AND state = 'TX' AND students < 400 "
        "ORDER BY md5(place_id) LIMIT 6) UNION ALL (SELECT place_id FROM place WHERE kind = "
        "'school' AND state IN ('TX', 'CO') ORDER BY md5(place_id) LIMIT 8)"
    ).fetchall()
    return (*PLACES, *(str(place) for (place,) in more))


def texts(store: Store, page: Profile) -> Iterator[Said]:
    """Return everything that is said of a place beside the numbers of its figures."""
    place, name = page.facts["place_id"], page.name
    for measure in OUTCOMES:
        waves = waves_of(page.outcomes, measure)
        for wave in waves:
            yield from of_table(store, page, page.table(measure, wave))
        try:
            drawn = charts.waves(name, measure, page.outcomes)
        except NotAvailable:
            continue
        figures = [
            one for one in page.outcomes
            if one.question.measure == measure and one.question.group == ALL
        ]  # fmt: skip
        yield Said(f"waves {measure}", whole(drawn), numbered(figures))
    for wave in sorted({one.wave for one in page.staff}):
        rows = page.adults(wave)
        high = high_schools_only(page.staff, wave)
        known = tuple(row.figure for row in rows if row.role not in ("guard", "teacher"))
        said = sentences.adults(wave, rows, kind=page.facts["kind"], high_schools=high)
        yield Said(f"adults {wave}", said, known)
        drawn = charts.adults(name, wave, rows, high_schools=high)
        shown = tuple(row.figure for row in rows if row.role != "teacher")
        yield Said(f"staff chart {wave}", whole(drawn), shown)
        for card in glance.cards(None, [], (wave, rows)):
            row = next(row for row in rows if row.role == "counselor")
            yield Said(f"card counselor {wave}", in_one(card), (row.figure,))
    if page.facts["kind"] in ("district", "state"):
        wave = "2017-18"
        if wave in waves_of(page.outcomes, "arrests"):
            found = near(store, place, wave, ("arrests",))
            if found:
                choice = Choice("arrests", ALL, wave, "rate")
                drawn = peer_chart.peers(name, page.facts["kind"], choice, found)
                yield Said("peers", whole(drawn), numbered(found.figures["arrests"]))


def of_table(store: Store, page: Profile, table: OutcomeTable) -> Iterator[Said]:
    larger = [("the nation", "US")]
    if page.facts["kind"] in ("district", "school"):
        larger.insert(0, (page.facts["state"], f"US-{page.facts['state']}"))
    asked = [Question(table.measure, place=one, wave=table.wave) for _, one in larger]
    names = [name for name, _ in larger]
    beside = list(zip(names, answer(store, asked), strict=True))
    # A place without a rate is told without the larger places' rates.
    every = [table.whole_figure, *(one for _, one in beside)]
    shown = numbered(every) if table.whole_figure.value is not None else ()
    where = f"{table.measure} {table.wave}"
    lines = [sentences.headline(page.name, table, beside), *sentences.reasons(beside)]
    yield Said(f"headline {where}", " ".join(lines), shown)
    ratios = tuple(row.ratio_figure for row in table.rows if row.ratio_figure)
    kept = tuple(one for one in ratios if one.value is not None)[:1]
    for text in sentences.disparity(table):
        if text.startswith("No groups"):  # no number, so no scope; the doubt still has to be there
            plain = tuple(replace(one, universe=Universe(), coverage=None) for one in kept)
            yield Said(f"disparity {where}", text, plain)
        else:
            left = text.startswith("With the doubted")
            yield Said(f"disparity {where}", text, () if left else kept)
    lead = opening.lead(page.name, table, beside, None)
    told = " ".join([lead.text, *sentences.reasons(beside)])
    yield Said(f"lead {where}", told, numbered([table.whole_figure]))
    (first,) = glance.cards(table, beside, ("", []))
    # The page says below the cards why a larger place is doubtful; a card marks it.
    told = " ".join([in_one(first), *sentences.reasons(beside)])
    yield Said(f"card rate {where}", told, shown)
    drawn = rate_charts.rates(page.name, table)
    yield Said(f"chart {where}", whole(drawn), numbered([table.whole_figure]))


def numbered(figures: list[Figure] | tuple[Figure, ...]) -> tuple[Figure, ...]:
    return tuple(one for one in figures if one.value is not None)


def whole(drawn: Picture) -> str:
    return f"{drawn.title} {drawn.units} {drawn.alt}"


def in_one(card: glance.Card) -> str:
    return f"{card.figure} {card.label} {card.beside} {card.doubt}"


def faults(said: Said) -> list[str]:
    """Return what is wrong with a text: a figure without its scope or its doubt, or false words."""
    text = said.text.casefold()
    wrong = [pattern.pattern for pattern in FALSE if pattern.search(said.text)]
    for one in said.figures:
        number = one.fte if isinstance(one, StaffFigure) else one.value
        if number is None or not said.text:
            continue
        if not one.whole and narrow(one) and not SCOPE.search(said.text):
            wrong.append(f"no scope: {one.universe} {one.coverage}")
        grave = [doubt.sentence.rstrip(".").casefold() for doubt in one.doubts if doubt.material]
        if grave and grave[0] not in text:
            wrong.append(f"no doubt: {grave[0]}")
    return wrong


def narrow(one: Figure | StaffFigure) -> bool:
    """Return whether it is known whom a figure speaks for; without enrollment it is not."""
    place = one.place if isinstance(one, StaffFigure) else one.question.place
    if place.startswith("school:"):
        return False  # a school in a file of high schools is still all of itself
    return one.universe != Universe() or one.coverage is not None


def test_every_text_carries_the_scope_and_doubt_of_its_figures(
    store: Store, places: tuple[str, ...]
) -> None:
    wrong: list[tuple[str, ...]] = []
    seen = partial = doubtful = 0
    for place in places:
        try:
            page = profile(store, place)
        except NotAvailable:
            continue
        for sentence in page.sentences:
            wrong += [(place, "profile", fault) for fault in faults(Said("", sentence, ()))]
        for said in texts(store, page):
            seen += 1
            partial += any(not one.whole for one in said.figures)
            doubtful += any(one.doubtful for one in said.figures)
            wrong += [(place, said.where, fault, said.text[:300]) for fault in faults(said)]
    assert not wrong, wrong[:5]
    assert seen > 400
    assert partial > 100
    assert doubtful > 50


def test_a_text_that_drops_scope_or_doubt_is_caught(store: Store) -> None:
    page = profile(store, DEL_VALLE)
    one = page.table("arrests", "2017-18").whole_figure
    bare = Said("", "In 2017-18, Del Valle ISD reported 3,541 arrests.", (one,))
    assert any(fault.startswith("no doubt") for fault in faults(bare))
    nation = answer(store, [Question("arrests", place="US", wave="2020-21")])[0]
    bare = Said("", "4.98 in the nation", (replace(nation, doubts=()),))
    assert any(fault.startswith("no scope") for fault in faults(bare))
    assert faults(Said("", "Its schools had no police officers.", ()))


def test_a_doubtful_headline_gives_the_doubt_and_what_is_left_without_it(store: Store) -> None:
    said = profile(store, DEL_VALLE).sentences[0]
    assert "reported 3,541 arrests, a figure we doubt because" in said
    assert "no figure remains" in said
    assert "3,175" not in said
    texas = profile(store, "US-TX").sentences[0]
    assert "reported 11,457 arrests, a figure we doubt because" in texas
    left = answer(store, [Question("arrests", place="US-TX", wave="2017-18", policy="screened")])[0]
    assert left.value is not None
    counted = f"it was {left.group.count:,} of {left.group.students:,} students in"
    assert f"With the doubted schools left out, {counted}" in texas
    assert f"{sentences.figure(left.value)} for every 10,000" in texas


def test_a_few_states_are_not_called_the_nation(store: Store) -> None:
    page = profile(store, AUSTIN)
    nation = answer(store, [Question("arrests", place="US", wave="2020-21")])[0]
    said = sentences.headline("Austin ISD", page.table("arrests", "2020-21"), [("x", nation)])
    assert "4.98 in Colorado and Texas (10% of the nation's students)" in said
    us = profile(store, "US")
    assert us.sentences[0].startswith("In 2017-18, 54,321 of 50,922,024 students in the United")
    assert "In 2020-21" not in us.sentences[0]


def test_a_rule_that_doubts_a_part_of_a_count_is_told_with_its_share(store: Store) -> None:
    said = profile(store, NEW_YORK).sentences[0]
    assert re.search(r"1,799\.1 sworn police officers \(a quality rule doubts 11% of it", said)


def test_a_doubtful_place_has_no_rank_and_is_not_named_highest(store: Store) -> None:
    choice = Choice("arrests", ALL, "2017-18", "rate")
    asked = [Question("arrests", place=place, wave="2017-18") for place in (DEL_VALLE, AUSTIN)]
    spots = [spot(one, name) for one, name in zip(answer(store, asked), "DA", strict=True)]
    assert [one.id for one in ordered(spots)] == [AUSTIN]
    said = told(choice, spots, "districts")
    assert "highest in A, 55.9" in said
    assert "1 doubtful figure left out" in said
    drawn = ranking.ranked(choice, "Texas", spots)
    assert "only one place in Texas" in drawn.title
    assert "1 doubtful figure left out" in drawn.title
    assert drawn.table["place"].to_list() == [AUSTIN]


def test_none_of_few_students_against_few_is_no_ratio() -> None:
    spots = [Spot("lea:0000001", "A", None, None, None, 0, 97, "few_events")]
    assert ordered(spots) == []


def test_a_reported_zero_of_few_students_is_too_few_to_tell(store: Store) -> None:
    page = profile(store, AUSTIN)
    rows = {str(one.question.group): one for one in page.outcomes
            if (one.question.measure, one.question.wave) == ("arrests", "2017-18")}  # fmt: skip
    black, white = rows["black"], rows["white"]
    few = replace(black, group=replace(black.group, count=0, students=97), value=0.0)
    base = replace(white, group=replace(white.group, count=2, students=1_093))
    table = outcome_table([rows[ALL], few, base], "arrests", "2017-18")
    (said,) = sentences.disparity(table)
    assert said.startswith("Schools reported none among 97 Black students, and 2 among 1,093")
    assert said.endswith("too few to tell.")


@pytest.mark.parametrize("place", ["US", "US-TX", AUSTIN, "lea:0803360"])
def test_ratios_are_those_that_the_engine_answers(store: Store, place: str) -> None:
    compared = 0
    for measure in OUTCOMES:
        asked = [Question(measure, Group(race), "white", place=place, wave="2017-18")
                 for race in RACES if race != "white"]  # fmt: skip
        rates = answer(store, [replace(one, versus="") for one in asked])
        white = answer(store, [Question(measure, Group("white"), place=place, wave="2017-18")])[0]
        for mine, engine in zip(ratios_to(rates, white), answer(store, asked), strict=True):
            assert (mine.value, mine.low, mine.high, mine.reason, mine.status) == (
                engine.value, engine.low, engine.high, engine.reason, engine.status,
            )  # fmt: skip
            assert (mine.group, mine.versus) == (engine.group, engine.versus)
            compared += engine.value is not None
    assert compared >= 6


def test_staff_without_enrollment_has_no_students_for_each(store: Store) -> None:
    staff = profile(store, "lea:1703870").staff
    rows = staff_rows(staff, "2020-21")
    officer = next(row for row in rows if row.role == "officer")
    assert (officer.fte, officer.each, officer.verdict) == (3.0, None, "no enrollment to divide by")
    (card,) = glance.cards(None, [], ("2020-21", rows))
    assert (card.figure, "no enrollment" in card.beside) == ("–", True)
    assert staff_wave(staff) == "2021-22"


@pytest.mark.parametrize("place", [DEL_VALLE, NEW_YORK, "US", "school:480145013768"])
def test_a_brief_says_no_false_word_and_is_the_same_twice(store: Store, place: str) -> None:
    content = brief(store, place)
    text = " ".join(part for _, part in content.summary)
    assert not [pattern.pattern for pattern in FALSE if pattern.search(text)]
    assert as_pdf(content) == as_pdf(brief(store, place))
    assert as_html(content) == as_html(brief(store, place))
