"""Claims as data: a sentence is read into a question with a stated value, and held to the data."""
