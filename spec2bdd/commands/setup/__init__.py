"""The commands that start something: a project, a spec."""
