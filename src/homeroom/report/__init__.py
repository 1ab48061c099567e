"""Sentences, tables, charts and briefs: how figures are said, not where they come from."""
