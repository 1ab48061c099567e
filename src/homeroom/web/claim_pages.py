"""Pages of claims: the catalogue, one claim, and a sentence that somebody pasted."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from homeroom import research as library
from homeroom.claims.catalogue import catalogue
from homeroom.claims.check import check_reading
from homeroom.claims.checked import Checked
from homeroom.claims.model import Claim
from homeroom.claims.verdict import CRITERIA, LABELS, Verdict
from homeroom.errors import Ambiguous, BadInput, NotAvailable
from homeroom.law.act.parameters import load_act
from homeroom.report.claim_bars import claim_bars
from homeroom.report.claim_check import check
from homeroom.report.names import readable
from homeroom.report.picture import Picture
from homeroom.report.specification_curve import specification_curve
from homeroom.web.cache import kept
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Parameter, Read, read
from homeroom.web.pictures import Kind, picture
from homeroom.web.render import render
from homeroom.web.threads import run_in_threadpool

SENTENCE = Parameter(
    "sentence", "A claim in a sentence, with its number.", required=True, longest=600,
    example="Black students are arrested at six times the rate of white students",
)  # fmt: skip
_ASKED = Parameter("sentence", "A claim in a sentence.", default="", longest=600)


def checked(cache: PageCache, claim: str) -> Checked:
    """Check a claim of the catalogue or a sentence; what was found is kept."""
    room = cache.room
    return cache.keep(
        ("claim", claim.strip()),
        lambda: check(
            room.store, claim, finder=room.index.find,
            namer=lambda place: readable(str(room.place(place)["name"])),
        ),
    )  # fmt: skip


def _curve(cache: PageCache, given: Read) -> Picture:
    return specification_curve(checked(cache, given["claim"]))


CURVE = Kind(
    "curve", "A claim under every definition",
    (Parameter("claim", "Id of the catalogue, or a sentence.", required=True, longest=600,
               example="six-times"),),
    _curve,
)  # fmt: skip


def routes() -> list[Route]:
    """Return the routes; what comes first wins, so the checker stands before the ids."""
    return [
        Route("/claims", kept(claims)),
        Route("/claims/check", kept(sentence)),
        Route("/claims/{claim_id}", kept(claim)),
    ]


async def claims(request: Request) -> Response:
    """Show the catalogue and the box for a sentence."""
    cache: PageCache = request.app.state.pages
    verdicts = await run_in_threadpool(_verdicts, cache)
    return render(
        request, "claims.html", title="Claims", claims=catalogue().values(), labels=LABELS,
        criteria=CRITERIA, sentence="", question="", choices=[], verdicts=verdicts,
    )  # fmt: skip


def _verdicts(cache: PageCache) -> dict[str, str]:
    """Return the verdict of each claim of the catalogue, in words."""
    return cache.keep(
        ("verdicts",),
        lambda: {one.id: LABELS[_verdict(cache, one)] for one in catalogue().values()},
    )


def _verdict(cache: PageCache, entry: Claim) -> Verdict:
    """Return a claim's verdict without looking for its neighbors everywhere."""
    if entry.reading is None:
        return Verdict.CANNOT
    return check_reading(cache.room.store, entry.reading, entry.wording, wide=False).verdict


async def claim(request: Request) -> Response:
    """Show a claim of the catalogue."""
    known = catalogue().get(request.path_params["claim_id"])
    if known is None:
        names = ", ".join(catalogue())
        raise NotAvailable(f"claim: expected one of {names}. Or paste a sentence on /claims.")
    cache: PageCache = request.app.state.pages
    found = await run_in_threadpool(checked, cache, known.id)
    return await run_in_threadpool(_show, request, cache, found, known)


async def sentence(request: Request) -> Response:
    """Check a sentence; where it can be read in several ways, ask instead of guessing."""
    text = read(request.query_params, (_ASKED,))["sentence"]
    cache: PageCache = request.app.state.pages
    if not text:
        return RedirectResponse("/claims", status_code=303)
    if text in catalogue():
        return RedirectResponse(f"/claims/{text}", status_code=303)
    try:
        found = await run_in_threadpool(checked, cache, text)
    except (Ambiguous, BadInput) as error:
        return render(
            request, "claims.html", title="Which reading is meant?", claims=catalogue().values(),
            labels=LABELS, criteria=CRITERIA, sentence=text, question=str(error),
            choices=getattr(error, "choices", []),
            verdicts=await run_in_threadpool(_verdicts, cache),
        )  # fmt: skip
    return await run_in_threadpool(_show, request, cache, found, None)


def _show(request: Request, cache: PageCache, found: Checked, known: Any) -> Response:
    named = found.id or found.statement
    try:
        curve = picture(cache, CURVE, Read({"claim": named}))
    except NotAvailable:
        curve = None
    places = (known.origin_question or {}).get("place", "") if known else ""
    truth = None
    if found.read and found.found is not None:
        truth = claim_bars(cache.room.store, found.read, [places] if places else [])
    act, books = load_act(), library.load()
    return render(
        request, "claim.html", title=f"Claim: {found.statement[:110]}", found=found, known=known,
        label=LABELS[found.verdict], criterion=CRITERIA[found.verdict], curve=curve, truth=truth,
        named=named,
        description=found.sentence[:300], topics=books.topics,
        interventions=books.interventions,
        provisions=[(name, act.provisions[name].title) for name in found.law
                    if name in act.provisions],
    )  # fmt: skip
