"""What a project remembers between commands, in a folder that may be deleted at any time."""
