"""Find the commit at which a branch left its base, and check it out."""
