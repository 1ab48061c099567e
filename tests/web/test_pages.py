from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient

AUSTIN = "lea:4808940"
PAGES = [
    "/", "/search?q=austin", "/place/US", "/place/US-TX", "/place/US-CA", f"/place/{AUSTIN}",
    f"/place/{AUSTIN}?measure=oss&wave=2020-21&policy=screened", "/place/school:480894000291",
    "/place/lea:0622710", f"/place/{AUSTIN}/peers", f"/place/{AUSTIN}/within?sort=rate",
    "/place/US-TX/peers",
    f"/compare?places={AUSTIN},lea:0803360,US", "/compare", "/map",
    "/map?state=VA&measure=referrals&group=black&figure=ratio", "/research",
    "/research?intervention=sro_presence", "/act", f"/act?place={AUSTIN}&use=metal+detectors",
    "/act?state=FL", "/act?state=WY", "/research/removals", "/research/removals?event=R03",
    f"/plan?place={AUSTIN}&officers=half&counselor=5&price_counselor=90,000",
    "/research?intervention=sro_presence&outcome=school_arrests", "/safety",
    "/act/allocation", f"/act/allocation?place={AUSTIN}&policy=gap&counselor=50&nurse=0",
    "/claims", "/claims/six-times", "/plan", f"/plan?place={AUSTIN}&counselor=5",
    "/safety?item=cameras&domain=level", "/methods", "/data", "/data/dictionary", "/about", "/api",
    f"/chart/rates?place={AUSTIN}", "/chart/shootings", f"/embed/rates?place={AUSTIN}",
]  # fmt: skip


