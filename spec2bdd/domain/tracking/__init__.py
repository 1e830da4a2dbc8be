"""Keep the ids of criteria when they are reworded, moved or renamed."""
