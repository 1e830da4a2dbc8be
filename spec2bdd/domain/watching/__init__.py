"""What `watch` runs after a save or a key."""
