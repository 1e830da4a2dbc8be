"""Find the criteria of a spec and their annotations."""
