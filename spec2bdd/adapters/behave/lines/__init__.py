"""Record which lines of a project its scenarios run, and which of its files they read."""
