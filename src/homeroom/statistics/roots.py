"""Root finding for many equations at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from homeroom.statistics.statistic import Floats

CLOSE = 1e-12
"""The last step, relative to the root. Newton's error is the square of its last step."""
STEPS = 60
"""More than bisection alone needs from a bracket of a few octaves."""


def newton_in_bracket(
    function: Callable[[Floats], tuple[Floats, Floats]], low: Floats, high: Floats
) -> Floats:
    """Solve an increasing equation element by element.

    Newton's method from the upper end, with a bisection where a step leaves the bracket (the
    safeguard of Press et al., Numerical Recipes, 3rd ed., section 9.4). The score equations of
    ratios and odds are convex, so that no step ever leaves it there.

    Parameters
    ----------
    function
        Gives its values and its derivatives, arrays of the shape that it is given.
    low, high
        Brackets, of one shape: the function is not positive at ``low`` and not negative at
        ``high``.

    Returns
    -------
    numpy.ndarray
        The roots, to within :data:`CLOSE` of themselves where Newton's method converges.
    """
    low, high = low.copy(), high.copy()
    root = high.copy()
    for _ in range(STEPS):
        value, derivative = function(root)
        above = value > 0
        np.copyto(high, root, where=above)
        np.copyto(low, root, where=~above)
        step = np.full_like(value, np.nan)
        np.divide(value, derivative, out=step, where=derivative > 0)
        new = root - step
        outside = ~((new >= low) & (new <= high))
        new = np.where(outside, (low + high) / 2, new)
        done = np.all(np.abs(new - root) <= CLOSE * np.abs(new))
        root = new
        if done:
            break
    return root
