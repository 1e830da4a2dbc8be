"""Plan the files that `generate` writes."""
