"""The formats of Cucumber's, which its own tools and many others read."""
