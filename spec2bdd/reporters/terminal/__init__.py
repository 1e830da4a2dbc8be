"""Terminal layout, colours, escaping and progress."""
