"""Read front matter, also where its YAML is broken."""
