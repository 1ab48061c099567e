"""The facts about a school district (LEA) that the bill's rules ask for.

Each may be ``None``: not known. A district that has no contract says ``never``; that is a fact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from homeroom.errors import BadInput

STANDINGS = ("never", "running", "ended")
REPORT_ITEMS = ("use-of-funds", "arrests", "referrals", "surveillance", "disaggregated")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaFacts:
    """What is known of one LEA.

    Attributes
    ----------
    contract, own_police
        ``never``, ``running`` (no end is set) or ``ended`` (an end is set, past or planned).
    contract_end_date, own_police_dissolved
        The day of that end; giving it says ``ended``.
    grant_start_date
        The day on which funds are received.
    application_parts
        What the application holds, in the district's words.
    reports_published
        Items of the yearly report that are published (``REPORT_ITEMS``).
    officers_reported, officers_reported_in
        Full-time officers that the district's schools reported to the CRDC, and the wave: what the
        other facts are held against.
    """

    contract: str | None = None
    contract_end_date: date | None = None
    own_police: str | None = None
    own_police_dissolved: date | None = None
    grant_start_date: date | None = None
    application_date: date | None = None
    officers_during_grant: bool | None = None
    application_parts: tuple[str, ...] | None = None
    share_disadvantaged: float | None = None
    federal_money_for_officers: bool | None = None
    cops_grant_for_officers: bool | None = None
    reports_published: tuple[str, ...] | None = None
    officers_reported: float | None = None
    officers_reported_in: str | None = None

    def __post_init__(self) -> None:
        for standing, day in (
            ("contract", "contract_end_date"),
            ("own_police", "own_police_dissolved"),
        ):
            self._check_standing(standing, day)
        for name in (
            "contract_end_date",
            "own_police_dissolved",
            "grant_start_date",
            "application_date",
        ):
            _check_day(name, getattr(self, name))
        for name in (
            "officers_during_grant",
            "federal_money_for_officers",
            "cops_grant_for_officers",
        ):
            _check(getattr(self, name), bool, name, "true or false")
        for name in ("application_parts", "reports_published"):
            self._check_words(name)
        share = self.share_disadvantaged
        if share is not None and not (
            isinstance(share, int | float)
            and not isinstance(share, bool)
            and math.isfinite(share)
            and 0 <= share <= 1
        ):
            raise BadInput(f"share_disadvantaged: expected a share from 0 to 1, found {share!r}.")
        posts = self.officers_reported
        if posts is not None and not (
            isinstance(posts, int | float) and not isinstance(posts, bool)
            and math.isfinite(posts) and posts >= 0
        ):  # fmt: skip
            raise BadInput(f"officers_reported: expected zero or more posts, found {posts!r}.")

    @property
    def contradiction(self) -> str | None:
        """What the facts say against the reports of the district's schools, in a sentence."""
        never = self.contract == "never" and self.own_police == "never"
        if not never or not self.officers_reported:
            return None
        return (
            "The facts say that the district never had a contract with police and never had police "
            f"of its own. Its schools reported {self.officers_reported:,.2f} full-time officers "
            f"for {self.officers_reported_in}. One of the two is wrong: correct it."
        )

    def _check_standing(self, standing: str, day: str) -> None:
        value, ended = getattr(self, standing), getattr(self, day)
        if value is not None and value not in STANDINGS:
            raise BadInput(f"{standing}: expected one of {STANDINGS}, found {value!r}.")
        if ended is not None:
            if value not in (None, "ended"):
                raise BadInput(f"{standing} is {value!r}, yet {day} is {ended}; correct one.")
            object.__setattr__(self, standing, "ended")

    def _check_words(self, name: str) -> None:
        value = getattr(self, name)
        if value is None:
            return
        words = isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
        if not words:
            raise BadInput(f"{name}: expected a list of words, found {value!r}.")
        strange = sorted(set(value) - set(REPORT_ITEMS))
        if name == "reports_published" and strange:
            raise BadInput(f"{name}: {strange[0]!r} is none of {REPORT_ITEMS}.")
        object.__setattr__(self, name, tuple(value))


FACTS = tuple(field.name for field in fields(LeaFacts))


def facts_from(document: object) -> LeaFacts:
    """Build facts from a mapping, as read from YAML or JSON; an unknown key is an error."""
    if document is None:
        return LeaFacts()
    if not isinstance(document, dict):
        raise BadInput(f"Facts: expected a mapping with keys of {FACTS}, found {document!r}.")
    strange = sorted(str(key) for key in document if key not in FACTS)
    if strange:
        raise BadInput(f"Facts: unknown key {strange[0]!r}; the keys are {', '.join(FACTS)}.")
    return LeaFacts(**{key: _day(key, value) for key, value in document.items()})


def _day(name: str, value: Any) -> Any:
    dated = name.endswith("_date") or name == "own_police_dissolved"
    if not dated or not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise BadInput(f"{name}: expected a date like 2025-08-01, found {value!r}.") from error


def _check_day(name: str, value: object) -> None:
    # A datetime is a date to Python, but subtracting the two fails later and obscurely.
    if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
        raise BadInput(f"{name}: expected a date like 2025-08-01, found {value!r}.")


def _check(value: object, kind: type, name: str, words: str) -> None:
    if value is not None and not isinstance(value, kind):
        raise BadInput(f"{name}: expected {words}, found {value!r}.")