class Reader(HTMLParser):
    """Collects ids, links, images and headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.headings: list[int] = []
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        self.inline += [name for name in found if name == "style" or name.startswith("on")]
        if tag == "script" and "src" not in found:
            self.inline.append("script")
        if tag == "style":
            self.inline.append("style element")
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if tag == "img":
            self.images.append(found)
        if tag in ("link", "script", "source"):
            self.links += [str(found[key]) for key in ("href", "src", "srcset") if found.get(key)]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_whole_light_and_plain(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    found = Reader(answer.text)
    assert len(answer.content) < 150_000
    assert found.inline == []
    assert len(found.ids) == len(set(found.ids))
    assert found.headings.count(1) == 1
    assert found.headings[0] == 1
    assert all(b - a <= 1 for a, b in zip(found.headings, found.headings[1:], strict=False))
    assert all((image.get("alt") or "").strip() for image in found.images)
    assert '<html lang="en">' in answer.text


@pytest.mark.parametrize("address", [page for page in PAGES if not page.startswith("/embed/")])
def test_a_page_asks_no_other_host_and_can_be_cited(client: TestClient, address: str) -> None:
    text = client.get(address).text
    loaded = re.findall(
        r'<(?:script|img|source|link|iframe)[^>]*?(?:src|srcset|href)="([^"]+)"', text
    )
    assert all(urlsplit(link).netloc in ("", "127.0.0.1:8000") for link in loaded)
    assert 'property="og:title"' in text
    assert 'rel="canonical"' in text
    if not address.startswith(("/search", "/?")) and address != "/":
        assert "@misc{homeroom-" in text
        assert "data version" in text


def test_a_place_page_says_first_how_many_and_against_whom(client: TestClient) -> None:
    text = client.get(f"/place/{AUSTIN}").text
    lead = re.search(r'<p class="lead">(.*?)</p>', text)
    assert lead
    strong, rest = lead[1].split("</strong>")
    assert strong == "<strong>454 students were arrested in 2017-18."
    assert rest.startswith(
        " Black students were arrested at 6.2 times the rate of white students. "
        "The arrest rate was higher than in all "
    )
    assert '<p class="doubt">Texas, 21.2: doubtful: ' in text
    assert "6.17 times the rate of white students (95% interval 4.26 to 8.93)" in text


def test_the_nation_agrees_with_the_official_totals(client: TestClient) -> None:
    text = client.get("/place/US?wave=2017-18").text
    assert "<strong>54,321 students were arrested in 2017-18.</strong>" in text
    assert "<td>50,922,024</td><td>54,321</td>" in text
    assert "2.88" in text


def test_a_district_without_arrests_says_which_file_brings_them(client: TestClient) -> None:
    text = client.get("/place/lea:0622710").text
    assert "<strong>We have no arrest figures for Los Angeles Unified yet.</strong>" in text
    assert re.search(
        r"<b>[\d.]+</b> school-related arrests per 10,000 students in California", text
    )
    assert "2017-18-crdc-data" in text


def test_breaks_are_said_in_words_and_no_line_crosses_them(client: TestClient) -> None:
    text = client.get("/place/US-TX").text
    assert "Break before 2020-21." in text
    rows = client.get("/chart/waves.csv?place=US-TX&measure=arrests").text.splitlines()
    header, *lines = [line.split(",") for line in rows]
    at = {name: header.index(name) for name in ("group", "wave", "segment", "break_before")}
    segments = {
        line[at["wave"]]: line[at["segment"]]
        for line in lines
        if line[at["group"]] == "All students"
    }
    assert segments["2015-16"] == segments["2017-18"] != segments["2020-21"]


def test_too_few_students_is_said_instead_of_a_rate(client: TestClient) -> None:
    text = client.get("/place/school:480894000291?wave=2017-18").text
    assert "too few students" in text


def test_search_tolerates_a_typo_and_goes_where_it_is_sure(client: TestClient) -> None:
    found = client.get("/search?q=austn+isd&list=yes").text
    assert found.index("/place/lea:4808940") < found.index("/place/", found.index("4808940"))
    sure = client.get("/search?q=austin+isd", follow_redirects=False)
    assert sure.status_code in (200, 303)


def test_a_place_id_in_another_case_leads_to_its_page(client: TestClient) -> None:
    answer = client.get("/place/us-tx", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (301, "/place/US-TX")


def test_compare_adds_by_name_takes_out_and_stops_at_four(client: TestClient) -> None:
    added = client.get("/compare?places=lea:4808940&add=denver+colorado").text
    assert "Denver" in added
    assert "Austin" not in client.get("/compare?places=lea:4808940,US&drop=lea:4808940").text
    full = "US,US-TX,US-CO,US-VA"
    assert "Four places are the most." in client.get(f"/compare?places={full}&add=utah").text


def test_home_computes_its_findings(client: TestClient) -> None:
    text = client.get("/").text
    assert "2.88 times the rate of white students nationwide, Hispanic students at 1.33" in text
    assert text.count('class="big-figure"') == 3


def test_a_chart_has_a_sentence_units_source_table_files_and_code(client: TestClient) -> None:
    text = client.get(f"/chart/rates?place={AUSTIN}&wave=2017-18").text
    for part in ("highest among Black students, 120 for every 10,000", "95% interval",
                 "Source: US Department of Education", "<details open>", "/chart/rates.png?",
                 "/chart/rates.csv?", "&lt;iframe", "/embed/rates?"):  # fmt: skip
        assert part in text, part


@pytest.mark.parametrize("form", ["svg", "png", "csv"])
def test_a_chart_comes_as_a_file(client: TestClient, form: str) -> None:
    answer = client.get(f"/chart/rates.{form}?place={AUSTIN}&theme=dark&size=narrow")
    begins = {"svg": b"<svg", "png": b"\x89PNG", "csv": b"group,"}[form]
    assert answer.status_code == 200
    assert answer.content.startswith(begins)
    version = client.get("/readyz").json()["data_version"]
    named = f'filename="homeroom-rates-arrests-lea-4808940-2017-18-{version}.{form}"'
    assert named in answer.headers["content-disposition"]
    assert b"<script" not in answer.content


def test_a_chart_carries_the_figures_of_the_api(client: TestClient) -> None:
    import csv
    import io

    chart = csv.DictReader(io.StringIO(client.get(f"/chart/rates.csv?place={AUSTIN}").text))
    shown = {row["group"]: float(row["rate_per_10000"]) for row in chart}
    rows = client.get(f"/api/v1/rates?place={AUSTIN}&by=race").json()["data"]
    api = {row["group"]: row["rate_per_10000"] for row in rows}
    assert shown["Black"] == pytest.approx(api["black"])
    assert shown["All students"] == pytest.approx(api["all"])


def test_the_tile_map_has_every_state_once() -> None:
    from homeroom.report.tile_map import TILES
    from homeroom.vocabulary.states import STATES

    assert set(TILES) == set(STATES) - {"AS", "GU", "MP", "PR", "VI", "BI"}
    assert len(set(TILES.values())) == 51


def test_a_plan_by_name_is_worked_out_and_can_be_shared(client: TestClient) -> None:
    address = "/plan?place=austin+isd&name=Half&officers=half&counselor=10&social_worker=15"
    text = client.get(address).text
    for part in ("Plan for Austin ISD: Half", "Austin ISD: what it comes to", "Keep as is",
                 "What would have to be true",
                 "Link to this plan", "/chart/plans.svg?"):  # fmt: skip
        assert part in text, part
    assert client.get("/chart/plans.csv?place=lea:4808940&counselor=10").status_code == 200


def test_a_plan_in_yaml_replaces_the_form(client: TestClient) -> None:
    one = "place: lea:4808940\nstart: 2026\nyears: 2\nofficers: {keep: all}\nhire: {nurse: 4}\n"
    answer = client.get("/plan", params={"yaml": f"name: A\n{one}---\nname: B\n{one}"})
    assert "Plan for Austin ISD: A, B" in answer.text


def test_a_plan_in_the_form_favors_no_side(client: TestClient) -> None:
    text = client.get("/plan?place=lea:4808940&counselor=10").text
    officers = text[text.index('name="officers"') :]
    assert '<option value="keep" selected>' in officers[: officers.index("</select>")]
    assert 'name="officer"' in text  # officers can be added as well as ended


def test_three_options_of_the_form_stand_beside_keeping_as_is(client: TestClient) -> None:
    address = (
        f"/plan?place={AUSTIN}&name=Half&officers=half&counselor=10&officers_2=keep&nurse_2=5"
        "&name_2=Nurses&officers_3=keep&officer_3=4&name_3=More+officers"
    )
    text = client.get(address).text
    costs = text[text.index('aria-label="Cost by year"') :]
    heads = re.findall(r'<th scope="row">(.*?)</th>', costs[: costs.index("</table>")])
    assert heads == ["Keep as is", "Half", "Nurses", "More officers"]


def test_officers_cannot_be_ended_and_added_at_once(client: TestClient) -> None:
    text = client.get(f"/plan?place={AUSTIN}&officers=half&officer=3").text
    assert "officers are to end and to be added" in text


def test_a_plan_that_leaves_a_finding_aside_does_not_show_its_zeros(client: TestClient) -> None:
    text = client.get(f"/plan?place={AUSTIN}&social_worker=10").text
    assert "That is not a finding of no effect." in text
    assert "0.0 to 0.0" not in text


def test_the_cards_of_a_place_repeat_its_figures(client: TestClient) -> None:
    text = client.get(f"/place/{AUSTIN}").text
    listed = re.search(r'<ul class="numbers".*?</ul>', text, re.DOTALL)
    assert listed
    assert re.findall(r"<li[^>]*><b>(.*?)</b> (.*?)</li>", listed[0]) == [
        (
            "55.9",
            "school-related arrests per 10,000 students; Texas 21.2 (doubtful), the nation 10.7",
        ),
        ("431", "students per counselor; 250 recommended"),
        ("25%", "of students had police but no reported social worker at school"),
    ]


def test_the_picture_of_a_place_sets_students_beside_arrests(client: TestClient) -> None:
    """OCR's school files of 2017-18: 29 schools with an officer, 34,034 of 81,196 students."""
    text = client.get(f"/place/{AUSTIN}").text
    drawn = re.search(r'<figure class="plain opening">.*?</figure>', text, re.DOTALL)
    assert drawn
    assert "Nearly all arrests were in the 29 schools with a sworn officer" in drawn[0]
    assert "42% attend a school with an officer" in drawn[0]
    assert "94%: 426 of 454" in drawn[0]
    assert 'width="41.92%"' in drawn[0]
    assert "not what officers change" in drawn[0]


