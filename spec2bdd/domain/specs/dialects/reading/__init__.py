"""What the dialects share: start a spec, read its sections, build its criteria, and report what is not read."""
