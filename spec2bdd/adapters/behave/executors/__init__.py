"""Execute the scenarios of a run in worker processes (`Executor`), in the order that a `Scheduler` chooses."""
