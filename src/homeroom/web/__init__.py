"""The website: reads requests, renders answers, computes nothing."""
