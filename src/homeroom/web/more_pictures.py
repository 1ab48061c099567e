"""Pictures of the survey, of shootings, of research and of claims, beside those of places."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from homeroom.context.survey_items import DOMAINS
from homeroom.report import research_charts, safety_charts
from homeroom.report.gap_map import gap_map
from homeroom.report.picture import Picture
from homeroom.report.shootings_chart import shootings_chart
from homeroom.sources.ssocs.items import Item, catalogue
from homeroom.web import pictures
from homeroom.web.api.table import exists
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Parameter, Read
from homeroom.web.pictures import Kind


@cache
def items() -> dict[str, Item]:
    """Return the items of the survey by id."""
    return {item.id: item for item in catalogue().items}


def _survey(cache: PageCache, read: Read) -> Picture:
    return safety_charts.survey_chart(cache.room.store, read["item"], read["domain"])


def _shootings(cache: PageCache, _read: Read) -> Picture:
    return shootings_chart(cache.room.store)


def _forest(_shelf: PageCache, read: Read) -> Picture:
    return research_charts.forest(read["intervention"], read["outcome"])


def _gap_map(_shelf: PageCache, _read: Read) -> Picture:
    return gap_map()


ITEM = Parameter("item", "Question of the survey.", "choice", default="officer",
                 choices=tuple(item.id for item in catalogue().items))  # fmt: skip
DOMAIN = Parameter("domain", "Schools by what.", "choice", default="all", choices=tuple(DOMAINS))
_INTERVENTION = Parameter("intervention", "For example sro_presence.", required=True, longest=60,
                          example="sro_presence")  # fmt: skip
_OUTCOME = Parameter("outcome", "For example school_arrests.", required=True, longest=60,
                     example="school_arrests")  # fmt: skip


def kinds() -> dict[str, Kind]:
    """Return every kind of picture, those of rooms that are there."""
    return pictures.KINDS | _of_rooms()


@cache
def _of_rooms() -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for kind in (
        Kind("survey", "A question of the survey on crime and safety, by year", (ITEM, DOMAIN),
             _survey),
        Kind("shootings", "School shootings by year", (), _shootings),
        Kind("forest", "Findings on an intervention and an outcome", (_INTERVENTION, _OUTCOME),
             _forest),
        Kind("gap-map", "Where studies exist and where none do", (), _gap_map),
    ):  # fmt: skip
        found[kind.id] = kind
    if exists("homeroom.report.specification_curve") and exists("homeroom.claims.check"):
        found["curve"] = import_module("homeroom.web.claim_pages").CURVE
    if exists("homeroom.plans.compare"):
        found["plans"] = import_module("homeroom.web.plan_pages").PLANS
        found["plan-moves"] = import_module("homeroom.web.plan_pages").MOVES
        found["funding"] = import_module("homeroom.web.allocation_pages").FUNDING
    return found
