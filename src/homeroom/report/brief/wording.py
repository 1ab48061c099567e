"""How a brief writes money and shares: rounded to what a reader can use, with a real minus."""

from __future__ import annotations

from collections.abc import Mapping


def money(value: float) -> str:
    """Write dollars as a budget line can bear them: millions to two decimals, else thousands."""
    sign, size = "\u2212" if value < 0 else "", abs(value)
    if round(size, -3) >= 1_000_000:
        return f"{sign}${size / 1_000_000:,.2f} million"
    return f"{sign}${round(size, -3):,.0f}" if size >= 1000 else f"{sign}${size:,.0f}"


def cost(part: Mapping[str, float], between: str = " ") -> str:
    """Write a cost with its low and high ends."""
    central, low, high = (money(part[name]) for name in ("central", "low", "high"))
    if part["low"] == part["high"]:
        return central
    if low.endswith(" million") and high.endswith(" million"):
        low, high = (end.replace("$", "") for end in (low.removesuffix(" million"), high))
    return f"{central}{between}({low} to {high})"
