"""Pure tools for text: edits, positions, normalization and slugs."""
