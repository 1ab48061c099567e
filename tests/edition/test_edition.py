"""The static edition: which file an address becomes, what pages turn into, and building again."""

from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from homeroom.api import Homeroom
from homeroom.cli.main import cli
from homeroom.errors import BadInput, Confidential
from homeroom.evidence.place_ids import place_range
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.scope import scope_of
from homeroom.web.edition import build
from homeroom.web.edition.pages import as_file
from homeroom.web.edition.parts import Part, build_part
from homeroom.web.edition.scope import Edition, states_of
from homeroom.web.edition.search_index import index
from homeroom.web.edition.writing import check_folder

RICHMOND, FAIRFAX = "lea:5103240", "lea:5101260"
SCHOOL = "school:510324000381"
EDITION = Edition(("VA",), frozenset({RICHMOND, FAIRFAX}), "https://example.org/schools")


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("/", "index.html"), ("/claims/six-times", "claims/six-times.html"),
        (f"/place/{RICHMOND}", "place/lea-5103240.html"), ("/place/US-VA", "place/US-VA.html"),
        (f"/place/{RICHMOND}?wave=2017-18", None), ("/place/US?wave=2017-18",
                                                    "place/US-wave-2017-18.html"),
        ("/place/US-TX", None), ("/place/lea:4808940", None), ("/map?state=TX", None),
        ("/map?state=VA", "map-state-VA.html"), ("/claims/check?sentence=x", None),
        (f"/chart/rates.svg?place={RICHMOND}", None), ("/api/v1/rates?place=US", None),
        ("/static/style.css", "static/style.css"), ("/brief/US-VA.pdf", None),
        ("/chart/waves?place=US", "chart/waves-place-US.html"),
    ],
)  # fmt: skip
def test_an_address_has_a_file_or_none(address: str, file: str | None) -> None:
    assert EDITION.file_of(address) == file


def test_a_file_does_not_hang_on_the_order_of_parameters() -> None:
    one = EDITION.file_of("/chart/rates.svg?place=US&measure=arrests&wave=2017-18&theme=dark")
    other = EDITION.file_of("/chart/rates.svg?theme=dark&wave=2017-18&measure=arrests&place=US")
    assert one == other == "chart/rates-measure-arrests-place-US-theme-dark-wave-2017-18.svg"
    long = EDITION.file_of(f"/chart/rates.svg?place=US&measure={'a' * 80}")
    assert long is not None
    assert re.fullmatch(r"chart/rates-[0-9a-f]{12}\.svg", long)


def test_links_lead_to_files_or_lose_their_address() -> None:
    page = (
        '<meta charset="utf-8"><a class="x" href="/place/US-VA#adults">Virginia</a> '
        '<a href="/place/US-TX">Texas</a>'
        '<form class="choose" action="/plan#answer"><p>x</p></form>'
        '<form action="/search" role="search"></form><p>https://edition.invalid/place/US-VA</p>'
    )
    made = as_file(EDITION, page, "place/lea-5103240.html")
    assert '<a class="x" href="US-VA.html#adults">Virginia</a>' in made
    assert "Texas" in made
    assert "US-TX" not in made
    assert "answers no new questions" in made
    assert 'action="../search.html" data-search' in made
    assert "https://example.org/schools/place/US-VA.html" in made
    live = as_file(Edition(("VA",), frozenset(), "https://a.example", "https://b.example"), page,
                   "index.html")  # fmt: skip
    assert 'href="https://b.example/place/US-TX"' in live
    assert 'action="https://b.example/plan#answer"' in live


@pytest.fixture(scope="module")
def built(starter_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two districts and a school as files, with their tables and the index of their names."""
    folder = tmp_path_factory.mktemp("edition")
    edition = Edition(("VA",), frozenset({RICHMOND, FAIRFAX, SCHOOL}), "https://example.org")
    part = Part("VA", "VA", (FAIRFAX, RICHMOND, SCHOOL))
    told = build_part(starter_store, edition, part, folder, "key")
    assert told["skipped"] == []
    again = build_part(starter_store, edition, part, folder, "key")
    assert (again["files"], again["changed"]) == (told["files"], 0)
    return folder


def test_a_page_is_light_alone_and_asks_nobody_else(built: Path) -> None:
    pages = sorted(built.glob("place/**/*.html"))
    assert {path.stem for path in pages} >= {"lea-5103240", "lea-5101260", "school-510324000381"}
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert len(text.encode()) < 150_000
        assert not re.findall(r'(?:href|src|srcset|action)="/', text)
        assert "edition.invalid" not in text
        assert "Content-Security-Policy" in text
        for link in re.findall(r'(?:href|src)="((?!https?:|#|mailto:)[^"#]+)', text):
            target = (path.parent / link).resolve().relative_to(built.resolve())
            assert target.suffix in {".html", ".css", ".svg", ".js", ".csv"}
            if target.parts[0] == "place" and "US" not in target.name:
                assert (built / target).is_file(), f"{path.name} leads to {target}"


def test_the_tables_hold_the_figures_of_the_pages(built: Path, room: Homeroom) -> None:
    table = pl.read_parquet(built / "data" / "rates-VA.parquet")
    own = room.rate("arrests", RICHMOND, "2017-18", by="race")
    mine = table.filter(
        pl.col("place") == RICHMOND, pl.col("wave") == "2017-18", pl.col("measure") == "arrests"
    )
    both = own.join(mine, on="group")
    assert both.height == own.height
    assert both["rate_per_10000"].equals(both["rate_per_10000_right"].rename("rate_per_10000"))
    told = json.loads((built / "data" / "rates-VA.json").read_text())
    assert told["data_version"] == room.meta["data_version"]
    assert {row[0] for row in told["rows"]} == {RICHMOND, FAIRFAX}


def test_what_is_read_together_gives_the_same_figures(starter_store: Path) -> None:
    def asked(*, together: bool) -> str:
        with Homeroom(starter_store) as room:
            if together:
                rows = room.con.execute(
                    "SELECT place_id FROM place WHERE kind = 'district' AND state = 'VA'"
                ).fetchall()
                QueryCache.of(room.store).hold(scope_of(place_range(one) for (one,) in rows))
            page = room.profile(RICHMOND)
            return str([one.as_dict() for one in page.outcomes])

    assert asked(together=True) == asked(together=False)


def test_the_index_finds_a_word_in_one_small_file() -> None:
    places = [
        {"place_id": RICHMOND, "kind": "district", "name": "RICHMOND CITY PBLC SCHS", "state": "VA",
         "within": "Richmond city"},
        {"place_id": "US-VA", "kind": "state", "name": "VA", "state": "VA", "within": None},
    ]  # fmt: skip
    files = index(places)
    assert [entry[0] for entry in files["search/ri.json"]] == ["lea-5103240"]
    assert files["search/index.json"]["shards"]["ri"] == 1
    assert files["search/va.json"][0][1] == "Virginia"


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(BadInput, match="Nothing was written"):
        check_folder(tmp_path)
    result = CliRunner().invoke(cli, ["site", "build", str(tmp_path), "--states", "XX"])
    assert "expected postal codes" in str(result.exception)
    assert states_of("tx, va") == ("TX", "VA")


def test_no_confidential_record_becomes_a_file(
    starter_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Homeroom, "access", property(lambda _: "confidential"))
    with pytest.raises(Confidential):
        build.build_site(tmp_path / "out", starter_store, ("VA",))
    assert not (tmp_path / "out").exists()
