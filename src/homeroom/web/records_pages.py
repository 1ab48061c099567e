"""The page of an agency's own records: what was imported, this year, and the 14 categories.

It exists where the store in use is the confidential one of a workspace, and such a store is served
to this machine alone.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from homeroom.api import Homeroom
from homeroom.errors import BadInput, HomeroomError
from homeroom.law import idea
from homeroom.records.answers import Answer, disproportionality
from homeroom.records.crdc_check import compared
from homeroom.records.ids import ids_of
from homeroom.records.problems import Problem, told
from homeroom.records.workspace import Workspace
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Parameter, Read, read
from homeroom.web.render import render
from homeroom.web.threads import run_in_threadpool

_LEA = Parameter("lea", "An LEA of the records, by its number there.", "integer", least=1,
                 most=10**6)  # fmt: skip
_YEAR = Parameter("year", "School year, by the year in which it ends.", "integer", least=2000,
                  most=2200)  # fmt: skip
_RULES = Parameter("rules", "State whose settings count.", "choice", choices=STATES)
_THRESHOLD = Parameter("threshold", "The State's threshold, where it was not read.", longest=10)


def beside(room: Homeroom) -> Workspace | None:
    """Return the workspace that a store belongs to; None where it belongs to none."""
    workspace = Workspace(room.path.resolve().parent)
    try:
        _ = workspace.manifest
    except HomeroomError:
        return None
    return workspace if workspace.store.name == room.path.name else None


def routes() -> list[Route]:
    """Return the page's route."""
    return [Route("/records", page)]


async def page(request: Request) -> Response:
    """Show what was imported, an LEA's year, and the 14 categories."""
    given = read(request.query_params, (_LEA, _YEAR, _RULES, _THRESHOLD))
    return await run_in_threadpool(_page, request, request.app.state.pages, given)


def _page(request: Request, cache: PageCache, given: Read) -> Response:
    workspace: Workspace = request.app.state.records
    manifest, year = workspace.manifest, given["year"] or workspace.years[-1]
    if year not in workspace.years:
        raise BadInput(f"year: expected one of {', '.join(map(str, workspace.years))}.")
    number = given["lea"] or workspace.leas[0]["lea"]
    lea = next((one for one in workspace.leas if one["lea"] == number), None)
    if lea is None:
        raise BadInput(f"lea: expected a number from 1 to {len(workspace.leas):,}.")
    ids = ids_of(workspace, "TX")
    leaid = ids.leas[number]
    rules = given["rules"] or ids.state(number)
    answer, refused = _answer(cache, workspace, rules, year, given["threshold"])
    rows = [row for row in answer.rows if row.lea == lea["id"]] if answer else []
    this_year = cache.keep(
        ("own", leaid, year), lambda: compared(cache.room.store, ids, year, {leaid})
    )
    return render(
        request, "records.html", title="Your records", manifest=manifest, lea=lea, leaid=leaid,
        year=year, years=workspace.years, leas=workspace.leas, rules=rules, states=STATES,
        given=given.values, refused=refused, this_year=this_year, measures=MEASURES,
        wave=f"{year - 1}-{year % 100:02d}",
        problems=told(Problem(**one) for one in manifest["problems"]),
        lacking={k.replace("_", " "): v for k, v in manifest["carried"].items() if v},
        rows=[_row(row.to_dict(), idea.beside(row.result, row.past)) for row in rows
              if row.result.ratio is not None],
        left_out=sum(row.result.ratio is None for row in rows),
        notes=answer.notes if answer else (), beside_note=idea.NOTE,
    )  # fmt: skip


def _answer(
    cache: PageCache, workspace: Workspace, rules: str, year: int, threshold: str | None
) -> tuple[Answer | None, str]:
    """Return the 14 categories, or why they can't be calculated with what was given."""
    own: dict[str, Any] = {"threshold": threshold} if threshold else {}
    try:
        return cache.keep(
            ("idea", rules, year, threshold),
            lambda: disproportionality(workspace, rules, year, **own),
        ), ""
    except BadInput as error:
        return None, str(error)


def _row(row: dict[str, Any], more: idea.Beside) -> dict[str, Any]:
    about = idea.category(row["category"])
    group = next(one for one in idea.GROUPS if one.id == row["group"])
    return row | {"label": about.label, "group": group.label, "beside": more}
