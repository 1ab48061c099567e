"""``python -m benchmarks [PART OF A NAME...]``: run each ``benchmarks/bench_*.py``."""

from __future__ import annotations

import sys

from scripts.run_each import run_each

sys.exit(run_each("benchmarks", "bench_", sys.argv[1:]))
