"""Closed vocabularies: ids, labels, definitions and sources. Knows nothing of data files."""
