"""Gherkin syntax: keywords, step arguments and outlines."""
