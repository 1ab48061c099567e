"""A deterministic reader of sentences: it echoes how it read, and asks instead of guessing."""

from homeroom.claims.grammar.read import Finder, read

__all__ = ["Finder", "read"]
