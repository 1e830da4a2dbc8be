"""Markdown structure: blocks, inline text, task lists and their positions."""
