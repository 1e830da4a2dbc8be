"""What a change of the project can affect, by the lines that scenarios ran and the files that they read."""
