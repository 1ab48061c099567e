from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typst
import yaml
from click.testing import CliRunner
from starlette.testclient import TestClient

import homeroom
from homeroom.api import Homeroom
from homeroom.cli.main import cli
from homeroom.context.shootings import guarded_summary
from homeroom.errors import BadInput, HomeroomError, NotAvailable
from homeroom.law.act import facts_from
from homeroom.plans.breakeven import compared
from homeroom.plans.compare import compare
from homeroom.plans.costs import default_cost
from homeroom.plans.document import load
from homeroom.plans.worked import EXAMPLES
from homeroom.report.brief import as_html, as_pages, as_pdf, brief, levels, render, write
from homeroom.report.brief.axis import logarithmic, straight
from homeroom.report.brief.blocks import BriefContent, Plot, Points, Sides, Table, Text
from homeroom.report.brief.evidence import DESIGNS, OFFICERS, cited, evidence, families
from homeroom.report.brief.wording import money
from homeroom.report.sentences import figure
from homeroom.research import findings
from homeroom.vocabulary.groups import ALL, RACES
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.states import STATES
from homeroom.web.app import create_app
from homeroom.web.settings import Settings

AUSTIN, FAIRFAX, DENVER, FRESNO = "lea:4808940", "lea:5101260", "lea:0803360", "lea:0614550"
THREE = (AUSTIN, FAIRFAX, DENVER)
CITIES = {AUSTIN: "austin", FAIRFAX: "fairfax", DENVER: "denver"}
NAMES = ("half", "keep", "technology")
YEARS = {"2005-06": 2006, "2007-08": 2008, "2015-16": 2016, "2017-18": 2018}


@pytest.fixture(scope="module")
def room(starter_store: Path) -> Iterator[Homeroom]:
    with homeroom.open(starter_store) as opened:
        yield opened


@pytest.fixture(scope="module")
def made(room: Homeroom) -> dict[str, BriefContent]:
    return {place: brief(room.store, place) for place in (*THREE, FRESNO)}


@pytest.fixture(scope="module")
def options(room: Homeroom) -> dict[str, dict[str, Any]]:
    """The three worked examples of each district, as the brief takes them."""
    return {
        place: compared(compare([load(example(place, name)) for name in NAMES], room.store))
        for place in THREE
    }


@pytest.fixture(scope="module")
def client(starter_store: Path) -> Iterator[TestClient]:
    """The API itself: what a reader can hold a number of the brief against."""
    app = create_app(homeroom.open(starter_store), Settings(costly_per_minute=100_000))
    with TestClient(app, base_url="http://127.0.0.1:8000") as made:
        yield made


def example(place: str, name: str) -> Path:
    return Path(str(EXAMPLES / f"{CITIES[place]}-{name}.yaml"))


