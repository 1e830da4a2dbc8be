"""The runner and the formatter that run inside Behave, and what they replace of it."""
