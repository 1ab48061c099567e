"""``python -m proofs [PART OF A NAME...]``: run each ``proofs/prove_*.py``."""

from __future__ import annotations

import sys

from scripts.run_each import run_each

sys.exit(run_each("proofs", "prove_", sys.argv[1:]))
