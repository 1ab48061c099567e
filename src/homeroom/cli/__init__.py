"""The command line: parses requests, renders answers; computes nothing."""
