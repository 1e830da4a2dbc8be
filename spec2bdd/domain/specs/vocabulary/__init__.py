"""The words that headings, tiers and placeholders are recognized by."""
