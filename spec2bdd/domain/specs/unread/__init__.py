"""Find what looks like a criterion, a box or a heading of criteria, and was not read as one."""
