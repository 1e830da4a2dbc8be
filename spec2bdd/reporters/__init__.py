"""A report in, text or JSON out; one module per format."""
