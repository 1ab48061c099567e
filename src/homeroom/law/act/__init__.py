"""The Counseling Not Criminalization in Schools Act, four times introduced, as rules.

It is a bill, not law; every answer says so.
"""

from homeroom.law.act.check import Check, check
from homeroom.law.act.diff import diff
from homeroom.law.act.facts import LeaFacts, facts_from
from homeroom.law.act.parameters import load_act
from homeroom.law.act.report import yearly_report
from homeroom.law.act.uses import Fit, use

__all__ = [
    "Check",
    "Fit",
    "LeaFacts",
    "check",
    "diff",
    "facts_from",
    "load_act",
    "use",
    "yearly_report",
]
