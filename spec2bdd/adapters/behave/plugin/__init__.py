"""The formatter and the runner that run inside Behave."""
