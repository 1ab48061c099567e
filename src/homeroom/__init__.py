"""Homeroom: police or counselors? The public evidence, for every school district."""

__version__ = "0.1.0"
