"""The `watch` command: one process that waits, and one for each run."""
