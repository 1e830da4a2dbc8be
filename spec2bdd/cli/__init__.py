"""The command line: parse arguments, run a command, print its answer, exit with its status."""
