"""Suggest the next step: the one most useful thing to do after a command, about a spec, or about a criterion."""
