"""Specs and what earlier features remember in, feature text and step stubs out."""
