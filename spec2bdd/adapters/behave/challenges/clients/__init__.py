"""Faults in what comes back from outside of the process."""
