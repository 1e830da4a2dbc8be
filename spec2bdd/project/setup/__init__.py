"""What the commands that start a project or a spec find on disk."""
