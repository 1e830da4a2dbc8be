"""Check how specs are written, one module per rule family, and fix what is mechanical."""
