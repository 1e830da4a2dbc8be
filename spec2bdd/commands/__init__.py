"""The use cases, one module each: a `Config` and options in, a `Report` out."""
