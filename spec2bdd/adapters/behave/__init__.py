"""The only home of Behave: run features with it, ask its step registry, read its settings."""
