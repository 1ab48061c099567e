"""Pages to read: methods, data, dictionary, the API, about, and the notes for machines."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from homeroom.evidence.quality import POLICIES, rules
from homeroom.evidence.schema import STORE_TABLES
from homeroom.figures.peers import FEATURES
from homeroom.mcp.tools import TOOLS
from homeroom.report.table_files import open_tables
from homeroom.statistics.comparison import COMPARISONS
from homeroom.statistics.meaning import INTERVAL, NOISE, RANGE
from homeroom.statistics.reasons import REASONS, RULES
from homeroom.statistics.risk import INTERVALS
from homeroom.vocabulary.groups import RACES
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.publications import PUBLICATIONS
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.states import STATES
from homeroom.vocabulary.status import RESERVE_CODES
from homeroom.web.api.openapi import BASE
from homeroom.web.api.table import endpoints
from homeroom.web.more_pictures import kinds
from homeroom.web.params import STUDENT_MEASURES
from homeroom.web.render import render
from homeroom.web.threads import run_in_threadpool

_ABOUT = (
    "> Police or counselors? The public evidence about arrests, referrals and staff, for every US "
    "school district. It takes no side; association is not effect."
)
_HOW = (
    "Cite a figure with its wave and policy, and the data_version of the answer's meta. A null is "
    "no number, not zero. 2020-21 is the pandemic year and never a baseline. 2015-16 sums over "
    "schools exceed OCR's state tables."
)
_ASSISTANTS = (
    "`homeroom mcp` on your own machine serves the same answers over the Model Context Protocol, "
    "each with scope, doubt, coverage, and citation. Its tools:"
)


async def methods(request: Request) -> Response:
    """Show definitions, intervals, rules and what each means."""
    return render(
        request, "methods.html", title="Methods", measures=MEASURES, roles=ROLES, races=RACES,
        rules=rules().values(), policies=POLICIES, interval=INTERVAL, noise=NOISE, spread=RANGE,
        reasons=REASONS, few=RULES, intervals=INTERVALS, comparisons=COMPARISONS,
        features=FEATURES, codes=RESERVE_CODES,
    )  # fmt: skip


async def data(request: Request) -> Response:
    """List the publications and the files behind this store, with hashes, and what to download."""
    room = request.app.state.room
    files = await run_in_threadpool(
        lambda: room.table("source_file").sort("publication", "wave", "name").to_dicts()
    )
    return render(
        request, "data.html", title="Data and sources", publications=PUBLICATIONS, files=files,
        meta=room.meta, endpoints=[one for one in endpoints() if one.tabular], base=BASE,
        states=STATES, outcomes=STUDENT_MEASURES, races=RACES,
        open_tables=[] if request.app.state.private else list(open_tables().values()),
    )  # fmt: skip


async def dictionary(request: Request) -> Response:
    """Show every table and column of the store."""
    return render(request, "dictionary.html", title="Data dictionary", tables=STORE_TABLES.values())


async def about(request: Request) -> Response:
    """Say what Homeroom is, and what it does not claim."""
    return render(request, "about.html", title="About Homeroom, and what it does not claim")


async def api(request: Request) -> Response:
    """Show the API to people."""
    return render(
        request, "api.html", title="The API", endpoints=endpoints(), base=BASE, kinds=kinds()
    )


async def llms(request: Request) -> Response:
    """Tell programs that read for people where things are, and how to cite them."""
    site = request.app.state.settings.public_url.rstrip("/")
    lines = [
        "# Homeroom",
        "",
        _ABOUT,
        "",
        _HOW,
        "",
        "## API",
        "",
        f"- [OpenAPI document]({site}{BASE}/openapi.json)",
        *(f"- [{one.summary}]({site}{BASE}{one.path})" for one in endpoints()),
        "",
        "## Data",
        "",
        f"- [Whole tables as Parquet and CSV, described (Frictionless)]({site}/datapackage.json)",
        f"- [The same as Croissant]({site}/croissant.json)",
        f"- [Corrections, as a feed]({site}/corrections.json)",
        "",
        "## Pages",
        "",
        *(f"- [{label}]({site}{path})" for path, label in request.app.state.navigation),
        "",
        "## Assistants",
        "",
        _ASSISTANTS,
        "",
        *(f"- `{tool.name}`: {tool.description}" for tool in TOOLS),
        "",
    ]
    return PlainTextResponse("\n".join(lines))


async def robots(_request: Request) -> Response:
    """Ask crawlers to leave the costly addresses alone."""
    text = "User-agent: *\nDisallow: /chart/\nDisallow: /embed/\nDisallow: /api/\n"
    return PlainTextResponse(text)
