"""Claims: a sentence becomes a question with a stated value, checked against the data."""
