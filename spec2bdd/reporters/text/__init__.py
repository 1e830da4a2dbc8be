"""Plain text output for people."""
