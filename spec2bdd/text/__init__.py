"""Pure tools for text: edits, positions, normalization, slugs and suggestions."""
