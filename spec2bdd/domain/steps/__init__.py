"""Step modules as source code: definitions, stubs, renames and pruning."""
