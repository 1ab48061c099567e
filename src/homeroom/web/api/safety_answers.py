"""The national context over the API: the survey of principals, and shootings as counted."""

from __future__ import annotations

from homeroom.context import shootings as counts
from homeroom.context.survey import survey
from homeroom.context.survey_items import DOMAINS, THEMES
from homeroom.errors import BadInput
from homeroom.sources.ssocs.items import YEARS, catalogue
from homeroom.web.api.endpoint import Endpoint, Payload
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Parameter, Read

_ITEMS = tuple(item.id for item in catalogue().items)
_ITEM = Parameter("item", "A question, as in officer or threat_assessment.", "choice",
                  choices=_ITEMS, example="officer")  # fmt: skip
_THEME = Parameter("theme", "All questions of a theme, instead of one.", "choice",
                   choices=tuple(THEMES))  # fmt: skip
_DOMAIN = Parameter("domain", "How schools are grouped.", "choice", default="all",
                    choices=tuple(DOMAINS))  # fmt: skip
_YEAR = Parameter("year", "Spring of the survey.", "integer", least=min(YEARS), most=max(YEARS),
                  longest=4)  # fmt: skip


def _survey(cache: PageCache, read: Read) -> Payload:
    if read["item"] and read["theme"]:
        raise BadInput("item, theme: expected one of the two, found both.")
    return Payload(
        survey(cache.room.store, read["item"], read["domain"], read["year"], theme=read["theme"])
    )


def _shootings(cache: PageCache, _read: Read) -> Payload:
    told = cache.keep(("guarded",), lambda: counts.guarded_summary(cache.room.store))
    return Payload(
        counts.shootings(cache.room.store),
        meta={"sentences": told.sentences, "cannot": told.cannot, "credit": told.source},
    )


ENDPOINTS = (
    Endpoint("/survey", "What principals report nationwide, with 95% intervals", _survey,
             (_ITEM, _THEME, _DOMAIN, _YEAR), command="homeroom survey"),
    Endpoint("/shootings", "School shootings by school year, and what the counts cannot show",
             _shootings, command="homeroom shootings"),
)  # fmt: skip
