"""Trace a project on disk, find what names mean in it, and read the documents that its specs name."""
