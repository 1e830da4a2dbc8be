"""Split the text of a criterion into steps."""
