"""Run work units in a pool of worker processes."""
