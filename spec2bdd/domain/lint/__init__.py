"""The linting room: specs in, findings about how they are written and exact fixes out."""
