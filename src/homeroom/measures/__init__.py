"""Figures: counts, rates, ratios, intervals, staffing. The one door to numbers."""
