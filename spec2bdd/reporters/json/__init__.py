"""JSON output with a versioned schema."""
