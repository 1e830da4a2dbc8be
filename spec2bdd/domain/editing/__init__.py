"""Plan exact edits of a spec: marks and annotations, each verified by reading the edited text again."""
