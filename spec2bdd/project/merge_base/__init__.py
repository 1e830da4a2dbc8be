"""Compare what a branch newly claims with the commit at which it left its base."""
