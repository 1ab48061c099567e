"""Numbers in words and figures, and the unit that they are rounded to."""

from __future__ import annotations

import re

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: at for at, word in enumerate(_ONES)} | {
    word: 10 * (at + 2) for at, word in enumerate(_TENS)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_ANY = "|".join(sorted([*_WORDS, *_SCALES], key=len, reverse=True))
_RUN = re.compile(rf"\b(?:{_ANY})(?:(?:[ -]| and )(?:{_ANY}))*\b")
FRACTIONS = {
    "half": 1 / 2, "a third": 1 / 3, "1 third": 1 / 3, "two thirds": 2 / 3, "2 thirds": 2 / 3,
    "a quarter": 1 / 4, "1 quarter": 1 / 4, "1 fourth": 1 / 4, "a fifth": 1 / 5, "1 fifth": 1 / 5,
    "3 quarters": 3 / 4, "3 fourths": 3 / 4, "a tenth": 1 / 10, "1 tenth": 1 / 10,
}  # fmt: skip


def plain(sentence: str) -> str:
    """Return a sentence in lower case, numbers in figures, dashes and quotes made plain."""
    text = sentence.lower().translate(str.maketrans("’‘“”–—−", "''\"\"---"))
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"(\d)\s*%", r"\1 percent", text).replace("percent", "percent")
    text = re.sub(r"(?<=[a-z])-(?=(?:fold|third|thirds|quarters|fourths)\b)", " ", text)
    text = re.sub(r"\b(\d+(?:\.\d+)?)(?:x|-fold| fold)\b", r"\1 times", text)
    text = _RUN.sub(lambda match: f"{_value(match[0]):g}", text)
    text = re.sub(r"\b(\d+(?:\.\d+)?) (?:fold)\b", r"\1 times", text)
    text = re.sub(r"\b(\d+) and a half\b", r"\1.5", text)
    return re.sub(r"\s+", " ", text).strip()


def _value(words: str) -> float:
    total, current = 0, 0
    for word in re.split(r"[ -]", words):
        if word in _SCALES:
            current = max(current, 1) * _SCALES[word]
            if _SCALES[word] > 100:
                total, current = total + current, 0
        elif word != "and":
            current += _WORDS[word]
    return total + current


def step_of(text: str) -> float:
    """Return the unit that a number is rounded to: 0.1 for 2.9, 10,000 for 70000, 1 for 6."""
    if "." in text:
        return float(10.0 ** -len(text.split(".")[1]))
    zeros = len(text) - len(text.rstrip("0"))
    return float(10**zeros) if zeros >= 3 else 1.0
