"""Trace a project, and tick the boxes of its plan."""
