"""Numbers in words and figures, made plain: one way of writing for everything that says the same.

A sentence may say ``2.7 million``, ``54K``, ``54 321``, ``two-thirds``, ``3 out of 4``, or ``two or
three``. What comes out has figures (``2700000``, ``54000``, ``54321``), parts (``2/3 of``,
``3/4 of``) and ranges (``2~3``), so that each form of a claim is looked for once.
"""

from __future__ import annotations

import re
from decimal import Decimal

from homeroom.claims.grammar.parts import parts

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
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_LETTERS = {"k": "thousand", "m": "million", "mn": "million", "bn": "billion"}

_DIGIT = "(?:" + "|".join(sorted(_ONES[1:10], key=len, reverse=True)) + ")"
_SMALL = (
    f"(?:(?:{'|'.join(_TENS)})(?:[ -]{_DIGIT})?|"
    f"(?:{'|'.join(sorted(_ONES, key=len, reverse=True))}))"
)
"""Numbers below a hundred in words."""
_FIGURE = r"\d+(?:\.\d+)?"
_SCALE = f"(?:{'|'.join(_SCALES)})"
_YEAR = r"(?:19|20)\d\d\b(?!\.)"
_FILLED = (
    "times|percent|percentage|points|hundred|thousand|million|billion|in|out|of|per|"
    "students|pupils|children|kids|arrests|referrals|suspensions|expulsions"
)
"""What may follow a range, and tells it from two numbers side by side."""
_MARKS = str.maketrans(
    "\u2019\u2018\u201c\u201d\u2013\u2014\u2212\u2011\u00a0\u2009\u202f", "''\"\"----   "
)
_SIGNS = {
    "\u00bd": " 1/2", "\u2153": " 1/3", "\u2154": " 2/3", "\u00bc": " 1/4", "\u00be": " 3/4",
    "\u2155": " 1/5", "\u215b": " 1/8",
}  # fmt: skip
_VAGUE = {"tens": 10, "hundreds": 100, "thousands": 1000, "millions": 10**6, "dozens": 12}


def plain(sentence: str) -> str:
    """Return a sentence in lower case, numbers in figures, dashes and quotes made plain."""
    text = sentence.lower().translate(_MARKS)
    text = re.sub("[" + "".join(_SIGNS) + "]", lambda match: _SIGNS[match[0]], text)
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"(?<![\d.-])\b(\d{1,3}(?: \d{3})+)\b(?![-/\d])", _joined, text)
    text = re.sub(r"(\d)\s*%", r"\1 percent", text)
    text = re.sub(r"\bper cent\b", "percent", text)
    text = re.sub(r"\b(\d+(?:\.\d+)?)(?:x|-fold| fold)\b", r"\1 times", text)
    text = re.sub(rf"\b({_FIGURE})({'|'.join(_LETTERS)})\b", _lettered, text)
    text = re.sub(rf"(?<=\d)-(?={_SCALE}\b)", " ", text)
    text = re.sub(r"\s+", " ", text).strip()
    text = parts(_vague(text), before_words=True)
    text = _scaled_ranges(text)
    text = _in_figures(text)
    text = re.sub(r"\b(\d+)[ -]fold\b", r"\1 times", text)
    text = parts(text)
    text = _scaled(text)
    return re.sub(r"\s+", " ", _ranges(text)).strip()


def _joined(match: re.Match[str]) -> str:
    return match[1].replace(" ", "")


def _lettered(match: re.Match[str]) -> str:
    return f"{match[1]} {_LETTERS[match[2]]}"


def _vague(text: str) -> str:
    """Read "hundreds of thousands" as the range that the words allow."""
    words = "|".join(_VAGUE)

    def spoken(match: re.Match[str]) -> str:
        first, second = _VAGUE[match[1]], _VAGUE[match[2]]
        return f"{2 * first * second}~{10 * first * second}"

    text = re.sub(rf"\b({words}) of ({words})\b(?: of)?", spoken, text)
    text = re.sub(r"\b(?:a|one) dozen\b(?: of)?", "12", text)
    text = re.sub(r"\bhalf a dozen\b(?: of)?", "6", text)
    return re.sub(r"\ba(?=(?: few)? (?:hundred|thousand|million|billion)\b)(?! few)", "1", text)


