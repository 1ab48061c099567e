"""What studies found about officers and the alternatives, on both sides, with their weight."""

from homeroom.research.balance import Balance, balance
from homeroom.research.costs import cost, costs, fringe_load
from homeroom.research.library_files import Library, check, load
from homeroom.research.pooling import Pooled, pool
from homeroom.research.query import Evidence, evidence_for, findings
from homeroom.research.summary import Summary, at_a_glance, summarize
from homeroom.research.synthesis import Synthesis, qualifying, synthesise

__all__ = [
    "Balance",
    "Evidence",
    "Library",
    "Pooled",
    "Summary",
    "Synthesis",
    "at_a_glance",
    "balance",
    "check",
    "cost",
    "costs",
    "evidence_for",
    "findings",
    "fringe_load",
    "load",
    "pool",
    "qualifying",
    "summarize",
    "synthesise",
]
