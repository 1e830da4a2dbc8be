"""Results of runs: our own event log, and the reports of other tools."""
