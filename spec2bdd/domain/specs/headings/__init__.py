"""Classify headings, and decide which lists below them hold criteria."""
