"""Answers about claims: the catalogue, one claim, and a sentence."""

from __future__ import annotations

from homeroom.claims.catalogue import catalogue
from homeroom.errors import NotAvailable
from homeroom.web.api.endpoint import Endpoint, Payload
from homeroom.web.claim_pages import SENTENCE, checked
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Parameter, Read


def _claim(cache: PageCache, read: Read) -> Payload:
    if read["id"] not in catalogue():
        raise NotAvailable(f"claim: expected one of {', '.join(catalogue())}.")
    return Payload(document=checked(cache, read["id"]).as_dict())


def _check(cache: PageCache, read: Read) -> Payload:
    return Payload(document=checked(cache, read["sentence"]).as_dict())


_ID = Parameter("id", "Id of the catalogue.", required=True, longest=60, example="six-times",
                within="path")  # fmt: skip
ENDPOINTS = (
    Endpoint("/claims/{id}", "A claim, checked against the data", _claim, (_ID,), tabular=False,
             command="homeroom check six-times"),
    Endpoint("/check", "A sentence, checked against the data; 422 asks where it is ambiguous",
             _check, (SENTENCE,), tabular=False, command='homeroom check "SENTENCE"'),
)  # fmt: skip
