"""Trace sections of documents to specs, criteria, scenarios, step definitions and results, and back."""
