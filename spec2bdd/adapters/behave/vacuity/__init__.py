"""Find step definitions that can never fail."""
