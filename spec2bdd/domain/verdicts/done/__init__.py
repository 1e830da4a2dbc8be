"""Judge the items of a definition of done by evidence."""
