"""What scripts add to the pages: charts that answer, and forms that answer while filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from .auditing import violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
AUSTIN = "lea:4808940"
CHARTS = {
    "rates": f"/chart/rates?place={AUSTIN}",
    "staff": f"/chart/staff?place={AUSTIN}",
    "waves": "/chart/waves?place=US-TX&measure=arrests",
    "compare": f"/chart/compare?places={AUSTIN},US-TX",
    "peers": f"/chart/peers?place={AUSTIN}",
    "states": "/chart/states",
    "districts": "/chart/districts?state=TX",
    "ranked": "/chart/ranked",
    "survey": "/chart/survey?item=officer",
    "shootings": "/chart/shootings",
    "forest": "/chart/forest?intervention=sro_presence&outcome=school_arrests",
    "gap-map": "/chart/gap-map",
    "curve": "/chart/curve?claim=six-times",
    "plans": f"/chart/plans?place={AUSTIN}&officers=half&counselor=10",
    "plan-moves": f"/chart/plan-moves?place={AUSTIN}&officers=half&counselor=10",
    "funding": "/chart/funding",
}


@pytest.fixture
def problems(page: Page) -> list[str]:
    """Collect what the page complains of: errors, and anything that its policy refused."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda line: found.append(line.text) if line.type == "error" else None)
    return found


def explore(page: Page) -> None:
    page.get_by_role("button", name="Explore").first.click()
    page.locator("[data-chart][data-state=live]").first.wait_for()


@pytest.mark.parametrize("kind", CHARTS)
def test_a_chart_is_explored_figure_by_figure(
    page: Page, site: str, problems: list[str], kind: str
) -> None:
    """Under the page's own policy: nothing inline, no eval."""
    page.goto(site + CHARTS[kind])
    explore(page)
    reader = page.locator(".reader")
    told = []
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        told.append(reader.inner_text())
    assert all(":" in line for line in told), told
    assert len(set(told)) > 1
    assert problems == []


def test_every_kind_of_chart_is_explored() -> None:
    from homeroom.web.more_pictures import kinds

    assert set(CHARTS) == set(kinds())


def test_the_pointer_finds_the_figure_that_the_table_has(
    page: Page, site: str, problems: list[str]
) -> None:
    page.goto(f"{site}/chart/rates?place={AUSTIN}&wave=2017-18")
    chart = page.locator("[data-chart]").first
    chart.locator("picture").hover()
    chart.locator(".live svg").wait_for()
    texts = []
    for mark in chart.locator(".live .mark-symbol path").all():
        mark.hover(force=True)
        texts.append(page.locator(".vg-tooltip.visible").inner_text())
    black = next(text for text in texts if "Black" in text)
    assert "120" in black
    assert "93.7" in black
    assert "151" in black
    assert problems == []


def test_a_live_chart_takes_the_room_of_its_picture(page: Page, site: str) -> None:
    page.goto(f"{site}/chart/rates?place={AUSTIN}")
    before = page.locator("[data-chart] img").bounding_box()
    explore(page)
    after = page.locator("[data-chart] .live svg").bounding_box()
    assert before
    assert after
    # Chromium lays text out to the pixel; the server measures it without a screen.
    assert after["width"] == pytest.approx(before["width"], abs=12)
    assert after["height"] == pytest.approx(before["height"], abs=12)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_live_chart(page: Page, site: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site}/chart/rates?place={AUSTIN}")
    explore(page)
    page.keyboard.press("ArrowRight")
    page.locator(".live .mark-symbol path").first.hover(force=True)
    page.locator(".vg-tooltip.visible").wait_for()
    assert violations(page) == []


def test_a_live_chart_goes_back_to_its_picture(page: Page, site: str) -> None:
    page.goto(f"{site}/chart/rates?place={AUSTIN}")
    explore(page)
    button = page.get_by_role("button", name="Explore")
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert page.locator("[data-chart] img").is_visible()
    assert page.locator(".live").count() == 0
    assert button.get_attribute("aria-pressed") == "false"


