"""Executable specifications: read the checklists of Markdown specs, run them with Behave, mark what was proved."""

__version__ = "0.1.0"
