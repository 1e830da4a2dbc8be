"""Render the Markdown of a spec as HTML that is safe to put into a page."""
