"""Challenges: one fault in the product, one scenario run again, to see whether a check of the steps notices."""
