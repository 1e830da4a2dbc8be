"""Faults in the Python processes that steps start."""
