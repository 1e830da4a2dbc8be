"""The reading room: the bytes of a Markdown spec in, a `Spec` out; the only home of marko, YAML and frontmatter."""
