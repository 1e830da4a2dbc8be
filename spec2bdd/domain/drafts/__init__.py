"""Draft new specs: where a new file goes, and what an issue says about it."""
