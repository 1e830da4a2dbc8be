"""Markdown text in, `Spec` out: the only home of marko and frontmatter."""