def rows_of(client: TestClient, path: str, **asked: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/{path}", params=asked)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["data"]
    return rows


def blocks(content: BriefContent, section: str, kind: type) -> list[Any]:
    return [one for one in content.section(section).blocks if isinstance(one, kind)]


def titled(content: BriefContent, section: str, start: str) -> Any:
    return next(
        one
        for one in (
            *blocks(content, section, Table),
            *blocks(content, section, Plot),
            *((content.picture,) if content.picture else ()),
        )
        if one.title.startswith(start)
    )


def told(content: BriefContent, label: str) -> str:
    return dict(content.summary)[label]


def number(value: float) -> str:
    return "0" if value == 0 else figure(value)


def span_of(value: float | None, low: float | None, high: float | None) -> str:
    if value is None or low is None or high is None:
        return "–"
    return f"{number(value)} ({number(low)} to {number(high)})"


# Every number is the API's


@pytest.mark.parametrize("place", THREE)
@pytest.mark.parametrize(
    ("measure", "start"),
    [("arrests", "School-related arrests"), ("referrals", "Referrals to law enforcement")],
)
def test_rates_and_ratios_by_group_are_the_api_s(
    room: Homeroom, made: dict[str, BriefContent], place: str, measure: str, start: str
) -> None:
    drawn = {row.label: row.cells for row in titled(made[place], "students", start).rows}
    whole = room.rate(measure, place, "2017-18").row(0, named=True)
    assert drawn["All students"][0] == f"{whole['count']:,} of {whole['students']:,}"
    assert drawn["All students"][1].startswith(f"{number(whole['rate_per_10000'])} (")
    rows = room.disparity(
        measure, "2017-18", level="district", within=place, versus="white"
    ).to_dicts()
    assert {row["race"] for row in rows} == set(RACES)
    for row in rows:
        counted, rate, ratio = drawn[RACES[row["race"]].label]
        assert counted == f"{row['count']:,} of {row['students']:,}"
        assert rate == span_of(row["rate_per_10000"], row["rate_low"], row["rate_high"])
        if row["count"] == 0 and (row["ratio_high"] is None or row["ratio_high"] >= 1):
            few = ("too few to tell", "too few students", "no ratio", "reference")
            assert ratio in few
        elif row["ratio"] is not None and row["race"] != "white":
            assert ratio == span_of(row["ratio"], row["ratio_low"], row["ratio_high"])
        elif row["race"] != "white":
            assert "no ratio" in ratio or "too few" in ratio


@pytest.mark.parametrize("place", THREE)
def test_the_sentences_hold_the_api_s_numbers(
    room: Homeroom, made: dict[str, BriefContent], place: str
) -> None:
    said = told(made[place], "Arrests")
    state = f"US-{room.place(place)['state']}"
    for asked in (place, state, "US"):
        row = room.rate("arrests", asked, "2017-18").row(0, named=True)
        assert figure(row["rate_per_10000"]) in said
    assert STATES[state[3:]] in said


@pytest.mark.parametrize("place", THREE)
def test_adults_are_the_api_s(room: Homeroom, made: dict[str, BriefContent], place: str) -> None:
    drawn = titled(made[place], "adults", "Students for each adult")
    wave = re.search(r"\d{4}-\d\d", drawn.title)[0]  # type: ignore[index]
    asked = {ROLES[row["role"]].label: row for row in room.staff(place, wave).to_dicts()}
    assert len(drawn.rows) == 6
    for row in drawn.rows:
        fte, each, recommended, short = row.cells
        api = asked[row.label]
        assert fte == f"{api['fte']:,.1f}".removesuffix(".0")
        if api["students_per_fte"] is not None:
            assert each == f"{api['students_per_fte']:,.0f}"
        if api["recommended"]:
            met = api["students_per_fte"] and api["students_per_fte"] <= api["recommended"]
            assert recommended == f"{api['recommended']}, {'met' if met else 'not met'}"
            assert short == f"{api['short']:,.1f}".removesuffix(".0")


@pytest.mark.parametrize("place", [AUSTIN, DENVER])
def test_sets_contrast_and_collections_are_the_api_s(
    room: Homeroom, made: dict[str, BriefContent], place: str
) -> None:
    sets = titled(made[place], "adults", "Students in schools with police")
    asked = room.gaps(place, sets.title[-7:]).to_dicts()
    assert sets.rows == tuple(
        (
            row["label"],
            f"{row['schools']:,}",
            f"{row['students']:,}",
            f"{100 * row['share']:.1f}%",
            f"{row['unknown_students']:,}",
        )
        for row in asked
    )
    contrast = titled(made[place], "adults", "Arrests in the")
    sides = {
        (r["group"], r["officer"]): r for r in room.officers("arrests", place, "2017-18").to_dicts()
    }
    for label, one, rate, other, other_rate in contrast.rows:
        group = next((key for key, race in RACES.items() if race.label == label), ALL)
        for kind, counted, told in (("with", one, rate), ("without", other, other_rate)):
            row = sides[group, kind]
            assert counted == f"{row['count']:,} of {row['students']:,}"
            assert told == number(row["rate_per_10000"])
    over = {row[0]: row for row in titled(made[place], "students", "The collections").rows}
    for row in room.trend("arrests", place).to_dicts():
        if row["group"] == ALL and row["count"] is not None:
            cells = over[row["wave"]]
            assert cells[1:3] == (f"{row['count']:,}", number(row["rate_per_10000"]))


@pytest.mark.parametrize("place", THREE)
def test_peers_are_the_api_s(room: Homeroom, made: dict[str, BriefContent], place: str) -> None:
    drawn = blocks(made[place], "peers", Plot)[0]
    kept = any(note.startswith("Kept to") for note in drawn.notes)
    frame = room.peers(place, same_state=kept)
    assert [dot.cells[0] for dot in drawn.rows] == [f"{n:,}" for n in frame["students"]]
    for key, dot in zip(frame["place"], drawn.rows, strict=True):
        for measure, told in (("arrests", dot.cells[1]), ("referrals", dot.cells[2])):
            try:
                api = room.rate(measure, key, "2017-18").row(0, named=True)["rate_per_10000"]
            except NotAvailable:
                api = None
            assert told.removesuffix(" (doubtful)") == ("–" if api is None else number(api))


@pytest.mark.parametrize("place", THREE)
def test_rates_and_adults_are_those_of_the_web_api(
    client: TestClient, made: dict[str, BriefContent], place: str
) -> None:
    for measure, start in (
        ("arrests", "School-related arrests"),
        ("referrals", "Referrals to law enforcement"),
    ):
        drawn = {row.label: row.cells for row in titled(made[place], "students", start).rows}
        asked = {"measure": measure, "place": place, "wave": "2017-18", "by": "race"}
        rows = {row["race"]: row for row in rows_of(client, "rates", **asked)}
        for race in RACES.values():
            row = rows[race.id]
            assert drawn[race.label][0] == f"{row['count']:,} of {row['students']:,}"
            if row["rate_per_10000"] is not None:
                assert drawn[race.label][1].startswith(f"{number(row['rate_per_10000'])} (")
    drawn = titled(made[place], "adults", "Students for each adult")
    wave = re.search(r"\d{4}-\d\d", drawn.title)[0]  # type: ignore[index]
    for row in rows_of(client, "staff", place=place, wave=wave):
        if label := next((d for d in drawn.rows if d.label == ROLES[row["role"]].label), None):
            assert label.cells[0] == f"{row['fte']:,.1f}".removesuffix(".0")


def run_over_the_api(client: TestClient, place: str) -> dict[str, Any]:
    plans = [yaml.safe_load(example(place, name).read_text("utf-8")) for name in NAMES]
    answer = client.post("/api/v1/plans", json={"plans": plans})
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()["data"]
    return document


@pytest.mark.parametrize("place", THREE)
def test_the_options_are_what_the_api_gives(
    client: TestClient, room: Homeroom, options: dict[str, dict[str, Any]], place: str
) -> None:
    content = brief(room.store, place, plans=options[place])
    document = run_over_the_api(client, place)
    costs = titled(content, "options", "What each option costs")
    plans = document["plans"]
    assert costs.columns == ("", *(one["name"] for one in plans))
    shown_costs = {cell for row in costs.rows for cell in row[1:]}
    for one in plans:
        for year in one["cost"].values():
            assert any(cell.startswith(money(year["central"])) for cell in shown_costs)
        # Who pays the officers is not said, so both cases stand there instead of one figure.
        for case in one["new_local_money"]["cases"]:
            central = money(case["new_local_money"]["central"])
            assert any(cell.startswith(central) for cell in shown_costs)
    staff = titled(content, "options", "Adults in the schools")
    for column, one in enumerate(plans, start=1):
        posts = {row[0]: row[column] for row in staff.rows}
        for role in one["staff"]["roles"]:
            after = f"{role['after']:,.1f}".removesuffix(".0")
            assert posts[ROLES[role["role"]].label].split(" ")[0] == after
    rows = [row for one in plans for row in one["outcomes"] if row["group"] == ALL]
    if rows:
        expected = titled(content, "options", "What research lets")
        text = " ".join(cell for row in expected.rows for cell in row)
        for row in rows:
            assert f"{abs(row['median']):,.0f}" in text or f"{abs(row['median']):,.1f}" in text
            assert row["population"]["sentence"] in " ".join(expected.notes)
    # Rows of one site stand together, by their ids.
    assert document["sources"][0]["url"].split("/")[2].removeprefix("www.") in as_html(content)
    assert document["sources"][0]["id"] in as_html(content)


@pytest.mark.parametrize("place", THREE)
def test_what_would_have_to_be_true_is_what_the_api_and_the_command_give(
    client: TestClient,
    room: Homeroom,
    starter_store: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, dict[str, Any]],
    place: str,
) -> None:
    monkeypatch.setenv("HOMEROOM_STORE", str(starter_store))
    content = brief(room.store, place, plans=options[place])
    level = titled(content, "options", "What would have to be true")
    document = run_over_the_api(client, place)
    money_said = told(content, "Money")
    for column, name in enumerate(NAMES, start=1):
        shown_here = [row[column] for row in level.rows]
        asked = CliRunner().invoke(
            cli, ["plan", "breakeven", str(example(place, name)), "--json"], catch_exceptions=False
        )
        answer = json.loads(asked.stdout)
        assert answer["first"] == level.columns[column]
        assert answer["breakeven"] == document["breakeven"][answer["first"]]
        known = {0.0}
        # The plans don't say who pays the officers: the table tells the case of the district.
        assert {row["case"] for row in answer["breakeven"]} <= {None, "district", "elsewhere"}
        for row in answer["breakeven"]:
            if row["case"] == "elsewhere":
                continue
            known |= {row["level_at"] or 0.0, row["now"] or 0.0}
            if row["level_at"]:
                assert any(money(row["level_at"]) in cell for cell in shown_here), row
        said = {part for cell in shown_here for part in re.findall(MONEY, cell)}
        assert said <= {money(value) for value in known}
        books = document["money"][answer["first"]]
        first, *others = (yearly_words(books, at) for at in range(len(books[0]["cases"])))
        assert shown_here[0] == first
        assert f"{answer['first']}, {first}" in money_said
        assert all(f"{words} if another government does" in money_said for words in others)
    reckoned = {part for row in level.rows for part in re.findall(MONEY, row[0])}
    prices = [price for known in document["prices"].values() for price in known.values()]
    assert reckoned <= {money(price[end]) for price in prices for end in ("low", "central", "high")}
    assert not re.search(r"\.\d\d\b(?! million)", " ".join(cell for r in level.rows for cell in r))


