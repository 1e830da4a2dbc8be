"""Load features, hooks and step modules one by one, so that a broken file does not hide the others."""
