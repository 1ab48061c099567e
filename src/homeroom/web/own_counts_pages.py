"""Pages for counts of one's own, on the visitor's own machine alone: safe tables, and IDEA ratios.

They exist only where the site lets nobody in from elsewhere, and answer no request that may come
from another machine. What is pasted is worked on in memory, and kept nowhere.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from homeroom.errors import BadInput, HomeroomError
from homeroom.law.idea import NOTE, beside, over_years, read, read_settings
from homeroom.law.states import NOT_ADVICE
from homeroom.records.publish.policy import Policy
from homeroom.records.publish.reading import read_counts_text
from homeroom.records.publish.release import publish
from homeroom.report.release import as_csv, as_grid, as_html, statement
from homeroom.web.confidential import from_here
from homeroom.web.refusals import STATUS, refusal
from homeroom.web.render import render
from homeroom.web.threads import run_in_threadpool

PUBLISH, RATIO = "/own/publish", "/own/idea"
_NO_STORE = {"Cache-Control": "no-store"}
_LONGEST = 200_000
_MOST_CELLS = 3_000
_SECONDS = 2.0


def routes() -> list[Route]:
    """Return the routes, for a site that this machine alone can open."""
    return [
        Route(PUBLISH, publish_page, methods=["GET", "POST"]),
        Route(RATIO, ratio_page, methods=["GET", "POST"]),
    ]


async def publish_page(request: Request) -> Response:
    """Show the form; of counts that were sent, show or save the table that is safe to publish."""
    if not from_here(request.scope):
        return _elsewhere(request)
    sent = await _fields(request)
    title = "Tables that expose no child"
    if not sent.get("counts"):
        return _shown(request, "own_publish.html", title, sent)
    try:
        minimum = int(sent["minimum"]) if sent.get("minimum", "").isdecimal() else 10
        found = await run_in_threadpool(_released, sent["counts"], minimum)
    except HomeroomError as error:
        return _shown(request, "own_publish.html", title, sent, error=error)
    if sent.get("as") in {"csv", "html"}:
        return _saved(found, sent["as"])
    tables = [
        {
            "columns": list(rows[0]),
            "labels": len(found.tables[0].columns) - 1,
            "rows": [list(row.values()) for row in rows],
        }
        for rows in (as_grid(found, one) for one in found.tables)
    ]
    return _shown(
        request, "own_publish.html", title, sent, release=found, tables=tables,
        statement=statement(found),
    )  # fmt: skip


async def ratio_page(request: Request) -> Response:
    """Show the form; of counts that were sent, show each group's ratio with its reason."""
    if not from_here(request.scope):
        return _elsewhere(request)
    sent = await _fields(request)
    title = "Significant disproportionality"
    if not sent.get("counts"):
        return _shown(request, "own_idea.html", title, sent, states=read_settings())
    try:
        asked = read(json.dumps(_document(sent)))
        rows = over_years(asked.years, asked.settings)
    except HomeroomError as error:
        return _shown(request, "own_idea.html", title, sent, error=error, states=read_settings())
    return _shown(
        request, "own_idea.html", title, sent, states=read_settings(),
        rows=[one.as_dict() for one in rows], extra=[beside(one) for one in rows],
        notes=asked.state.notes() if asked.state else (), note=NOTE, advice=NOT_ADVICE,
        settings=asked.settings,
    )  # fmt: skip


def _released(text: str, minimum: int) -> Any:
    given = read_counts_text(text, "counts")
    if len(given.cells) > _MOST_CELLS:
        raise BadInput(
            f"counts: expected at most {_MOST_CELLS:,} cells with totals, found "
            f"{len(given.cells):,}. The command line takes any number."
        )
    return publish(given, Policy(minimum=minimum), seconds=_SECONDS)


def _document(sent: dict[str, str]) -> dict[str, Any]:
    """Return the JSON document of a form: a line a group, with its name and its counts."""
    found: dict[str, Any] = {"groups": [], "numerator": [], "denominator": []}
    state: tuple[list[int], list[int]] = ([], [])
    lines = [line for line in sent["counts"].splitlines() if line.strip()]
    for number, line in enumerate(lines, 1):
        name, *numbers = (part.strip() for part in line.replace("\t", ",").split(","))
        if len(numbers) not in {2, 4} or not all(one.isdecimal() for one in numbers):
            raise BadInput(
                f"line {number}: expected a group and 2 or 4 whole numbers, as in B, 31, 240, "
                "found another form."
            )
        whole = [int(one[:15]) for one in numbers]
        found["groups"].append(name)
        found["numerator"].append(whole[0])
        found["denominator"].append(whole[1])
        for into, value in zip(state, whole[2:], strict=False):
            into.append(value)
    if state[0]:
        found |= {"state_numerator": state[0], "state_denominator": state[1]}
    for name in ("threshold", "state", "category"):
        if sent.get(name):
            found[name] = sent[name]
    return found


async def _fields(request: Request) -> dict[str, str]:
    if request.method != "POST":
        return {}
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return {}
    try:
        body = (await request.body()).decode()
        found = parse_qs(body, max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0][:_LONGEST] for name, values in found.items()}


def _shown(
    request: Request,
    template: str,
    title: str,
    sent: dict[str, str],
    *,
    error: HomeroomError | None = None,
    **values: Any,
) -> Response:
    status = 200
    if error is not None:
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    answer = render(
        request, template, title=title, status=status, sent=sent, longest=_LONGEST,
        problem=str(error) if error else "", **values,
    )  # fmt: skip
    answer.headers.update(_NO_STORE)
    return answer


def _saved(release: Any, form: str) -> Response:
    name = f'attachment; filename="safe-table.{form}"'
    if form == "csv":
        body, kind = as_csv(release, release.tables[0]), "text/csv"
    else:
        body, kind = as_html(release, "Counts of students"), "application/octet-stream"
    return Response(body, media_type=kind, headers=_NO_STORE | {"Content-Disposition": name})


def _elsewhere(request: Request) -> Response:
    why = "Only the machine that runs this site may open this page."
    return refusal(request, 403, "elsewhere", why)
