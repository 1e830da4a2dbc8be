"""The edges of the program: each package is the only home of one outside thing."""
