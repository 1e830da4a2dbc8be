"""Read front matter, also where its YAML is broken."""

BROKEN_CODES = frozenset({"front-matter-yaml", "front-matter-boundary"})
"""The codes of front matter that is meant as such, but of which only unambiguous fields are read."""
