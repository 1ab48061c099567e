"""Every kind of picture in every look: ground, width, size of text, and what a live one tells."""

from __future__ import annotations

import json
import re

import pytest

import homeroom
from homeroom.errors import BadInput
from homeroom.report.picture import Look
from homeroom.web import more_pictures, pictures
from homeroom.web.page_cache import PageCache
from homeroom.web.params import read

AUSTIN = "lea:4808940"
ASKED = {
    "rates": {"place": AUSTIN},
    "staff": {"place": AUSTIN},
    "waves": {"place": "US-TX"},
    "compare": {"places": f"{AUSTIN},lea:0803360,US"},
    "peers": {"place": AUSTIN},
    "states": {"group": "black", "figure": "ratio"},
    "districts": {"state": "TX", "group": "black"},
    "ranked": {"state": "TX", "group": "black"},
    "survey": {"item": "officer", "domain": "size"},
    "shootings": {},
    "forest": {"intervention": "sro_presence", "outcome": "suspensions"},
    "gap-map": {},
    "curve": {"claim": "six-times"},
    "plans": {"place": AUSTIN, "officers": "half", "counselor": "10", "name": "A" * 40},
    "plan-moves": {"place": AUSTIN, "officers": "half", "counselor": "10", "name": "A" * 40},
    "funding": {},
}
LOOKS = [Look(dark=a, narrow=b, bare=a != b) for a in (False, True) for b in (False, True)]
MAIN = {"point", "circle", "bar", "tick"}


@pytest.fixture(scope="module")
def shelf(starter_store):
    with homeroom.open(starter_store) as room:
        yield PageCache(room)


@pytest.fixture(scope="module")
def picture(shelf):
    def make(kind):
        known = more_pictures.kinds()[kind]
        return pictures.picture(shelf, known, read(ASKED[kind], known.parameters))

    return make


def named(look):
    return "-".join(name for name in ("dark", "narrow", "bare") if getattr(look, name)) or "plain"


def parts(spec, data=None):
    """Return every layer with a mark, and the data that it draws."""
    data = spec.get("data", data)
    if "mark" in spec:
        yield spec, data
    for name in ("layer", "vconcat", "hconcat", "concat"):
        for part in spec.get(name, []):
            yield from parts(part, data)
    if "spec" in spec:
        yield from parts(spec["spec"], data)


def test_every_kind_of_picture_is_looked_at():
    assert set(ASKED) == set(more_pictures.kinds())


@pytest.mark.parametrize("look", LOOKS, ids=named)
@pytest.mark.parametrize("kind", ASKED)
def test_a_picture_has_the_ground_the_width_and_the_text_of_its_look(picture, kind, look):
    svg = picture(kind).render("svg", look).decode()
    width = float(re.search(r'<svg[^>]* width="([\d.]+)"', svg)[1])
    assert width <= (360 if look.narrow else 770)
    assert width >= (290 if look.narrow else 640), "a picture that wastes its room"
    assert re.search(r'<rect [^>]*fill="([^"]+)"', svg)[1] == look.paper
    assert min(map(float, re.findall(r'font-size="([\d.]+)px"', svg))) >= 11
    written = re.sub(r"<[^>]+>", " ", svg)
    assert ("Source:" in written) is not look.bare
    assert "null" not in written
    assert "undefined" not in written
    assert "NaN" not in svg


@pytest.mark.parametrize("kind", ASKED)
def test_a_dark_picture_has_no_text_in_the_ink_of_the_light_one(picture, kind):
    svg = picture(kind).render("svg", Look(dark=True)).decode()
    inks = set(re.findall(r'<text[^>]*fill="([^"]+)"', svg))
    on_bright_tiles = {"#10231C"} if kind == "states" else set()
    assert inks
    assert all(_light(ink) for ink in inks - on_bright_tiles), inks


def _light(color):
    return sum(int(color[at : at + 2], 16) for at in (1, 3, 5)) > 3 * 128


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("kind", ASKED)
def test_the_main_marks_tell_their_figures_in_words(picture, kind, narrow):
    spec = picture(kind).spec(Look(narrow=narrow))
    drawn = [part for part, _ in parts(spec)]
    main = [part for part in drawn if part["mark"]["type"] in MAIN]
    # Cells of the gap map and tiles of the states are the marks there.
    main = main or [part for part in drawn if "tooltip" in part["encoding"]]
    assert main
    for part in main:
        tips = part["encoding"]["tooltip"]
        assert len(tips) >= 3
        for tip in tips:
            assert tip["type"] == "nominal"
            assert re.fullmatch(r"[A-Z0-9][\w %,'-]+", tip["title"])
            assert "_" not in tip["title"]


@pytest.mark.parametrize("kind", ASKED)
def test_what_is_told_is_text_that_holds_no_markup_and_no_gap(picture, kind):
    spec = picture(kind).spec(Look())
    held = spec.get("datasets", {})
    told = [
        row[tip["field"]]
        for part, data in parts(spec)
        for tip in part["encoding"].get("tooltip", [])
        for row in data.get("values") or held[data["name"]]
    ]
    assert told
    for said in set(told):
        assert isinstance(said, str)
        assert said not in ("", "None", "null", "nan")
        assert "<" not in said


@pytest.mark.parametrize("kind", ASKED)
def test_a_specification_is_json_that_a_browser_reads(picture, kind):
    assert json.loads(json.dumps(picture(kind).spec(Look()), allow_nan=False))


@pytest.mark.parametrize("kind", ["plans", "rates"])
def test_a_file_says_in_words_what_it_shows(picture, tmp_path, kind):
    made = picture(kind)
    made.save(tmp_path / "picture.svg")
    root = (tmp_path / "picture.svg").read_text(encoding="utf-8").partition(">")[0]
    assert root.count("aria-label=") == 1
    assert 'role="img"' in root
    assert made.alt[:40] in root


def test_a_file_of_another_kind_is_refused(picture, tmp_path):
    with pytest.raises(BadInput, match=r"ends in .svg or .png"):
        picture("rates").save(tmp_path / "picture.gif")
