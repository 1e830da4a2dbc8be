"""A spec and what a person decided of one of its criteria in, the edited text out, proved by reading it again."""
