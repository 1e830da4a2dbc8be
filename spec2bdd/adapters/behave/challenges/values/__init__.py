"""Other values in place of those that the product gives to a step."""
