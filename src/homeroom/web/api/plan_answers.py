"""Plans over the API: what ``homeroom plan compare`` and ``plan breakeven`` print as JSON."""

from __future__ import annotations

from homeroom.api.questions import ANY
from homeroom.plans.breakeven import compared
from homeroom.web.allocation import FORM, PLACE, allocation
from homeroom.web.api.endpoint import Endpoint, Payload
from homeroom.web.page_cache import PageCache
from homeroom.web.params import POLICY, Parameter, Read
from homeroom.web.plan_reading import from_json, run


def posted(cache: PageCache, body: bytes, _kind: str) -> Payload:
    """Run the plans of a request's body."""
    plans, seed, draws = from_json(body, cache.room.resolve)
    return Payload(document=compared(run(cache, plans, seed, draws), seed, draws))


def _unused(_cache: PageCache, _read: Read) -> Payload:
    raise AssertionError


def _allocation(cache: PageCache, read: Read) -> Payload:
    return Payload(document=allocation(cache, read).document)


BODY = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "plans": {
            "type": "array", "minItems": 1, "maxItems": 4,
            "items": {
                "type": "object", "required": ["name", "place", "start", "years"],
                "description": "As in a plan file: see the page Plan documents.",
            },
        },
        "plan": {"type": "object", "description": "One plan, instead of plans."},
        "seed": {"type": "integer", "minimum": 0},
        "draws": {"type": "integer", "minimum": 100, "maximum": 20000},
    },
    "example": {
        "plans": [
            {
                "name": "End half of the officers", "place": "lea:4808940", "start": 2026,
                "years": 3, "officers": {"end": "half"},
                "hire": {"counselor": 10, "social_worker": 15},
            }
        ]
    },
}  # fmt: skip


def _brief(cache: PageCache, read: Read) -> Payload:
    return Payload(document=cache.room.brief(read["place"], policy=read["policy"]).as_dict())


_WHERE = Parameter("place", f"A place: {ANY}.", required=True, example="lea:4808940")
ENDPOINTS = (
    Endpoint("/brief", "A brief of a place for a board packet, as text and tables", _brief,
             (_WHERE, POLICY), tabular=False, command="homeroom brief"),
    Endpoint("/plans", "Run one to four plans beside keeping as is", _unused, tabular=False,
             method="POST", command="homeroom plan compare", posted=posted, body=BODY),
    Endpoint("/act/allocation", "What the total that the bill would authorize could mean: each "
             "policy is an assumption, none is in the bill", _allocation, (*FORM, PLACE),
             tabular=False, command="homeroom plan funding"),
)  # fmt: skip
