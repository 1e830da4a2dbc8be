"""What runs said of the criteria in, the same out later: a small SQLite file that nothing else depends on."""
