"""Feature files in, records out: the only home of behave."""
