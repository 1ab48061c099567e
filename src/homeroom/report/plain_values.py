"""Values as JSON can hold them: no number that is not finite, no type of our own."""

from __future__ import annotations

import math
from typing import Any


def finite(value: Any) -> Any:
    """Return the value with null where there is no finite number: JSON has no others.

    Parameters
    ----------
    value
        Dictionaries, lists, and what they hold.
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value
