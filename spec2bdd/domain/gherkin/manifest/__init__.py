"""The bookkeeping comments of a generated feature file."""
