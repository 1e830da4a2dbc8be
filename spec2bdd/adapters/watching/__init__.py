"""What `watch` needs of the system: file events, single keys, and a process that sends messages."""
