"""Load YAML that is no front matter."""

from __future__ import annotations

import yaml


def load_yaml(content: bytes) -> object:
    """Load a YAML document; `None` if it is not valid."""
    try:
        return yaml.safe_load(content)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
