"""Two versions of the bill side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeroom.law.act.parameters import load_act
from homeroom.law.logic import plain

if TYPE_CHECKING:
    from homeroom.law.act.parameters import Act, Bill, Provision, Value


@dataclass(frozen=True, slots=True)
class Change:
    """One provision in two versions: ``same``, ``changed`` or ``unknown``."""

    provision: Provision
    before: Value
    after: Value

    @property
    def change(self) -> str:
        """Compare; where either side is unknown nothing can be said."""
        if self.before.content is None or self.after.content is None:
            return "unknown"
        return "same" if self.before.content == self.after.content else "changed"

    def as_dict(self) -> dict[str, object]:
        """Return the row as plain values."""
        sides = {"before": self.before, "after": self.after}
        return {
            "rule": self.provision.id,
            "title": self.provision.title,
            "change": self.change,
            **{
                name: {
                    "value": plain(value.content),
                    "text_status": str(value.text_status),
                    "citation": value.citation,
                    "source": value.source,
                }
                for name, value in sides.items()
            },
        }


def diff(
    before: str | int, after: str | int, act: Act | None = None
) -> tuple[Bill, Bill, list[Change]]:
    """Compare two versions provision by provision."""
    act = act or load_act()
    first, second = act.bill(before), act.bill(after)
    rows = [
        Change(provision, provision.values[first.id], provision.values[second.id])
        for provision in act.provisions.values()
    ]
    return first, second, rows
