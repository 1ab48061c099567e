"""What must stay unknown: the policy of a release."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from homeroom.errors import BadInput
from homeroom.text_gate import short

MARKER = "*"


@dataclass(frozen=True, slots=True)
class Policy:
    """What is hidden, and how wide what can be derived must stay.

    Attributes
    ----------
    minimum
        A count from 1 to below this is small, and is hidden.
    zeros
        Whether a zero counts as small too. If not, zeros are shown; a zero may still be hidden to
        protect another cell, so that a hidden cell is not known to be above zero.
    low, high
        No more may be derivable of a small cell than a range that contains ``low`` to ``high``.
        None: from 1 (or 0, if zeros are hidden) to ``minimum - 1``.
    marker
        The one sign for every hidden cell.
    """

    minimum: int = 10
    zeros: bool = False
    low: int | None = None
    high: int | None = None
    marker: str = MARKER

    def __post_init__(self) -> None:
        for name in ("minimum", "low", "high"):
            value = getattr(self, name)
            if value is None and name != "minimum":
                continue
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10**6:
                raise BadInput(f"{name}: expected a whole number from 0, found {short(value)}.")
        if self.minimum < 2:
            raise BadInput(f"minimum: expected at least 2, found {self.minimum}.")
        low, high = self.range
        if low >= high:
            raise BadInput(f"expected a range of at least two counts, found {low} to {high}.")
        if not self.marker.strip() or len(self.marker) > 10 or self.marker.strip().isdigit():
            raise BadInput(f"marker: expected a sign such as *, found {short(self.marker)}.")
        if self.marker.strip()[0] in "=+-@<>":
            raise BadInput(
                f"marker: expected a sign that no spreadsheet takes for a formula and that gives "
                f"no bound away, such as *, found {short(self.marker)}."
            )

    @property
    def range(self) -> tuple[int, int]:
        """The least range that must stay possible for every small cell."""
        low = (0 if self.zeros else 1) if self.low is None else self.low
        return low, self.minimum - 1 if self.high is None else self.high

    def is_small(self, count: int) -> bool:
        """Return whether a count must be hidden."""
        return (0 if self.zeros else 1) <= count < self.minimum

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, with the range spelled out."""
        low, high = self.range
        return asdict(self) | {"low": low, "high": high}
