"""The API under /api/v1: one table of endpoints validates, answers and documents."""
