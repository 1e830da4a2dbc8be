"""Results of test runs: our event log, and the reports of other tools."""