def yearly_words(books: list[dict[str, Any]], case: int) -> str:
    """Say new local money a year in one case of who pays the officers."""
    amounts = [book["cases"][case]["new_local_money"]["central"] for book in books]
    yearly = sum(amounts) / len(amounts)
    return f"{money(abs(yearly))} {'more' if yearly > 0 else 'less'}"


MONEY = r"\$[\d,]+(?:\.\d\d million)?"


@pytest.mark.parametrize(
    ("more", "level", "now", "said"),
    [
        (100.0, 60_000.0, 50_000.0, "$60,000 or more"),
        (100.0, 40_000.0, 50_000.0, "$40,000 or less"),
        (-100.0, 60_000.0, 50_000.0, "$60,000 or less"),
        (-100.0, 40_000.0, 50_000.0, "$40,000 or more"),
        (100.0, 0.0, 50_000.0, "only at $0"),
        (100.0, None, 50_000.0, "no price does"),
    ],
)  # fmt: skip
def test_the_side_of_a_level_is_told(
    more: float, level: float | None, now: float, said: str
) -> None:
    rows = {
        "grant": {"level_at": max(more, 0.0)},
        "what is not known": {"level_at": abs(more)},
        "price": {"level_at": level, "now": now, "within_range": True},
    }
    assert levels._level(rows, "price", {"central": now}).startswith(said)


