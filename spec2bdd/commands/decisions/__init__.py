"""Commands that record a decision about criteria: accept, eject, waive, unwaive, manual and tick."""
