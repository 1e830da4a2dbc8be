"""A spec and the records of a run in, verdicts and exact edits out."""
