"""The machine that a benchmark ran on, for the results' columns."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path


def describe() -> dict[str, str | int | float]:
    """Return processor, cores, memory, load, system, versions and day, without the machine's name.

    A load above 0 says that others used the cores: times are then longer than the work takes.
    """
    return {
        "processor": _line("/proc/cpuinfo", "model name") or platform.processor() or "unknown",
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 0,
        "memory_gb": round(int((_line("/proc/meminfo", "MemTotal") or "0").split()[0]) / 2**20),
        "load_before": round(os.getloadavg()[0], 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "duckdb": version("duckdb"),
        "polars": version("polars"),
        "day": datetime.now(UTC).date().isoformat(),
    }


def _line(path: str, key: str) -> str | None:
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    found = (line.split(":", 1)[1].strip() for line in lines if line.startswith(key))
    return next(found, None)