def test_the_side_of_a_level_agrees_with_the_plans_room(
    options: dict[str, dict[str, Any]],
) -> None:
    for place in THREE:
        for rows in options[place]["breakeven"].values():
            known = {r["assumption"]: r for r in rows if r["case"] in (None, "district")}
            for name, row in known.items():
                if name.startswith("price") and row["level_at"]:
                    cell = levels._level(known, name, {"central": row["now"]})
                    side = re.search(r"or (more|less);", row["sentence"])
                    assert side
                    assert f"or {side[1]}\n" in cell


@pytest.mark.parametrize("place", THREE)
def test_without_a_plan_it_shows_today_and_takes_no_side(
    client: TestClient, room: Homeroom, made: dict[str, BriefContent], place: str
) -> None:
    document = run_over_the_api(client, place)
    as_is = document["plans"][0]
    table = titled(made[place], "options", "Keeping as is")
    state = room.place(place)["state"]
    assert [row[0] for row in table.rows] == [
        ROLES[row["role"]].label for row in as_is["staff"]["roles"]
    ]
    for row, role in zip(table.rows, as_is["staff"]["roles"], strict=True):
        price = default_cost(role["role"], state, room.store)
        assert row[1] == f"{role['before']:,.1f}".removesuffix(".0")
        assert row[2] == money(price.central / 100)
        assert row[3] == f"{money(price.low / 100)} to {money(price.high / 100)}"
    year = next(iter(as_is["cost"].values()))
    low, high = (money(year[end]).removeprefix("$").removesuffix(" million")
                 for end in ("low", "high"))  # fmt: skip
    assert f"{money(year['central'])} ({low} to {high} million)" in told(made[place], "Money")
    said = blocks(made[place], "options", Text)[0].text
    assert "proposes none" in said
    assert "homeroom" not in said


def test_a_role_that_nobody_reported_is_a_dash_and_never_zero(
    made: dict[str, BriefContent],
) -> None:
    table = titled(made[FRESNO], "options", "Keeping as is")
    cells = {row[0]: row[1] for row in table.rows}
    assert cells["Social workers"] == cells["Nurses"] == "–"
    assert cells["School counselors"] != "–"


