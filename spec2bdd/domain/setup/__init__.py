"""What `init` writes: whole new files, and additions to files that exist, of which every byte stays."""
