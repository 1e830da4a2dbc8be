"""What has changed since a revision or a run, and what that affects, by the lines that scenarios ran."""
