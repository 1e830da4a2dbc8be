"""Derive the status of a spec, and what blocks it."""
