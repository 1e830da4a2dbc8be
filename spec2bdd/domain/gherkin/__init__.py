"""Render specs as Gherkin features."""
