"""The operating system: files, processes, locks and git."""
