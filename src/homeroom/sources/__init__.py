"""How each publisher writes its files: one module a publisher and layout.

A reader recognizes a file by its content and yields tidy tables with ids repaired and status
kept. It knows nothing of the store.
"""
