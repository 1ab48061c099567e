"""Amounts with their units, as people write them: posts, percents, dollars, months, and years.

A number that could be read two ways is refused with both ways to write it: ``0.03`` of growth may
be 3% or 0.03%, and ``end: 0.5`` may be half of the officers or half a post.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from homeroom.errors import BadInput
from homeroom.plans.money import LARGEST
from homeroom.text_gate import short

SHARES = {
    "all": Decimal(1), "every": Decimal(1), "everyone": Decimal(1), "none": Decimal(0),
    "half": Decimal("0.5"), "a half": Decimal("0.5"), "one half": Decimal("0.5"),
    "a third": Decimal(1) / 3, "one third": Decimal(1) / 3, "two thirds": Decimal(2) / 3,
    "a quarter": Decimal("0.25"), "one quarter": Decimal("0.25"), "quarter": Decimal("0.25"),
    "three quarters": Decimal("0.75"), "half of them": Decimal("0.5"),
    "all of them": Decimal(1),
}  # fmt: skip
_MOST_POSTS = 100_000
_POSTS = r"(?:posts?|positions?|ftes?|full[- ]time(?: equivalents?| posts?)?|people|officers?)"


@dataclass(frozen=True, slots=True)
class Amount:
    """Posts in hundredths, or a share of those there are."""

    hundredths: int | None = None
    share: Decimal | None = None


_LONGEST = 60
"""Characters of an amount; more are no amount, and would only cost time to look through."""


def _held(value: object) -> object:
    """Return a value, a text cut so that what is too long matches nothing."""
    return (
        f"{value[:_LONGEST]}\u2026" if isinstance(value, str) and len(value) > _LONGEST else value
    )


def number(value: object) -> Decimal | None:
    """Return a number, or a text that is one (``1,250``); None for anything else."""
    value = _held(value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    text = str(value).strip()
    if isinstance(value, str) and not re.fullmatch(r"[-+]?[\d,]*\.?\d+", text):
        return None
    try:
        found = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def hundredths(value: object, where: str) -> int:
    """Read full-time posts as hundredths: ``10``, ``2.5 posts``, ``1,200 FTE``.

    Raises
    ------
    BadInput
        It is no such number, is negative, has more than two decimals, or is out of proportion.
    """
    value = _held(value)
    found = number(re.sub(rf"\s*{_POSTS}$", "", value.strip(), flags=re.IGNORECASE)
                   if isinstance(value, str) else value)  # fmt: skip
    if found is None:
        raise BadInput(
            f"{where}: expected a number of full-time equivalents, found {short(value)}: write "
            "`10` or `2.5 posts`."
        )
    if found < 0:
        raise BadInput(
            f"{where}: expected zero or more, found {short(value)}: to take staff away, "
            "write `end`."
        )
    if found > _MOST_POSTS:
        raise BadInput(f"{where}: expected at most 100,000, found {short(value)}: correct it.")
    if found * 100 != int(found * 100):
        raise BadInput(f"{where}: expected at most two decimals, found {short(value)}.")
    return int(found * 100)


def amount(value: object, where: str, *, shares: bool = True) -> Amount:
    """Read posts, or a share of those there are: ``12``, ``0.5 posts``, ``half``, ``40%``.

    Parameters
    ----------
    value
        What was written.
    where
        What to call it in a refusal.
    shares
        Whether a share makes sense; posts to add have nothing to be a share of.

    Raises
    ------
    BadInput
        It is neither, or could be both.
    """
    value = _held(value)
    share = share_of(value)
    if share is not None:
        if not shares or not 0 <= share <= 1:
            raise BadInput(
                f"{where}: expected a number of full-time equivalents{_OR if shares else ''}, "
                f"found {short(value)}."
            )
        return Amount(share=share)
    found = number(value)
    if shares and found is not None and 0 < found < 1:
        raise BadInput(
            f"{where}: {found} can mean {_percent(found)} of them or {found} of one post: write "
            f"`{'half' if found == SHARES['half'] else _percent(found)}` or `{found} posts`."
        )
    if (
        isinstance(value, str)
        and found is None
        and not re.search(_POSTS + "$", value.strip(), re.IGNORECASE)
    ):
        raise BadInput(
            f"{where}: expected a number of full-time equivalents{_OR if shares else ''}, found "
            f"{short(value)}."
        )
    return Amount(hundredths=hundredths(value, where))


_OR = ", all, half, none, or a percent"


def share_of(value: object) -> Decimal | None:
    """Return the share that a word or a percent names, or None: ``half``, ``25%``."""
    value = _held(value)
    if not isinstance(value, str):
        return None
    text = re.sub(r"[\s-]+", " ", value.casefold()).strip()
    if text in SHARES:
        return SHARES[text]
    found = re.fullmatch(r"(.+?)\s*(?:%|percent|per cent|pct)(?: of them)?", text)
    parsed = number(found[1]) if found else None
    return None if parsed is None else parsed / 100


def percent(value: object, where: str, least: float, most: float) -> Decimal:
    """Read a percent: ``3%``, or a bare number of which no share could be meant.

    Parameters
    ----------
    value
        What was written.
    where
        What to call it in a refusal.
    least, most
        Percents allowed.

    Raises
    ------
    BadInput
        It is no number, lies outside, or is a bare number between -1 and 1 other than zero.
    """
    share, bare = share_of(value), number(value)
    found = share * 100 if share is not None else bare
    if found is None or not least <= found <= most:
        raise BadInput(
            f"{where} (percent): expected a number from {least:g} to {most:g}, found "
            f"{short(value)}: write it as in `{min(3, most):g}%`."
        )
    if share is None and 0 < abs(found) < 1:
        raise BadInput(
            f"{where}: {found} can mean {_percent(found)} or {found}%: write `{_percent(found)}` "
            f"or `{found}%`."
        )
    return found


def part(value: object, where: str) -> Decimal:
    """Read a share from 0 to 1: ``0.25``, ``25%``, ``a quarter``.

    Raises
    ------
    BadInput
        It is no such share.
    """
    named, bare = share_of(value), number(value)
    found = named if named is not None else bare
    if found is None or not 0 <= found <= 1:
        mend = f": write `{bare:g}%`" if bare is not None and 1 < bare <= 100 else ""
        raise BadInput(
            f"{where}: expected a share from 0 to 1, or a percent, found {short(value)}{mend}."
        )
    return found


_TIMES = {"": 1, "k": 1_000, "thousand": 1_000, "m": 10**6, "million": 10**6, "bn": 10**9,
          "billion": 10**9}  # fmt: skip


def cents(value: object, where: str) -> int:
    """Read dollars as cents: ``85000``, ``$85,000``, ``85k``, ``1.2 million``.

    Raises
    ------
    BadInput
        It is no amount of dollars, is negative, has parts of a cent, or is out of proportion.
    """
    value = _held(value)
    found = number(value)
    if isinstance(value, str):
        text = re.sub(r"\s*(?:dollars|usd)?(?: ?(?:a|per|/) ?year)?$", "", value.casefold().strip())
        parts = re.fullmatch(r"\$?\s*([\d,]*\.?\d+)\s*([a-z]*)", text)
        scale = _TIMES.get(parts[2]) if parts else None
        parsed = number(parts[1]) if parts else None
        found = None if scale is None or parsed is None else parsed * scale
    if found is None:
        raise BadInput(
            f"{where}: expected dollars, found {short(value)}: write a number such as 85000."
        )
    amount = found * 100
    # Bounds come before int(), which would write out every digit of 1e999999.
    if not 0 <= amount <= LARGEST or amount != int(amount):
        raise BadInput(
            f"{where}: expected dollars from 0 to ten trillion with at most two decimals, found "
            f"{short(value)}: correct it."
        )
    return int(amount)


_SPANS = {"half a year": "6 months", "a year": "1 year", "one year": "1 year",
          "at once": "0 months"}  # fmt: skip


def months(value: object, where: str, most: int = 120) -> int:
    """Read months: ``6``, ``6 months``, ``1 year``, ``half a year``.

    Raises
    ------
    BadInput
        It is no whole number of months from 0 to ``most``.
    """
    value = _held(value)
    found = number(value)
    if isinstance(value, str) and found is None:
        text = value.casefold().strip()
        text = _SPANS.get(text, text)
        parts = re.fullmatch(r"([\d.]+)[\s-]*(months?|mos?|years?|yrs?)", text)
        parsed = number(parts[1]) if parts else None
        if parts and parsed is not None:
            found = parsed * (12 if parts[2].startswith("y") else 1)
    if found is None or found != int(found) or not 0 <= found <= most:
        raise BadInput(
            f"{where} (months): expected a whole number from 0 to {most}, found {short(value)}: "
            "write it as in `6 months`."
        )
    return int(found)


def year(value: object, where: str) -> int:
    """Read a school year by the year in which it starts: ``2026``, ``2026-27``, ``fall 2026``.

    Raises
    ------
    BadInput
        It is no such year, or a fiscal year, which may start in either of two years.
    """
    value = _held(value)
    text = str(value).casefold().strip() if isinstance(value, int | str) else ""
    if fiscal := re.fullmatch(r"fy\s*'?(\d{2}|\d{4})", text):
        end = int(fiscal[1]) % 100
        raise BadInput(
            f"{where}: {value} may start in either of two years: write the school year, as in "
            f"`20{end - 1:02}-{end:02}`."
        )
    whole = re.fullmatch(
        r"(?:sy|school year|fall|autumn|september|august|july)?\s*(\d{4})"
        r"(?:\s*[-/\u2013]\s*(\d{2}|\d{4}))?",
        text,
    )
    start = int(whole[1]) if whole and not isinstance(value, bool) else 0
    follows = whole is None or whole[2] is None or int(whole[2]) % 100 == (start + 1) % 100
    if not 2000 <= start <= 2100 or not follows:
        raise BadInput(
            f"{where}: expected a whole number from 2000 to 2100, found {short(value)}: the year "
            "in which the school year starts, as in `2026` or `2026-27`."
        )
    return start


def whole(value: object, where: str, least: int, most: int, unit: str = "") -> int:
    """Read a whole number in bounds, with or without its unit (``3 years``).

    Raises
    ------
    BadInput
        It is no such number.
    """
    value = _held(value)
    text: Any = value
    if isinstance(value, str) and unit:
        text = re.sub(rf"\s*{unit}s?$", "", value.strip(), flags=re.IGNORECASE)
    found = number(text)
    if found is None or found != int(found) or not least <= found <= most:
        raise BadInput(
            f"{where}: expected a whole number from {least} to {most}, found {short(value)}."
        )
    return int(found)


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%"
