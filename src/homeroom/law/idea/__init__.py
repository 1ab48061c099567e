"""IDEA significant disproportionality, 34 CFR 300.646-300.647: exact, with reasons."""

from homeroom.law.idea.beside import NOTE, Beside, beside
from homeroom.law.idea.categories import CATEGORIES, GROUPS, Category, Group, category, group_id
from homeroom.law.idea.counts import Counts, counts
from homeroom.law.idea.document import read
from homeroom.law.idea.ratio import ALTERNATE, NOT_CALCULATED, RISK_RATIO, Result, ratios
from homeroom.law.idea.settings import Settings, StateSettings, read_settings, state_settings
from homeroom.law.idea.years import OverYears, flexibility, over_years, with_past

__all__ = [
    "ALTERNATE",
    "CATEGORIES",
    "GROUPS",
    "NOTE",
    "NOT_CALCULATED",
    "RISK_RATIO",
    "Beside",
    "Category",
    "Counts",
    "Group",
    "OverYears",
    "Result",
    "Settings",
    "StateSettings",
    "beside",
    "category",
    "counts",
    "flexibility",
    "group_id",
    "over_years",
    "ratios",
    "read",
    "read_settings",
    "state_settings",
    "with_past",
]
