"""How kernels are compiled: cached in the user's folder, without reordering of sums."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import platformdirs
from numba import config as numba_config
from numba import njit
from numpy.typing import NDArray

if not os.environ.get("NUMBA_CACHE_DIR"):  # the package's folder may be read-only, or shared
    numba_config.CACHE_DIR = str(Path(platformdirs.user_cache_dir("homeroom")) / "kernels")

Array = NDArray[Any]
"""An array of whole numbers or of floats, as kernels take them."""
_SAFE = {"contract", "nsz", "nnan", "ninf"}
"""Never ``reassoc``: it would undo the rounding trick of `fast_exp` and the order of sums."""


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function to machine code that runs without the interpreter's lock."""
    return njit(cache=True, nogil=True, fastmath=_SAFE, error_model="numpy")(function)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile a small function into each kernel that calls it, so that its loops become vectors."""
    return njit(cache=True, nogil=True, fastmath=_SAFE, error_model="numpy", inline="always")(
        function
    )
