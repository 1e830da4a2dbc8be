"""Judge specs by the results of runs: verdicts of criteria and done items, and the status of a spec."""