def _scaled_ranges(text: str) -> str:
    """Put the shared scale on both ends of "five or six thousand" and "2-3 million"."""
    one, scale = rf"({_FIGURE}|{_SMALL})", rf"(hundred|{_SCALE})"

    def shared(match: re.Match[str]) -> str:
        low, between, high, unit = match.groups()
        return f"{_times(low, unit)}{between}{_times(high, unit)}"

    text = re.sub(rf"(?<![\d.-])\b{one}( to | or ){one} {scale}\b", shared, text)
    text = re.sub(rf"(?<![\d.-])\b({_FIGURE})(-)({_FIGURE}) {scale}\b", shared, text)
    return re.sub(rf"(?<=\bbetween ){one}( and ){one} {scale}\b", shared, text)


def _times(number: str, unit: str) -> str:
    return _shown(_number(number) * 100) if unit == "hundred" else f"{number} {unit}"


def _in_figures(text: str) -> str:
    """Write words of numbers below a thousand in figures: the scales come later."""
    hundred = rf"\b({_FIGURE}|{_SMALL}) hundred(?:(?: and)? ({_SMALL}))?\b"

    def with_hundred(match: re.Match[str]) -> str:
        below = _small(match[2]) if match[2] else 0
        return _shown(_number(match[1]) * 100 + below)

    text = re.sub(hundred, with_hundred, text)
    return re.sub(rf"\b{_SMALL}\b", lambda match: str(_small(match[0])), text)


def _small(words: str) -> int:
    return sum(_WORDS[word] for word in re.split(r"[ -]", words))


def _number(text: str) -> Decimal:
    return Decimal(text) if text[0].isdigit() else Decimal(_small(text))


def _shown(value: Decimal) -> str:
    """Return a number in full: never as a power of ten."""
    return f"{value.normalize():f}"


def _scaled(text: str) -> str:
    """Multiply figures by the scales that follow them, and add what goes with them."""
    term = rf"{_FIGURE}(?: {_SCALE})+"
    run = rf"\b{term}(?: {term})*(?:(?: and)? \d{{1,3}}\b(?!\.\d|-| (?:percent|times|in|out)))?"

    def added(match: re.Match[str]) -> str:
        total, current = Decimal(0), Decimal(0)
        for word in re.findall(rf"{_FIGURE}|{_SCALE}", match[0]):
            if word in _SCALES:
                current *= _SCALES[word]
            else:
                total, current = total + current, Decimal(word)
        return _shown(total + current)

    return re.sub(run, added, text)


def _ranges(text: str) -> str:
    """Write ranges as ``low~high``: "2-3 times", "3 to 4 percent", "between 2 and 4"."""
    one = rf"(?<![\d.-])\b(?!{_YEAR}){_FIGURE}"
    unit = "(?: (?:times|percent|percentage points|points))?"

    def ordered(match: re.Match[str]) -> str:
        low, high = match["low"], match["high"]
        return f"{low}~{high}" if Decimal(low) < Decimal(high) else match[0]

    between = rf"\bbetween (?P<low>{one}){unit} and (?P<high>(?!{_YEAR}){_FIGURE})\b(?!-)"
    text = re.sub(between, ordered, text)
    side = (
        rf"(?<!from )(?<!grade )(?<!grades )(?<!ages )(?P<low>{one})(?:{unit} (?:to|or) |-)"
        rf"(?P<high>{_FIGURE})\b(?=[ -](?:[a-z]+ )?(?:{_FILLED})\b)"
    )
    return re.sub(side, ordered, text)


def shown(value: float) -> str:
    """Return a number as a person writes it, to three digits where it is not whole."""
    return f"{value:,.0f}" if value == round(value) or abs(value) >= 1000 else f"{value:.3g}"


def step_of(text: str, *, rounded: bool = False) -> float:
    """Return the unit that a number is rounded to: 0.1 for 2.9, 100 for 54300, 1 for 6.

    Numbers under a hundred are taken to the unit, unless ``rounded`` says that the words around
    them call them round ("about 120").
    """
    if "." in text:
        return float(10.0 ** -len(text.split(".")[1]))
    zeros = len(text) - len(text.rstrip("0"))
    return float(10**zeros) if len(text) > 2 or (rounded and len(text) > zeros) else 1.0
