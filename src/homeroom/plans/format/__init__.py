"""How a plan document is read, written, explained, and completed: all from one model."""