def test_a_doubtful_place_draws_its_staff_instead(client: TestClient) -> None:
    text = client.get("/place/lea:4816620").text
    assert 'class="plain opening"' not in text
    first = text[text.index("<figure") : text.index("</figure>")]
    assert "Full-time staff per 1,000 students" in first


@pytest.mark.parametrize(
    ("place", "noun", "inside"),
    [(AUSTIN, "schools", "school:"), ("US-TX", "districts", "lea:"), ("US", "states", "US-")],
)
def test_a_place_lists_what_lies_inside_it_and_sorts_it(
    client: TestClient, place: str, noun: str, inside: str
) -> None:
    def named(text: str) -> list[str]:
        table = text[text.index('<table class="members') :]
        rows = table[: table.index("</table>")]
        return re.findall(r'<th scope="row"><a href="/place/([^"]+)">', rows)

    page = client.get(f"/place/{place}").text
    assert len(named(page)) == 10
    link = re.search(rf'<a href="(/place/{place}/within[^"]*)">All [\d,]+ {noun}</a>', page)
    assert link
    every = named(client.get(link[1].replace("&amp;", "&")).text)
    assert every[:10] == named(page)
    assert all(one.startswith(inside) for one in every)
    by_name = named(client.get(f"/place/{place}/within?sort=name").text)
    assert sorted(by_name) == sorted(every)
    assert by_name != every


