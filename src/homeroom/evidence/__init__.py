"""The evidence base: one DuckDB file, how it is built, and what its rows mean."""
