"""Hardened parsers for XML and JSON."""