@pytest.mark.parametrize("address", [page for page in PAGES if page not in ("/methods", "/api")])
def test_no_page_shows_a_reader_a_shell_command(client: TestClient, address: str) -> None:
    """The pages on methods and on the API are for those who work with commands."""
    shown = re.findall(r"<(?:code|pre)[^>]*>(.*?)</", client.get(address).text, re.DOTALL)
    assert [text for text in shown if re.match(r"\s*(homeroom|pip|make|curl) ", text)] == []


def test_peers_follow_the_policy_of_the_page(client: TestClient) -> None:
    """Killeen's 3,541 arrests of 2017-18 are among those that a rule doubts."""
    killeen = "lea:4816620"
    for policy, known in (("published", True), ("screened", False)):
        asked = f"place={killeen}&policy={policy}"
        text = client.get(f"/chart/peers.csv?{asked}").text
        row = next(line for line in text.splitlines() if line.startswith(killeen)).split(",")
        assert (row[2] != "") is known
        assert ("3541" in row) is known
        page = client.get(f"/place/{killeen}?wave=2017-18&policy={policy}").text
        charts = re.findall(r"/chart/peers\.csv\?([^\"]+)", page)
        assert charts
        assert all(f"policy={policy}" in address for address in charts)


def test_the_uses_of_the_grant_are_sorted_by_what_the_sources_say(client: TestClient) -> None:
    from homeroom.law.act.uses import every_use

    text = client.get("/act").text
    pays, bars, silent = (
        text.index(f"<h3>{heading}</h3>")
        for heading in ("The grant could pay for", "It could not pay for", "The sources do not say")
    )
    spans = {"yes": (pays, bars), "no": (bars, silent), "unknown": (silent, len(text))}
    for one in every_use():
        start, end = spans[str(one.fits)]
        assert f"<li>{one.phrase.replace(chr(39), '&#39;')}</li>" in text[start:end], one.phrase


@pytest.mark.parametrize(
    "yaml",
    ["a: &x [1]\nb: *x", "[" * 40, "!!python/object:os.system {}", "name: x", "a: [", "- - - - 1"],
)
def test_a_plan_that_is_none_is_refused_in_words(client: TestClient, yaml: str) -> None:
    answer = client.get("/plan", params={"yaml": yaml})
    assert answer.status_code == 200
    assert 'class="notice"' in answer.text
    assert "What it comes to" not in answer.text


def test_a_brief_is_a_pdf_to_read_and_html_to_keep(client: TestClient) -> None:
    pdf = client.get(f"/brief/{AUSTIN}.pdf")
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["content-disposition"] == 'inline; filename="homeroom-lea-4808940.pdf"'
    page = client.get(f"/brief/{AUSTIN}.html")
    assert page.headers["content-disposition"].startswith("attachment")
    assert "454" in page.text
