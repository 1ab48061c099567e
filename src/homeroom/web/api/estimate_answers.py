"""Model estimates over the API, with the reported figure beside each."""

from __future__ import annotations

from homeroom.estimates.specs import specs
from homeroom.web.api.endpoint import Endpoint, Payload
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Parameter, Read

_GROUPS = ("black", "white", "hispanic", "other")
_ID = Parameter("id", "A district, a state, or US.", required=True, longest=120,
                example="lea:4808940", within="path")  # fmt: skip
_OUTCOME = Parameter("outcome", "What is counted.", "choice", default="arrests",
                     choices=("arrests", "referrals"))  # fmt: skip
_WAVE = Parameter("wave", "A wave that was fitted; by default the latest.", default="", longest=40)
_SPEC = Parameter("spec", "Specification of the model.", "choice", default="black_white",
                  choices=tuple(specs()))  # fmt: skip
_GROUP = Parameter("group", "Whose rate.", "choice", default="black", choices=_GROUPS)
_VERSUS = Parameter("versus", "Compared with whom.", "choice", default="white", choices=_GROUPS)


def _estimate(cache: PageCache, read: Read) -> Payload:
    found = cache.room.estimate(
        read["id"], read["outcome"], read["wave"] or None, spec=read["spec"], group=read["group"],
        versus=read["versus"],
    )  # fmt: skip
    return Payload(document=found)


ENDPOINTS = (
    Endpoint("/places/{id}/estimate", "What a hierarchical model says of a district, beside what "
             "it reported", _estimate, (_ID, _OUTCOME, _WAVE, _SPEC, _GROUP, _VERSUS),
             tabular=False, command="homeroom estimate show"),
)  # fmt: skip
