"""Diagnostics: their codes, levels and suppressions, and how they are built."""
