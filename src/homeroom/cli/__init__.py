"""The command line: reads requests, renders answers, computes nothing."""
