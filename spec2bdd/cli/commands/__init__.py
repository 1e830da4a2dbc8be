"""The commands, one module each, and one for those about a single criterion."""
