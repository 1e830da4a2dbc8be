"""What is known of the values of expressions in a step, without running it."""
