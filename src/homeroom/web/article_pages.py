"""The page of a whole text: paste or upload it, and get it back marked up.

Nothing of a text is kept: not on disk, not in a cache, not in the log, not in an address. What is
uploaded stays in memory until it is answered; the link to share holds readings only (see
:mod:`homeroom.claims.article.link`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from homeroom.claims import wording
from homeroom.claims.article.link import Shared, decode, encode
from homeroom.claims.article.model import Article, ArticleClaim, Kind, counted, told
from homeroom.claims.article.split import LONGEST
from homeroom.claims.check import Checked, check_reading
from homeroom.claims.verdict import LABELS, Verdict
from homeroom.errors import BadInput, HomeroomError
from homeroom.report.names import readable
from homeroom.web.cache import kept
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Parameter, read
from homeroom.web.refusals import STATUS
from homeroom.web.render import render
from homeroom.web.threads import run_in_threadpool
from homeroom.web.uploads import sent_form

_LINK = Parameter("c", "The claims that a link repeats.", required=True, longest=3_800)
_NO_STORE = {"Cache-Control": "no-store"}
_CANNOT = str(Verdict.CANNOT)
_NOTHING = "Paste a text, or choose a file."
_BROKEN = "Expected a form with a text or a file, found a broken one."


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a paragraph: a sentence, or the space between two."""

    text: str
    kind: str = ""
    number: int = 0
    """The claim's, from 1; 0 where it makes none."""


def routes() -> list[Route]:
    """Return the routes."""
    return [
        Route("/article", article, methods=["GET", "POST"]),
        Route("/article/shared", kept(shared)),
    ]


async def article(request: Request) -> Response:
    """Show the form; of a text that was sent, show it marked up, or give it as JSON."""
    if request.method != "POST":
        return _page(request)
    try:
        content, form = await _sent(request)
        cache: PageCache = request.app.state.pages
        found = await run_in_threadpool(cache.room.article, content)
    except HomeroomError as error:
        status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
        return _page(request, note=str(error), status=status)
    if form == "json":
        saved = 'attachment; filename="homeroom-article.json"'
        body = json.dumps(found.as_dict(), ensure_ascii=False, indent=2, default=str)
        headers = _NO_STORE | {"Content-Disposition": saved}
        return Response(body, media_type="application/json", headers=headers)
    return await run_in_threadpool(_page, request, found)


async def _sent(request: Request) -> tuple[bytes | str, str]:
    """Return the text or file of a form, and the form in which the answer is wanted."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        most = request.app.state.settings.upload_bytes
        return await _given(await sent_form(request, fields=4, most=most, refusal=_BROKEN))
    try:
        fields = parse_qs((await request.body()).decode(), max_num_fields=4)
    except ValueError as error:
        raise BadInput(_BROKEN) from error
    text = fields.get("text", [""])[0]
    if not text.strip():
        raise BadInput(_NOTHING)
    return text, fields.get("as", [""])[0]


async def _given(form: FormData) -> tuple[bytes | str, str]:
    try:
        text, file, wanted = form.get("text"), form.get("file"), str(form.get("as") or "")
        if isinstance(file, UploadFile) and (content := await file.read()):
            return content, wanted
        if isinstance(text, str) and text.strip():
            return text, wanted
        raise BadInput(_NOTHING)
    finally:
        await form.close()


def _page(
    request: Request, found: Article | None = None, *, note: str = "", status: int = 200
) -> Response:
    claims = found.claims if found else []
    answer = render(
        request, "article.html", status=status, title="Check a text", note=note, longest=LONGEST,
        found=found, claims=claims, paragraphs=_paragraphs(found) if found else [],
        summary=found.summary() if found else {}, tones=[tone(one) for one in claims],
        link=encode(claims) if claims else "", kinds=Kind,
    )  # fmt: skip
    answer.headers.update(_NO_STORE if request.method == "POST" else {})
    return answer


def tone(claim: ArticleClaim) -> str:
    """Return the look of a claim's mark: what holds, what doesn't, and what is between or open."""
    return _tone(claim.status, claim.verdict or "")


def _tone(status: str, verdict: str) -> str:
    if status != "checked":
        return "open"
    return {"holds": "holds", "does_not_hold": "fails"}.get(verdict, "partly")


def _paragraphs(found: Article) -> list[list[Piece]]:
    """Return the text as paragraphs of sentences, each with its kind and its claim's number."""
    numbers = {id(claim): at for at, claim in enumerate(found.claims, 1)}
    out: list[list[Piece]] = []
    last, at = -1, 0
    for one in found.marked:
        sentence = one.sentence
        if sentence.paragraph != last:
            out.append([])
        elif sentence.start > at:
            out[-1].append(Piece(found.text[at : sentence.start]))
        number = numbers.get(id(one.claim), 0)
        look = tone(one.claim) if one.claim else str(one.kind)
        out[-1].append(Piece(sentence.text, look, number))
        last, at = sentence.paragraph, sentence.end
    return out


async def shared(request: Request) -> Response:
    """Show what a link repeats: every claim's reading and its verdict, worked out anew."""
    part = read(request.query_params, (_LINK,))["c"]
    cache: PageCache = request.app.state.pages
    rows = await run_in_threadpool(lambda: [_again(cache, one) for one in decode(part)])
    labels = counted((row["verdict"], row["label"]) for row in rows)
    return render(
        request, "article_shared.html", title="Claims of a text", rows=rows,
        summary=told(len(rows), labels),
    )  # fmt: skip


def _again(cache: PageCache, one: Shared) -> dict[str, Any]:
    """Check a claim of a link again."""
    found: Checked | None = None
    if one.catalogue_id is not None:
        room = cache.room
        named = one.catalogue_id
        found = room.store.cache.get(("claim", named), lambda: room.check(named))
    elif one.reading is not None:
        place = one.reading.question.place
        names = {} if place.startswith("US") else {place: readable(cache.room.name(place))}
        stated = f"{wording.definition(one.reading.question, names)}: {wording.stated(one.reading)}"
        found = check_reading(cache.room.store, one.reading, stated, names=names, wide=False)
    row: dict[str, Any] = {"start": one.start, "end": one.end, "id": one.catalogue_id}
    if found is None:
        label, verdict = (LABELS[Verdict.CANNOT], _CANNOT) if one.tested else ("Not checked", "")
        nothing = {"says": "", "answer": "", "sources": []}
        return row | {"label": label, "verdict": verdict, "tone": "open"} | nothing
    verdict = str(found.verdict)
    says = str(found.origin["says"]) if found.origin else ""
    return row | {
        "label": LABELS[found.verdict], "verdict": verdict,
        "tone": _tone("cannot" if verdict == _CANNOT else "checked", verdict),
        "says": found.statement, "sources": found.sources,
        "answer": found.sentence.split(says)[0].strip() if says else found.sentence,
    }  # fmt: skip
