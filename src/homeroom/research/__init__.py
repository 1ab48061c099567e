"""What studies found about officers and the alternatives, on both sides, with their weight."""

from homeroom.research.costs import cost, costs, fringe_load
from homeroom.research.library_files import Library, check, load
from homeroom.research.pooling import Pooled, pool
from homeroom.research.query import Evidence, evidence_for, findings
from homeroom.research.synthesis import Synthesis, qualifying, synthesise

__all__ = [
    "Evidence",
    "Library",
    "Pooled",
    "Synthesis",
    "check",
    "cost",
    "costs",
    "evidence_for",
    "findings",
    "fringe_load",
    "load",
    "pool",
    "qualifying",
    "synthesise",
]
