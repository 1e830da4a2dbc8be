"""What fails in the background of a scenario, by its kind."""
