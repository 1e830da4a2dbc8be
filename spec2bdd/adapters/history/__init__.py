"""The history of criteria: a small SQLite file that can be deleted at any time."""
