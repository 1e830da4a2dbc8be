"""Find demands that are not where a spec has its criteria: in tables, and as items in the forms of requirements."""
