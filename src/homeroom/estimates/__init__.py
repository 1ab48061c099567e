"""Rates and disparities of every district from a hierarchical model, with joint draws.

Reading fits (`provider`, `answer`) needs no compiled code; fitting (`run`) loads the kernels.
"""