def test_the_national_shares_are_the_survey_s_and_called_national(
    client: TestClient, room: Homeroom, made: dict[str, BriefContent]
) -> None:
    table = titled(made[AUSTIN], "national", "Share of the country")
    every = rows_of(client, "survey", domain="all")
    known = {(row["label"], row["year"]): row for row in every if row["domain"] == "all"}
    shown_figures = 0
    for label, *cells in table.rows:
        for year, cell in zip(table.columns[1:], cells, strict=True):
            row = known.get((label, YEARS[year]))
            if row is None:
                assert cell == "–"
                continue
            shown_figures += 1
            assert cell == f"{row['estimate']:.1f}%\n({row['low']:.1f} to {row['high']:.1f})"
    assert shown_figures == 10
    assert any("sworn" in row[0] for row in table.rows)
    said = [one.text for one in blocks(made[AUSTIN], "national", Text)]
    assert "They say nothing about Austin ISD" in said[0]
    assert guarded_summary(room.store).sentences[0] in said[1]
    assert "neither that officers prevent or limit shootings nor that they do not" in said[1]


def test_the_pages_set_every_table_of_the_content(
    room: Homeroom, options: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    page = tmp_path / "brief.typ"
    page.write_text(render._template("brief.typ"), encoding="utf-8")
    content = brief(room.store, AUSTIN, plans=options[AUSTIN])
    compiler = typst.Compiler(
        input=str(page), font_paths=render._fonts(), sys_inputs=render._data(content)
    )
    set_in_pages = [
        re.sub(r"[\s\u200b]", "", "".join(texts(table)))
        for table in json.loads(compiler.query("table"))
    ]
    shown_tables = [content.picture] if content.picture else []
    shown_tables += [
        block
        for part in content.sections
        for block in part.blocks
        if isinstance(block, Table | Plot)
    ]
    assert len(set_in_pages) == len(shown_tables) > 8
    for text, block in zip(set_in_pages, shown_tables, strict=True):
        cells = [c for row in block.rows for c in (row if isinstance(row, tuple) else row.cells)]
        for cell in cells:
            assert re.sub(r"[\s`]", "", cell) in text
    assert [part.heading for part in content.sections] == [
        "".join(texts(one["body"])) for one in json.loads(compiler.query("heading"))
    ][3:]


def texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("func") == "text" and isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


# The same inputs give the same bytes

_TWICE = """
import hashlib, sys
import homeroom
from homeroom.report.brief import as_html, as_pdf, brief
with homeroom.open(sys.argv[1]) as room:
    content = brief(room.store, sys.argv[2])
for made in (as_pdf(content), as_html(content).encode()):
    print(hashlib.sha256(made).hexdigest())
"""


def test_two_processes_give_the_same_bytes(
    starter_store: Path, made: dict[str, BriefContent], tmp_path: Path
) -> None:
    here = [
        hashlib.sha256(data).hexdigest()
        for data in (as_pdf(made[DENVER]), as_html(made[DENVER]).encode())
    ]
    for seed, zone in (("1", "UTC"), ("77", "Asia/Tokyo")):
        told = subprocess.run(
            [sys.executable, "-c", _TWICE, str(starter_store), DENVER],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout.split() == here


def test_the_pdf_holds_no_date_of_today_and_only_typst_s_fonts(
    made: dict[str, BriefContent],
) -> None:
    data = as_pdf(made[AUSTIN])
    parts = [data]
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            parts.append(zlib.decompressobj().decompress(found[1]))
        except zlib.error:
            continue
    text = b"\n".join(parts)
    fonts = {name.split(b"+")[-1] for name in re.findall(rb"/BaseFont\s*/([^\s/>]+)", text)}
    assert fonts
    assert all(name.startswith((b"LibertinusSerif", b"DejaVuSansMono")) for name in fonts)
    years = set(re.findall(rb"/(?:CreationDate|ModDate)\s*\(D:(\d{4})", text))
    assert years <= {b"1970"}
    assert b"pdfuaid" in text  # tagged for screen readers


# A board member can read it


@pytest.mark.parametrize("place", [*THREE, FRESNO, "US-TX", "US"])
def test_it_has_four_to_eight_pages(
    room: Homeroom, made: dict[str, BriefContent], place: str
) -> None:
    content = made.get(place) or brief(room.store, place)
    assert 4 <= len(as_pages(content, ppi=20)) <= 8


@pytest.mark.parametrize("place", THREE)
@pytest.mark.parametrize("count", [1, 2, 3])
def test_with_options_it_has_four_to_eight_pages(room: Homeroom, place: str, count: int) -> None:
    plans = [load(example(place, name)) for name in NAMES[:count]]
    content = brief(room.store, place, plans=compared(compare(plans, room.store)))
    assert 4 <= len(as_pages(content, ppi=20)) <= 8


@pytest.mark.parametrize("place", [*THREE, "US-TX"])
def test_the_first_page_stands_alone(
    room: Homeroom, made: dict[str, BriefContent], place: str, tmp_path: Path
) -> None:
    content = made.get(place) or brief(room.store, place)
    page = tmp_path / "brief.typ"
    page.write_text(
        render._template("brief.typ")
        + "#context [#metadata(query(heading).map(h => (h.body.text, h.location().page()))) <at>]",
        encoding="utf-8",
    )
    compiler = typst.Compiler(
        input=str(page), font_paths=render._fonts(), sys_inputs=render._data(content)
    )
    where = json.loads(compiler.query("<at>"))[0]["value"]
    on_first = [heading for heading, number in where if number == 1]
    assert on_first == [content.title, "In short", "How to read this brief"]
    assert content.picture
    labels = [label for label, _ in content.summary]
    assert labels[0] == "Arrests"
    assert labels[-2:] == ["Research", "Not known"]


def test_only_the_part_on_methods_gives_commands(
    room: Homeroom, options: dict[str, dict[str, Any]], made: dict[str, BriefContent]
) -> None:
    with_options = brief(room.store, AUSTIN, plans=options[AUSTIN])
    for content in (*made.values(), with_options, brief(room.store, "US-TX")):
        plain = content.as_dict()
        plain["sections"] = [one for one in plain["sections"] if one["id"] != "methods"]
        assert "`" not in json.dumps(plain)


def test_a_minus_is_a_minus(room: Homeroom, options: dict[str, dict[str, Any]]) -> None:
    for place in THREE:
        content = brief(room.store, place, plans=options[place])
        text = re.sub(r"<style>.*</style>", "", as_html(content), flags=re.DOTALL)
        assert not re.search(r"(?<![\w.:/(-])-[$\d]", text)


def test_what_is_alike_for_several_actions_is_told_once(
    room: Homeroom, options: dict[str, dict[str, Any]]
) -> None:
    content = brief(room.store, AUSTIN, plans=options[AUSTIN])
    unknown = blocks(content, "options", Points)[-1].items
    leads = [item.split(":")[0] for item in unknown]
    assert len(leads) == len(set(leads))
    text = " ".join(unknown)
    for words in ("officers on arrests at school", "social workers on", "unarmed security staff"):
        assert words in text
    assert not re.search(r"\bE\d\d", text)


def test_a_rate_of_one_student_makes_no_headline(made: dict[str, BriefContent]) -> None:
    drawn = titled(made[DENVER], "students", "School-related arrests")
    top = max((row for row in drawn.rows if row.at is not None), key=lambda row: row.at)
    assert top.label == RACES["pacific"].label  # one arrest among 295 students
    assert top.cells[0] == "1 of 295"
    assert drawn.title.endswith("highest among Black students")


def test_no_ratio_is_told_in_words(made: dict[str, BriefContent]) -> None:
    said = told(made[DENVER], "Arrests")
    assert "none was reported of 22,102 white students, so no ratio can be given" in said


def test_missing_arrests_say_who_publishes_them(
    room: Homeroom, made: dict[str, BriefContent]
) -> None:
    content = made[FRESNO]
    assert "no count of arrests or referrals" in told(content, "Arrests")
    said = " ".join(one.text for one in blocks(content, "students", Text))
    lacking = said[said.index("This brief has no arrests and referrals of") :]
    assert all(wave in lacking for wave in ("2017-18", "2020-21", "2021-22"))
    assert "civilrightsdata.ed.gov/data" in lacking
    beside = blocks(content, "students", Text)[0].text
    state = room.rate("arrests", "US-CA", "2017-18").row(0, named=True)
    assert f"{state['count']:,} of {state['students']:,} students in California" in beside
    page = re.sub(r"<style>.*</style>", "", as_html(content), flags=re.DOTALL)
    assert not re.search(r"\b(None|nan|null)\b", page.replace("None that may stand", ""))


@pytest.mark.parametrize("place", ["US", "US-VT", "school:480894001234"])
def test_larger_and_smaller_places_have_briefs_too(room: Homeroom, place: str) -> None:
    if place.startswith("school:"):
        key = room.con.execute(
            "SELECT place_id FROM place WHERE kind = 'school' AND place_id LIKE 'school:4808940%' "
            "ORDER BY place_id LIMIT 1"
        ).fetchall()[0][0]
        place = key
    content = brief(room.store, place)
    assert content.summary
    assert as_pdf(content).startswith(b"%PDF")


def test_quality_flags_are_told_in_words(made: dict[str, BriefContent]) -> None:
    quality = blocks(made[AUSTIN], "quality", Points)[0]
    assert any("more students than it has" in item for item in quality.items)


def test_every_file_behind_the_figures_stands_there_with_its_hash(
    room: Homeroom, made: dict[str, BriefContent]
) -> None:
    listed = blocks(made[AUSTIN], "sources", Table)[0].rows
    files_at_hand = room.table("source_file").to_dicts()
    known = {(f"{row['title']}: {row['name']}", row["sha256"]) for row in files_at_hand}
    assert set(listed) <= known
    names = " ".join(row[0] for row in listed)
    for wanted in ("Referrals_and_Arrests_TX", "School_Support_TX", "School-Related-Arrest",
                   "pu_ssocs18", "school-shootings-data", "oews_state"):  # fmt: skip
        assert wanted in names


# Both sides


def test_only_effects_are_told_as_effects() -> None:
    known = evidence()
    told = known.rows.filter(known.rows["counts"]).to_dicts()
    assert {row["design"] for row in told} <= {str(design) for design in DESIGNS}
    assert all(row["verified"] and row["estimand"] == "effect" for row in told)
    assert all(row["superseded_by"] is None for row in told)


def test_both_sides_are_there_by_one_rule(made: dict[str, BriefContent]) -> None:
    known = evidence()
    sides: Sides = blocks(made[AUSTIN], "research", Sides)[0]
    for part, bearing in ((sides.left, "better"), (sides.right, "worse")):
        rows = known.effects(*OFFICERS, bearing=bearing)
        assert rows
        for row in rows:
            assert any(cited(row) in item for item in part.items)
    counted = {row[0]: row[1:] for row in titled(made[AUSTIN], "research", "How many").rows}
    every = findings()
    grouped = families(known)
    assert sorted(one for group in grouped.values() for one in group) == sorted(
        known.library.interventions
    )
    for label, group in grouped.items():
        total = sum(int(cell) for cell in counted[label] if cell != "–")
        assert total == len(every.filter(every["intervention"].is_in(group)))


def test_an_association_is_called_one(made: dict[str, BriefContent]) -> None:
    contrast = titled(made[AUSTIN], "adults", "Arrests in the")
    assert "association" in contrast.notes[0]


def test_the_act_is_called_a_bill_and_facts_settle_it(room: Homeroom) -> None:
    silent = brief(room.store, AUSTIN)
    assert "is a bill, not law" in blocks(silent, "act", Text)[0].text
    facts = facts_from({"contract": "running", "own_police": "never"})
    settled = brief(room.store, AUSTIN, facts=facts)
    before, after = (blocks(one, "act", Table)[0].rows for one in (silent, settled))
    question = "Must it still end a contract with police, or end it earlier?"
    assert next(row[0] for row in before if question in row[1]).startswith("Not known")
    assert next(row[0] for row in after if question in row[1]).startswith("Yes")


# The HTML file


class _Checker(HTMLParser):
    """Counts what must not be there, and checks that what is opened is closed."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.bad: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        self.ids += [str(value) for name, value in attrs if name == "id"]
        if tag in {"script", "link", "img", "iframe"}:
            self.bad.append(tag)
        self.bad += [
            name for name, _ in attrs if name.startswith("on") or name in {"style", "src", "href"}
        ]

    def handle_startendtag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.bad += [name for name, _ in attrs if name in {"style", "href"}]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.bad.append(f"</{tag}>")


def test_the_html_stands_alone(room: Homeroom, options: dict[str, dict[str, Any]]) -> None:
    page = as_html(brief(room.store, AUSTIN, plans=options[AUSTIN]))
    checker = _Checker()
    checker.feed(page)
    assert (checker.bad, checker.open) == ([], [])
    assert len(checker.ids) == len(set(checker.ids))
    assert page.count("<h1") == page.count("<style") == 1
    colors = set(re.findall(r"#([0-9a-fA-F]{3,6})\b", render._template("brief.css")))
    assert all(len(set(c.lower() if len(c) == 3 else re.findall("..", c))) == 1 for c in colors)


def test_html_and_pages_say_the_same(made: dict[str, BriefContent]) -> None:
    class _Text(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.parts: list[str] = []

        def handle_data(self, data: str) -> None:
            self.parts.append(data)

    reader = _Text()
    reader.feed(as_html(made[AUSTIN]))
    text = re.sub(r"\s", "", "".join(reader.parts))
    summary = [part for pair in made[AUSTIN].summary for part in pair]
    for sentence in (*summary, *made[AUSTIN].guide):
        assert re.sub(r"[\s`]", "", sentence) in text


def test_a_name_is_text_never_markup(room: Homeroom) -> None:
    name = '<script>alert(1)</script> #eval("1") $x$ *b* {{ 7 * 7 }} \\ ` @a'
    content = brief(room.store, AUSTIN, name=name)
    assert "<script" not in as_html(content)
    assert "{{ 7 * 7 }}" in as_html(content)
    assert as_pdf(content).startswith(b"%PDF")


# Refusals, and files written whole or not at all


def run(store: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "homeroom", "brief", *words],
        cwd=folder, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "HOMEROOM_STORE": str(store)},
    )  # fmt: skip


def test_the_command_writes_both_forms(starter_store: Path, tmp_path: Path) -> None:
    plan = str(EXAMPLES / "austin-half.yaml")
    for name, start in (("brief.pdf", b"%PDF"), ("brief.html", b"<!DOCTYPE html>")):
        told = run(starter_store, tmp_path, AUSTIN, "--plan", plan, "-o", name)
        assert (told.returncode, told.stderr) == (0, "")
        assert (tmp_path / name).read_bytes().startswith(start)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["brief.html", "brief.pdf"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("lea:9999999",), 3, "expected a place of the store"),
        (("qqqqqq",), 3, "expected"),
        ((AUSTIN, "-o", "brief.docx"), 2, "ends in .pdf or .html"),
        ((AUSTIN, "-o", "brief"), 2, "no ending"),
        ((AUSTIN, "-o", "nowhere/brief.pdf"), 2, "a folder that exists"),
        ((AUSTIN, "--plan", "missing.yaml"), 2, "expected a plan"),
        ((AUSTIN, "--facts", "missing.yaml"), 2, "expected facts"),
        ((DENVER, "--plan", str(EXAMPLES / "austin-half.yaml")), 2, f"a plan for {DENVER}"),
    ],
)  # fmt: skip
def test_bad_input_gets_one_message_and_writes_nothing(
    starter_store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOMEROOM_STORE", str(starter_store))
    with pytest.raises(HomeroomError, match=re.escape(message)) as refused:
        cli.main(["brief", *words], standalone_mode=False)
    assert refused.value.exit_code == code
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_is_one_line_and_a_code(starter_store: Path, tmp_path: Path) -> None:
    told = run(starter_store, tmp_path, "lea:9999999")
    assert (told.returncode, told.stdout, told.stderr.count("\n")) == (3, "", 1)
    assert told.stderr.startswith("homeroom: lea:9999999: expected a place of the store")


def test_a_failed_write_leaves_what_was_there(
    made: dict[str, BriefContent], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "brief.html"
    path.write_text("before", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(BadInput, match="No space left"):
        write(made[AUSTIN], path)
    assert path.read_text(encoding="utf-8") == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["brief.html"]


def test_a_folder_is_no_file(made: dict[str, BriefContent], tmp_path: Path) -> None:
    (tmp_path / "brief.pdf").mkdir()
    with pytest.raises(BadInput, match="found a folder"):
        write(made[AUSTIN], tmp_path / "brief.pdf")


# Small parts


@pytest.mark.parametrize("top", [0.3, 1, 7.9, 55, 151, 1400, 98_765])
def test_a_straight_axis_holds_its_top_with_few_round_ticks(top: float) -> None:
    axis = straight(top)
    assert axis.low == 0
    assert top <= axis.high <= 2.6 * top
    assert 3 <= len(axis.ticks) <= 6
    assert axis.at(axis.high) == 1
    assert axis.at(2 * axis.high) == 1


@pytest.mark.parametrize(
    ("least", "most"), [(250, 2100), (50, 81_257), (250, 11_874), (100, 1000), (267, 300)]
)
def test_a_logarithmic_axis_holds_both_ends_and_its_labels_keep_apart(
    least: float, most: float
) -> None:
    axis = logarithmic(least, most)
    assert axis.low <= least < most <= axis.high
    places = [at for at, _ in axis.ticks]
    assert all(b - a > 0.18 for a, b in pairwise(places))
    assert axis.at(axis.low) == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [(7_816_919.04, "$7.82 million"), (-4_591_592, "−$4.59 million"), (52_499, "$52,000"),
     (0, "$0"), (999, "$999")],
)  # fmt: skip
def test_money_is_rounded_to_what_a_budget_line_can_bear(value: float, text: str) -> None:
    assert money(value) == text
