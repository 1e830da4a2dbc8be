"""Judge the challenges of criteria."""
