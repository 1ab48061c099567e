"""Check a certificate in whole numbers, without a solver and without the code that made it.

The checker makes every equation anew from the cells' keys, so that no equation can be left out of a
certificate. It knows nothing of linear programs: it adds, and compares.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from homeroom.errors import BadInput

_FORMAT = "homeroom-certificate-1"
_ITSELF = -1
_KEYS = (
    "format", "policy", "dimensions", "cells", "counts", "published", "hidden", "known", "facts",
    "witnesses", "proofs",
)  # fmt: skip
_Key: TypeAlias = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """What a certificate proves.

    Attributes
    ----------
    cells, hidden, small
        How many cells there are in the tables, are hidden, and are hidden by the policy.
    witnesses
        How many other tables equal the published one in everything shown.
    narrowest
        The least proven width: of each small cell, that many counts above the least possible one
        are possible too. None where nothing is small.
    """

    cells: int
    hidden: int
    small: int
    witnesses: int
    narrowest: int | None


def verify(document: Any) -> Verified:
    """Return what a certificate proves.

    Parameters
    ----------
    document
        A certificate as read from JSON.

    Raises
    ------
    BadInput
        It is no certificate, or proves less than its policy asks for; the message names no count.
    """
    certificate = _Certificate(document)
    certificate.check_counts()
    certificate.check_hidden()
    for number, witness in enumerate(certificate.witnesses):
        certificate.check_witness(number, witness)
    return certificate.proven()


class _Certificate:
    """A certificate under examination."""

    def __init__(self, document: Any) -> None:
        if not isinstance(document, dict) or document.get("format") != _FORMAT:
            raise BadInput("expected a certificate of a release, found another document.")
        if set(document) != set(_KEYS):
            raise BadInput(f"certificate: expected the keys {', '.join(_KEYS)}.")
        try:
            self.low, self.high = document["policy"]["low"], document["policy"]["high"]
            self.minimum, self.zeros = document["policy"]["minimum"], document["policy"]["zeros"]
            self.keys: list[_Key] = [tuple(map(tuple, key)) for key in document["cells"]]
            self.counts: list[int] = list(map(_whole, document["counts"]))
            self.published = _whole(document["published"])
            self.hidden = set(map(_whole, document["hidden"]))
            self.known = set(map(_whole, document["known"]))
            self.facts = [
                (
                    [(_whole(cell), _whole(one)) for cell, one in fact["weights"]],
                    fact["low"], fact["high"],
                )
                for fact in document["facts"]
            ]  # fmt: skip
            self.witnesses = [
                {_whole(cell): _whole(change) for cell, change in one}
                for one in document["witnesses"]
            ]
            self.proofs = {_whole(cell): (down, up) for cell, down, up in document["proofs"]}
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput("certificate: expected another form of its parts.") from error
        size = len(self.keys)
        named = [*self.hidden, *self.known, *self.proofs]
        named += [cell for one in self.witnesses for cell in one]
        named += [cell for weights, _, _ in self.facts for cell, _ in weights]
        if len(self.counts) != size or any(not 0 <= cell < size for cell in named):
            raise BadInput("certificate: expected a count for each cell, and cells that exist.")
        if len(set(self.keys)) != size:
            raise BadInput("certificate: expected each cell once.")
        self.equations = self._equations()
        self.touching: dict[int, list[int]] = {}
        for number, (total, parts) in enumerate(self.equations):
            for cell in (total, *parts):
                self.touching.setdefault(cell, []).append(number)

    def _equations(self) -> list[tuple[int, list[int]]]:
        """Make every total's equation from the keys: parts extend one code by one step."""
        index = {key: cell for cell, key in enumerate(self.keys)}
        found: dict[tuple[int, int], list[int]] = {}
        for key, cell in index.items():
            for at, code in enumerate(key):
                if code:
                    above = index.get((*key[:at], code[:-1], *key[at + 1 :]))
                    if above is not None:
                        found.setdefault((above, at), []).append(cell)
        return [(total, parts) for (total, _), parts in found.items()]

    def check_counts(self) -> None:
        """Check that the counts are a table: none below zero, totals equal to their parts."""
        if any(count < 0 for count in self.counts):
            raise BadInput("certificate: expected counts from 0.")
        for total, parts in self.equations:
            if self.counts[total] != sum(self.counts[cell] for cell in parts):
                raise BadInput("certificate: expected totals equal to their parts.")
        self._check_facts({})

    def check_hidden(self) -> None:
        """Check that all the policy hides is hidden, and proved."""
        least = 0 if self.zeros else 1
        small = {
            cell
            for cell in range(self.published)
            if least <= self.counts[cell] < self.minimum and cell not in self.known
        }
        if self.known & self.hidden:
            raise BadInput("certificate: a cell is hidden that an earlier release shows.")
        if not small <= self.hidden:
            raise BadInput(f"certificate: {len(small - self.hidden)} small cells are shown.")
        if set(self.proofs) != small:
            raise BadInput("certificate: expected a proof for each small cell, and no other.")

    def check_witness(self, number: int, changes: dict[int, int]) -> None:
        """Check that a witness is a table that equals ours in everything shown."""
        for cell, change in changes.items():
            if cell < self.published and cell not in self.hidden:
                raise BadInput(f"certificate: witness {number} changes a cell that is shown.")
            if self.counts[cell] + change < 0:
                raise BadInput(f"certificate: witness {number} has a count below 0.")
        for equation in {one for cell in changes for one in self.touching.get(cell, ())}:
            total, parts = self.equations[equation]
            if changes.get(total, 0) != sum(changes.get(cell, 0) for cell in parts):
                raise BadInput(f"certificate: witness {number} has a total unlike its parts.")
        self._check_facts(changes)

    def _check_facts(self, changes: dict[int, int]) -> None:
        for weights, low, high in self.facts:
            value = sum(one * (self.counts[cell] + changes.get(cell, 0)) for cell, one in weights)
            if (low is not None and value < low) or (high is not None and value > high):
                raise BadInput("certificate: something else that is published does not hold.")

    def proven(self) -> Verified:
        """Check that each small cell's witnesses reach the ends of the policy's range."""
        narrowest: int | None = None
        for cell, (down, up) in self.proofs.items():
            low, high = self._value(cell, down), self._value(cell, up)
            if low > self.low or high < self.high:
                raise BadInput("certificate: a small cell is proved for less than the policy asks.")
            narrowest = high - low if narrowest is None else min(narrowest, high - low)
        return Verified(
            self.published, len(self.hidden), len(self.proofs), len(self.witnesses), narrowest
        )

    def _value(self, cell: int, witness: object) -> int:
        number = _whole(witness)
        if number == _ITSELF:
            return self.counts[cell]
        if not 0 <= number < len(self.witnesses):
            raise BadInput("certificate: a proof names a witness that is not there.")
        return self.counts[cell] + self.witnesses[number].get(cell, 0)


def compare(document: Any, rows: Iterable[tuple[_Key, str]]) -> int:
    """Check that a published table shows what its certificate says, and return its cells.

    Parameters
    ----------
    document
        A certificate that was verified.
    rows
        Keys and printed values of a published table.

    Raises
    ------
    BadInput
        A cell is shown that is hidden, or another number stands there.
    """
    counts = {
        tuple(map(tuple, key)): (cell, count)
        for cell, (key, count) in enumerate(zip(document["cells"], document["counts"], strict=True))
    }
    hidden, marker = set(document["hidden"]), document["policy"]["marker"]
    seen = 0
    for key, printed in rows:
        if key not in counts:
            raise BadInput("expected the cells of the certificate, found another cell.")
        cell, count = counts[key]
        if printed.strip() != (marker if cell in hidden else str(count)):
            what = "a number where a cell is hidden" if cell in hidden else "another number"
            raise BadInput(f"expected the table of the certificate, found {what}.")
        seen += 1
    return seen


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value
