"""A project on disk: load it, select scenarios, run them, and assess the specs."""
