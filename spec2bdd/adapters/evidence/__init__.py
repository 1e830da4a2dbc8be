"""Readers of the reports that done items may ask for: coverage, JUnit, benchmarks."""
