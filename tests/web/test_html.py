"""Every route of the site as HTML: valid, whole, light, its own, and leading somewhere."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest
from justhtml import JustHTML
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

import homeroom
from homeroom.claims.article import ArticleClaim
from homeroom.claims.article.link import encode
from homeroom.claims.catalogue import catalogue
from homeroom.web.app import create_app
from homeroom.web.more_pictures import kinds
from homeroom.web.settings import Settings

from .conftest import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from homeroom.api import Homeroom

AUSTIN, SCHOOL = "lea:4808940", "school:480894000291"
SHARED = ArticleClaim(0, 9, "", None, False, "figure", "checked", catalogue_id="six-times")
PLAN = f"place={AUSTIN}&name=Half&officers=half&counselor=10&social_worker=15"
QUERIES = {
    "forest": "intervention=sro_presence&outcome=school_arrests", "curve": "claim=six-times",
    "districts": "state=TX", "compare": f"places={AUSTIN},US-TX", "plans": PLAN,
    "plan-moves": PLAN, "peers": f"place={AUSTIN}",
}  # fmt: skip
ROUTES: dict[str, list[str]] = {
    "/": ["/"],
    "/search": ["/search", "/search?q=austin&list=yes", "/search?q=zzzzqqq"],
    "/place/{place_id}": [
        "/place/US", "/place/US-TX", "/place/US-BI", f"/place/{AUSTIN}", f"/place/{SCHOOL}",
        "/place/lea:0622710", f"/place/{AUSTIN}?measure=oss&wave=2020-21&policy=screened",
    ],
    "/place/{place_id}/peers": [f"/place/{AUSTIN}/peers", "/place/US-TX/peers"],
    "/place/{place_id}/within": [f"/place/{AUSTIN}/within", "/place/US/within?sort=name"],
    "/compare": ["/compare", f"/compare?places={AUSTIN},lea:0803360,US,{SCHOOL}",
                 "/compare?add=nowhere+at+all"],
    "/map": ["/map", "/map?state=VA&group=black&figure=ratio", "/map?measure=seclusion"],
    "/claims": ["/claims"],
    "/article": ["/article"], "/article/shared": [f"/article/shared?c={encode([SHARED])}"],
    "/claims/check": [
        "/claims/check?sentence=students+are+arrested+often",
        "/claims/check?sentence=Black+students+are+arrested+at+twice+the+rate+of+white+students",
    ],
    "/claims/{claim_id}": [f"/claims/{name}" for name in catalogue()],
    "/research": ["/research", "/research?intervention=sro_presence",
                  "/research?intervention=sro_presence&outcome=school_arrests"],
    "/research/removals": ["/research/removals", "/research/removals?event=R03"],
    "/act": ["/act", "/act?state=TX", f"/act?place={AUSTIN}&use=metal+detectors&contract=running"],
    "/act/allocation": ["/act/allocation", f"/act/allocation?place={AUSTIN}&policy=gap"],
    "/plan": ["/plan", f"/plan?{PLAN}", "/plan?place=lea:4808940&budget=x", "/plan?yaml=%5B",
              f"/plan?{PLAN}&officers_2=keep&nurse_2=5&officers_3=keep&officer_3=4"],
    "/safety": ["/safety", "/safety?item=cameras&domain=level"],
    "/methods": ["/methods"], "/data": ["/data"], "/data/dictionary": ["/data/dictionary"],
    "/corrections": ["/corrections"], "/plan/keys": ["/plan/keys"],
    "/own/idea": ["/own/idea"], "/own/publish": ["/own/publish"],
    "/about": ["/about"], "/api": ["/api"], "/official": ["/official"],
    "/chart/{kind}": [f"/chart/{kind}?{QUERIES.get(kind, '')}" for kind in kinds()],
    "/embed/{kind}": [f"/embed/{kind}?{QUERIES.get(kind, '')}" for kind in kinds()],
    "/brief/{place_id}.html": [f"/brief/{AUSTIN}.html", "/brief/US-TX.html"],
}  # fmt: skip
OTHERS = {
    "/llms.txt": "/llms.txt", "/robots.txt": "/robots.txt", "/healthz": "/healthz",
    "/readyz": "/readyz", "/metrics": "/metrics", "/official/status": "/official/status",
    "/brief/{place_id}.pdf": f"/brief/{AUSTIN}.pdf",
    "/chart/{kind}.{form:str}": f"/chart/rates.png?place={AUSTIN}",
    "/embed/{kind}.{form:str}": f"/embed/rates.svg?place={AUSTIN}",
    "/static/vega.js": "/static/vega.js", "/embed/resize.js": "/embed/resize.js",
    "/tables/{file}": "/tables/wage.parquet", "/datapackage.json": "/datapackage.json",
    "/croissant.json": "/croissant.json", "/corrections.json": "/corrections.json",
    "/corrections.xml": "/corrections.xml", "/plan.schema.json": "/plan.schema.json",
    "/plan.yaml": f"/plan.yaml?{PLAN}",
}  # fmt: skip
POSTED = {"/official/start", "/official/stop", "/plan/open"}
REFUSED = {
    "/nowhere": 404, "/place/nonsense": 400, "/place/lea:9999999": 404, "/claims/nonsense": 404,
    "/research?intervention=nonsense": 400, "/search?q=" + "a" * 5000: 414,
    "/place/%3Cscript%3E": 400, "/brief/nonsense.html": 400,
}  # fmt: skip
PAGES = [address for addresses in ROUTES.values() for address in addresses]
WHOLE = [address for address in PAGES if not address.startswith(("/embed/", "/brief/"))]
LOADED = {
    "script": ("src",), "img": ("src", "srcset"), "source": ("src", "srcset"), "link": ("href",),
    "iframe": ("src",), "object": ("data",), "embed": ("src",), "video": ("src", "poster"),
    "audio": ("src",), "track": ("src",), "form": ("action",), "use": ("href",),
    "image": ("href",), "input": ("src", "formaction"), "button": ("formaction",),
}  # fmt: skip
OBSOLETE = {
    "align", "bgcolor", "border", "cellpadding", "cellspacing", "valign", "frameborder", "nowrap",
    "summary", "language",
}  # fmt: skip
ACTIVE = {"a", "button", "input", "select", "textarea", "summary", "label", "iframe"}
Fetched = dict[str, tuple[int, str, str]]


@pytest.fixture(scope="module")
def fetch(client: TestClient) -> Any:
    """Return status, text and media type of an address, asked once."""
    known: Fetched = {}

    def get(address: str) -> tuple[int, str, str]:
        if address not in known:
            answer = client.get(address)
            kind = answer.headers.get("content-type", "")
            known[address] = (answer.status_code, answer.text if "text" in kind else "", kind)
        return known[address]

    return get


@lru_cache(maxsize=500)
def parsed(text: str) -> JustHTML:
    return JustHTML(text, sanitize=False, collect_errors=True)


def attributes(node: Any) -> dict[str, str]:
    return {name: value or "" for name, value in (node.attrs or {}).items()}


def test_every_route_of_the_site_is_looked_at(client: TestClient) -> None:
    routes = [route for route in client.app.routes if not route.path.startswith("/api/v1")]
    assert {route.path for route in routes if isinstance(route, Route)} == {
        *ROUTES, *OTHERS, *POSTED
    }  # fmt: skip
    assert {route.path for route in routes if isinstance(route, Mount)} == {"/static"}


@pytest.mark.parametrize("address", [*PAGES, *REFUSED])
def test_html_is_valid(fetch: Any, address: str) -> None:
    status, text, kind = fetch(address)
    assert status == REFUSED.get(address, 200)
    assert kind == "text/html; charset=utf-8"
    tree = parsed(text)
    assert [f"{one.code} at {one.line}:{one.column}" for one in tree.errors] == []
    assert problems(tree) == []


def problems(tree: JustHTML) -> list[str]:
    """Return what the grammar alone does not see: rules of HTML on ids, references and nesting."""
    nodes = [(node, attributes(node)) for node in tree.query("*")]
    ids = Counter(found["id"] for _, found in nodes if "id" in found)
    wrong = [f"id {name!r} {count} times" for name, count in ids.items() if count > 1]
    wrong += [f"id {name!r}" for name in ids if not name or re.search(r"\s", name)]
    for node, found in nodes:
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list",
                     "headers"):  # fmt: skip
            wrong += [
                f"<{node.name} {name}={one!r}> names nothing"
                for one in found.get(name, "").split()
                if one not in ids
            ]
        wrong += [f"<{node.name} {name}> is obsolete" for name in found if name in OBSOLETE]
        wrong += _nesting(node)
        href = found.get("href", "")
        if href.startswith("#") and href != "#" and href[1:] not in ids:
            wrong.append(f"{href} leads nowhere")
        if node.name == "th" and found.get("scope") not in ("row", "col", "rowgroup", "colgroup"):
            wrong.append("<th> without scope")
    return wrong + _forms(nodes) + _structure(tree)


def _nesting(node: Any) -> list[str]:
    above, parent = [], node.parent
    while parent is not None and parent.name not in ("#document", "html", "body"):
        above.append(parent.name)
        parent = parent.parent
    wrong = []
    if node.name in ACTIVE - {"label", "summary"} and {"a", "button"} & set(above):
        wrong.append(f"<{node.name}> inside of something to click")
    inside = above[0] if above else ""
    wrong += [f"<{node.name}> in <{inside}>" for names, parents in _WITHIN
              if node.name in names and inside not in parents]  # fmt: skip
    if inside in ("ul", "ol") and node.name not in ("li", "script", "template"):
        wrong.append(f"<{node.name}> in a list")
    if node.name == "main" and {"article", "aside", "footer", "header", "nav"} & set(above):
        wrong.append("<main> inside of a part")
    if inside in ("h1", "h2", "h3", "h4", "p", "span", "summary", "label", "button") and (
        node.name in ("div", "p", "ul", "ol", "table", "section", "figure", "form", "pre")
    ):
        wrong.append(f"<{node.name}> in <{inside}>")
    return wrong


_WITHIN = (
    (("li",), ("ul", "ol", "menu")),
    (("dt", "dd"), ("dl", "div")),
    (("figcaption",), ("figure",)),
    (("summary",), ("details",)),
    (("caption", "thead", "tbody", "tfoot"), ("table",)),
    (("source",), ("picture", "video", "audio")),
    (("option",), ("select", "datalist", "optgroup")),
)


def _forms(nodes: list[tuple[Any, dict[str, str]]]) -> list[str]:
    labeled = {found["for"] for node, found in nodes if node.name == "label" and "for" in found}
    return [
        f"<{node.name} name={found.get('name')!r}> without a label"
        for node, found in nodes
        if node.name in ("input", "select", "textarea")
        and found.get("type") not in ("hidden", "submit")
        and found.get("id") not in labeled
        and not {"aria-label", "aria-labelledby"} & set(found)
        and node.parent.name != "label"
    ]


def _structure(tree: JustHTML) -> list[str]:
    wrong = []
    root = attributes(tree.query("html")[0])
    if root.get("lang") not in ("en", "en-US"):
        wrong.append("<html> without lang")
    levels = [int(one.name[1]) for one in tree.query("h1, h2, h3, h4, h5, h6")]
    if levels.count(1) != 1:
        wrong.append(f"{levels.count(1)} first headings")
    wrong += [f"heading {a} then {b}" for a, b in pairwise(levels) if b > a + 1]
    wrong += ["empty heading" for one in tree.query("h1, h2, h3, h4") if not one.to_text().strip()]
    wrong += ["empty link" for one in tree.query("a, button") if not one.to_text().strip()]
    wrong += ["<img> without alt" for one in tree.query("img") if not attributes(one).get("alt")]
    titles = [one.to_text().strip() for one in tree.query("head > title")]
    if len(titles) != 1 or not titles[0]:
        wrong.append(f"titles: {titles}")
    if len(tree.query("main")) != 1:
        wrong.append("not one <main>")
    return wrong


@pytest.mark.parametrize("address", [*WHOLE, *REFUSED])
def test_a_page_has_its_landmarks_and_a_title_of_its_own(fetch: Any, address: str) -> None:
    if address.startswith("/brief/"):
        return
    tree = parsed(fetch(address)[1])
    for name, least in (("body > header", 1), ("body > footer", 1), ("nav", 1), (".skip", 1)):
        assert len(tree.query(name)) >= least, name
    named = [attributes(one).get("aria-label") for one in tree.query("nav")]
    assert len(set(named)) == len(named)
    assert all(named)
    assert attributes(tree.query(".skip")[0])["href"] == "#main"
    assert tree.query('meta[name="viewport"]')


def test_titles_tell_pages_apart(fetch: Any) -> None:
    pages = [one for one in WHOLE if "?" not in one]
    titles = Counter(re.findall(r"<title>(.*?)</title>", fetch(one)[1])[0] for one in pages)
    assert [title for title, count in titles.items() if count > 1] == []


def test_a_page_with_its_style_and_script_is_light(client: TestClient, fetch: Any) -> None:
    weight_of = {
        one.name: len(client.get(f"/static/{one.name}").content)
        for one in (files("homeroom.web") / "static").iterdir()
    }
    assert len(weight_of) > 5
    heavy = {}
    for address in PAGES:
        page = fetch(address)[1]
        brought = {name for name in weight_of if f'"/static/{name}"' in page}
        assert "style.css" in brought or address.startswith("/brief/"), address
        heavy[address] = len(page.encode()) + sum(weight_of[name] for name in brought)
    assert {one: weight for one, weight in heavy.items() if weight >= 150_000} == {}


@pytest.mark.parametrize("address", [*PAGES, *REFUSED])
def test_nothing_is_loaded_from_elsewhere(fetch: Any, address: str) -> None:
    tree = parsed(fetch(address)[1])
    for node in tree.query("*"):
        found = attributes(node)
        assert not [name for name in found if name.startswith("on") or name == "style"]
        if node.name == "link" and found.get("rel") == "canonical":
            assert found["href"].startswith(BASE + "/")
            continue
        for name in LOADED.get(node.name, ()):
            for part in found.get(name, "").split(","):
                where = urlsplit(urljoin(BASE, part.strip().partition(" ")[0]))
                assert where.netloc == urlsplit(BASE).netloc, (node.name, part)
    if address.startswith("/brief/"):
        return  # to be kept as one file: it brings its style along and loads nothing
    assert not tree.query("style")
    scripts = [attributes(one).get("src") for one in tree.query("script")]
    ours = {f"/static/{name}.js" for name in ("site", "live-chart", "official", "embed-height")}
    assert set(scripts) <= ours


def test_no_page_brings_the_charting_library_along(client: TestClient, fetch: Any) -> None:
    assert [one for one in PAGES if "vega.js" in fetch(one)[1]] == []
    library = client.get("/static/vega.js")
    assert library.headers["content-type"].startswith("text/javascript")
    assert library.headers["etag"]
    assert len(library.content) > 500_000  # Vega, Vega-Lite and Vega-Embed, not a stub


@pytest.mark.parametrize("kind", kinds())
def test_every_chart_gives_its_grammar(client: TestClient, kind: str) -> None:
    query = QUERIES.get(kind, "" if kind in ("states", "ranked") else f"place={AUSTIN}")
    answer = client.get(f"/chart/{kind}.json?{query}")
    specification = answer.json()
    assert specification["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    assert "url" not in [name for data in _data(specification) for name in data]


def _data(node: Any) -> list[dict[str, Any]]:
    """Return every source of data of a specification: each must hold its rows itself."""
    if isinstance(node, list):
        return [found for item in node for found in _data(item)]
    if not isinstance(node, dict):
        return []
    own = [node["data"]] if isinstance(node.get("data"), dict) else []
    return own + [f for name, item in node.items() if name != "data" for f in _data(item)]


def test_the_style_and_the_pictures_load_nothing(client: TestClient, walk: Walk) -> None:
    style = client.get("/static/style.css").text
    assert not re.search(r"url\(|@import|http", style)
    for kind in kinds():
        path = f"/chart/{kind}.svg"
        drawn = walk.pictures.get(path)
        if drawn is None:
            answer = client.get(f"{path}?{QUERIES.get(kind, f'place={AUSTIN}')}")
            assert answer.status_code == 200, (kind, answer.text)
            drawn = answer.content
        for element in ET.fromstring(drawn).iter():  # noqa: S314
            assert element.tag.rpartition("}")[2] not in (
                "script",
                "image",
                "foreignObject",
                "style",
            )
            # A mark of a map leads to the page of its place; nothing is fetched by it.
            leads = [v for k, v in element.attrib.items() if k.endswith("href") and v[:1] != "#"]
            assert not leads or element.tag.endswith("}a"), leads
            assert all(one.startswith("/place/") for one in leads)


def test_every_answer_has_a_policy_without_inline(client: TestClient, starter_store: Path) -> None:
    def check(answer: Any) -> None:
        policy = answer.headers.get_list("content-security-policy")
        assert len(policy) == 1, answer.url
        assert "unsafe" not in policy[0]
        assert "default-src 'none'" in policy[0]
        assert "script-src 'self'" in policy[0]
        assert answer.headers["x-content-type-options"] == "nosniff"

    for address in [*PAGES, *REFUSED, *OTHERS.values(), "/static/style.css", "/static/nothing"]:
        check(client.get(address))
        check(client.head(address))
    for method in ("POST", "PUT", "OPTIONS", "DELETE"):
        check(client.request(method, "/about"))
    check(client.post("/api/v1/plans", content=b"x" * 100_000))
    check(client.get("/about", headers={"host": "evil.example"}))
    check(client.get("/place/us-tx", follow_redirects=False))
    etag = client.get("/about").headers["etag"]
    unchanged = client.get("/about", headers={"if-none-match": etag})
    assert unchanged.status_code == 304
    check(unchanged)
    check(_crashed(starter_store))


def _crashed(store: Path) -> Any:
    async def fail(_request: object) -> None:
        raise RuntimeError

    app = create_app(homeroom.open(store), Settings(costly_per_minute=1))
    app.router.routes.insert(0, Route("/fail", fail))
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        answer = client.get("/fail")
        assert answer.status_code == 500
        limited = [client.get("/chart/nothing") for _ in range(3)][-1]
        assert limited.status_code == 429
        assert "unsafe" not in limited.headers["content-security-policy"]
    return answer


PAGES_MOST = 260


def shape(address: str) -> str:
    """Return the kind of page of an address: its route, and the names of its parameters."""
    parts = urlsplit(address)
    path = re.sub(r"(?:US(?:-[A-Z]{2})?|(?:lea|school):\w+)", "{place}", parts.path)
    if path.startswith("/tables/"):
        return "/tables/{file}"  # one tells of all: test_open_data asks for the others
    if path.startswith(("/chart/", "/embed/")) and "." in path:
        return path  # whichever way it is drawn
    return f"{path}?{'&'.join(sorted({name for name, _ in parse_qsl(parts.query)}))}"


@dataclass
class Walk:
    """What a walk along the links came to."""

    pages: int = 0
    shapes: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[str, ...]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    """Places that a link names, each with a page that does."""
    pictures: dict[str, bytes] = field(default_factory=dict)
    """The first drawing of each path under /chart and /embed."""

    def read(self, address: str, tree: JustHTML) -> Iterator[str]:
        """Yield the addresses on this site that a page links to; check anchors in itself."""
        ids = {attributes(one).get("id") for one in tree.query("[id]")}
        for link in _links(tree):
            target = urlsplit(urljoin(f"{BASE}{address}", link))
            if target.netloc != urlsplit(BASE).netloc:
                continue
            path = target.path + (f"?{target.query}" if target.query else "")
            if path == address and target.fragment and target.fragment not in ids:
                self.broken.append((address, link, "no such anchor"))
            if target.path.startswith("/place/"):
                self.places.setdefault(target.path.split("/")[2], address)
            yield path


@pytest.fixture(scope="module")
def walk(client: TestClient) -> Walk:
    """Follow every link, breadth first; of pages of one shape only the first few are read."""
    done = Walk()
    waiting, seen = deque((address, "") for address in ("/", *PAGES)), {"/", *PAGES}
    while waiting and done.pages < PAGES_MOST:
        address, origin = waiting.popleft()
        drawn = address.startswith(("/chart/", "/embed/", "/brief/", "/tables/"))
        if origin and done.shapes[shape(address)] >= (1 if drawn else 2):
            continue
        done.shapes[shape(address)] += 1
        answer = client.get(address, follow_redirects=True)
        if answer.status_code != 200:
            done.broken.append((origin, address, str(answer.status_code)))
        kind = answer.headers["content-type"]
        if kind.startswith("image/svg"):
            done.pictures[urlsplit(address).path] = answer.content
        if kind.startswith("text/html"):
            done.pages += 1
            for path in done.read(address, parsed(answer.text)):
                if path not in seen:
                    seen.add(path)
                    waiting.append((path, address))
    return done


def test_every_link_leads_somewhere(walk: Walk, room: Homeroom) -> None:
    """From the front page and every route, by asking; every place by its id."""
    assert walk.broken == []
    assert walk.pages > 110
    reached = {one.split("?")[0] for one in walk.shapes}
    assert {"/place/{place}", "/place/{place}/peers", "/map", "/claims", "/plan", "/act", "/safety",
            "/data/dictionary", "/api", "/api/v1/openapi.json", "/llms.txt"} <= reached  # fmt: skip
    known = set(room.table("place")["place_id"])
    assert {place: page for place, page in walk.places.items() if place not in known} == {}
    assert len(walk.places) > 100


def _links(tree: JustHTML) -> list[str]:
    found = []
    for node in tree.query("a, link, script, img, source, iframe"):
        given = attributes(node)
        found += [given[name] for name in ("href", "src", "srcset") if given.get(name)]
    return [link for link in found if not link.startswith(("mailto:", "#"))]
