"""Classify headings, and decide which lists under them hold criteria."""
