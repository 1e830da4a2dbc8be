"""The command line: arguments in, a command run, its report printed, an exit code out."""
