"""The formats of a trace that other tools read: tables, items with links, and graphs."""
