"""Parts of a whole, in words and figures: halves, thirds, quarters, and so many in so many."""

from __future__ import annotations

import re
from fractions import Fraction

_NAMES = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4,
    "fourths": 4, "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "seventh": 7, "sevenths": 7,
    "eighth": 8, "eighths": 8, "ninth": 9, "ninths": 9, "tenth": 10, "tenths": 10,
}  # fmt: skip
_NAME = "|".join(sorted(_NAMES, key=len, reverse=True))
_NUMERATORS = {
    word: at
    for at, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], 1
    )
}
_NUMERATOR = f"(?:{'|'.join(_NUMERATORS)}|[1-9])"
_AFTER = (
    r"(?= (?:of|as|the|that|those|these|what|all|more|less|were|was|are|is|had|involved|between"
    r"|from|since)\b|[ ,.;]*$)"
)
"""What follows a part of something: an ordinal ("a third officer") has a noun after it."""
_SCALE = "(?:hundred|thousand|million|billion)"
_LARGE = 10
"""So many in up to ten are a part; "21 in 1,000" is a rate, and "one in 121" is one in so many."""


def parts(text: str, *, before_words: bool = False) -> str:
    """Return a text with its parts written as ``2/3``, and ``3 in 4`` as ``3/4 of``.

    Parameters
    ----------
    before_words
        Do what must be done while numbers still stand in words: mixed numbers and named parts.
    """
    return _named(_mixed(text)) if before_words else _in_so_many(text)


def _mixed(text: str) -> str:
    """Write "2 1/2", "two and a half", and "half a million" as decimals."""
    text = re.sub(r"(?<![\d/.])\b(\d+)[ -](?:and )?([1-9])/([2-9])\b(?!/)", _sum, text)
    ones = rf"\b({_NUMERATOR}|\d+|ten|eleven|twelve)"
    text = re.sub(
        rf"{ones}(?: (?P<scale>{_SCALE}))? and (?:a|one)[- ](half|third|quarter)\b"
        rf"(?: (?P<after>{_SCALE}))?",
        _with_part,
        text,
    )
    return re.sub(
        rf"\b(?:(?P<k>a|one|{_NUMERATOR})[ -])?(?P<name>half|quarters?|thirds?)[ -](?:of )?"
        rf"(?:(?:a|1) )?(?P<scale>{_SCALE})\b",
        _of_scale,
        text,
    )


def _sum(match: re.Match[str]) -> str:
    return _decimal(int(match[1]) + Fraction(int(match[2]), int(match[3])))


def _with_part(match: re.Match[str]) -> str:
    whole = int(_NUMERATORS.get(match[1], 0) or _as_int(match[1]))
    scale = match["scale"] or match["after"] or ""
    return f"{_decimal(whole + Fraction(1, _NAMES[match[3]]))} {scale}".strip()


def _as_int(text: str) -> int:
    return int(text) if text.isdigit() else {"ten": 10, "eleven": 11, "twelve": 12}[text]


def _of_scale(match: re.Match[str]) -> str:
    many = match["k"] or "a"
    k = 1 if many == "a" else _NUMERATORS.get(many) or int(many)
    return f"{_decimal(Fraction(k, _NAMES[match['name']]))} {match['scale']}"


def _decimal(value: Fraction) -> str:
    """Return a decimal with as many digits as a sentence would give it."""
    digits = 2 if value.denominator in (4, 8) else 1
    return f"{float(value):.{digits}f}".rstrip("0").rstrip(".")


def _named(text: str) -> str:
    """Write "two-thirds of", "a quarter of", and "half" as ``2/3``, ``1/4``, and ``1/2``."""
    many = rf"\b(?P<k>{_NUMERATOR})[ -](?P<name>{_NAME})\b(?![ -](?:grade|time))"
    text = re.sub(many, lambda m: f"{_count(m['k'])}/{_NAMES[m['name']]}", text)
    text = re.sub(rf"\ba (?P<name>{_NAME})\b{_AFTER}", lambda m: f"1/{_NAMES[m['name']]}", text)
    text = re.sub(
        r"(?<!first )(?<!second )(?<!last )(?<!other )(?<!better )\b(?:a )?half\b(?!-)", "1/2", text
    )
    text = re.sub(
        r"\b(?:the|a) (?:vast |large |small |clear |slim )?majority(?: of)?\b",
        "more than 1/2 of",
        text,
    )
    text = re.sub(r"^most (?:of )?(?=[a-z])(?!likely|often)", "more than 1/2 of ", text)
    return re.sub(
        r"\b1/2 (?=(?:the |all |those |these )*(?:students|pupils|kids|children|arrests|referrals"
        r"|suspensions|expulsions|people|those)\b)",
        "1/2 of ",
        text,
    )


def _count(word: str) -> int:
    return _NUMERATORS.get(word) or int(word)


def _in_so_many(text: str) -> str:
    """Write "3 in 4", "3 out of every 4", and "9 of 10" as ``3/4 of``."""
    pattern = (
        r"(?<![\d.,/~-])\b([2-9]) (?:in|out of|of)(?: every)? (10|[3-9])\b"
        r"(?![\d.,/-]*\d)(?: of)?(?! (?:percent|times))"
    )

    def part(match: re.Match[str]) -> str:
        k, of = int(match[1]), int(match[2])
        return f"{k}/{of} of" if k < of <= _LARGE else match[0]

    return re.sub(pattern, part, text)