def test_another_color_scheme_brings_back_the_picture_in_its_colors(page: Page, site: str) -> None:
    page.goto(f"{site}/chart/rates?place={AUSTIN}")
    explore(page)
    page.emulate_media(color_scheme="dark")
    page.locator(".live").wait_for(state="detached")
    page.wait_for_function("() => document.querySelector('[data-chart] img').currentSrc"
                           ".includes('theme=dark')")  # fmt: skip
    explore(page)
    ground = page.locator(".live svg").evaluate("one => one.style.backgroundColor")
    assert ground == "rgb(23, 28, 25)"


def test_an_embedded_chart_answers_the_pointer(page: Page, site: str, problems: list[str]) -> None:
    page.goto(f"{site}/embed/rates?place={AUSTIN}")
    page.locator("picture").hover()
    page.locator(".live svg").wait_for()
    assert problems == []


def test_nothing_of_the_charting_library_is_loaded_before_it_is_wanted(
    page: Page, site: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto(f"{site}/place/{AUSTIN}")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "vega" in url] == []


def test_a_chart_that_cannot_be_drawn_again_stays_a_picture(page: Page, site: str) -> None:
    page.route("**/*.json*", lambda route: route.abort())
    page.goto(f"{site}/chart/rates?place={AUSTIN}")
    page.get_by_role("button", name="Explore").click()
    page.wait_for_function("() => !document.querySelector('[data-chart]').dataset.state")
    assert page.locator("[data-chart] img").is_visible()


def test_without_a_script_no_button_promises_one(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/chart/rates?place={AUSTIN}")
    assert not page.locator(".explore").first.is_visible()
    assert page.get_by_role("link", name="PNG").is_visible()
    context.close()


def test_a_plan_is_worked_out_while_its_form_is_filled(
    page: Page, site: str, problems: list[str]
) -> None:
    page.goto(f"{site}/plan")
    page.get_by_label("District (name or id)").fill("Austin ISD")
    page.get_by_label("District (name or id)").blur()
    page.get_by_role("region", name="Cost by year").wait_for()
    page.get_by_label("School counselors to hire").first.fill("12")
    page.wait_for_function("() => location.search.includes('counselor=12')")
    staff = page.get_by_role("region", name="Adults before and after")
    assert "200.6" in staff.inner_text()  # 188.58 full-time counselors, and twelve more
    live = staff.inner_text()
    shared = page.get_by_label("Link to this plan").input_value()
    assert "counselor=12" in shared
    page.goto("about:blank")
    page.goto(shared)
    assert page.get_by_role("region", name="Adults before and after").inner_text() == live
    assert problems == []


def test_a_second_option_comes_beside_the_first(page: Page, site: str) -> None:
    page.goto(f"{site}/plan?place={AUSTIN}&officers=half&name=Half")
    page.get_by_text("Compare with a second option").click()
    page.locator("#pl-nurse_2").fill("6")
    page.locator("#pl-officers_2").select_option("keep")
    page.wait_for_function("() => location.search.includes('officers_2=keep')")
    costs = page.get_by_role("region", name="Cost by year")
    assert "Half" in costs.inner_text()
    assert "Second option" in costs.inner_text()


def test_half_a_name_is_not_taken_for_a_place(page: Page, site: str) -> None:
    page.goto(f"{site}/plan")
    page.get_by_label("District (name or id)").press_sequentially("aus", delay=30)
    page.wait_for_timeout(900)
    assert page.url == f"{site}/plan"
    assert page.get_by_role("region", name="Cost by year").count() == 0


def test_what_a_form_cannot_take_is_said_and_leaves_the_figures(page: Page, site: str) -> None:
    page.goto(f"{site}/plan?place={AUSTIN}&officers=half&counselor=10")
    page.get_by_label("New local money a year ($)").fill("lots")
    page.locator("#answer .notice[role=status]").wait_for()
    assert "budget" in page.locator("#answer .notice[role=status]").inner_text()
    page.get_by_label("New local money a year ($)").fill("")
    page.get_by_role("region", name="Cost by year").wait_for()


def test_the_map_follows_its_choices(page: Page, site: str) -> None:
    page.goto(f"{site}/map")
    page.get_by_label("Group").select_option("black")
    page.get_by_label("Figure", exact=True).select_option("ratio")
    page.wait_for_function("() => location.search.includes('figure=ratio')")
    heading = page.locator("#answer figure h2").first
    assert "multiple of white students' rate" in heading.inner_text()
    assert "figure=ratio" in page.locator("#cite .plain").inner_text()
