"""The templates of generated files, and the one function that renders them: the only home of jinja2."""
