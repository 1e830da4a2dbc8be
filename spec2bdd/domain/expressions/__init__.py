"""Step patterns: matchers, parameters and ambiguity."""
