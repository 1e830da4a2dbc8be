"""One module for each tool: how it runs a project, and which criteria it then reports as passed."""
