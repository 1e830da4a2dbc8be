"""Fix mechanical problems with exact edits."""
