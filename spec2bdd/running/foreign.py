"""The text of a results file in, the name of the tool's format out that it has, told by what stands in it."""

from __future__ import annotations

import json
import re

_JUNIT = re.compile(r"\ufeff?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<testsuites?\b", re.DOTALL)


def find_foreign_format(text: str) -> str:
    """Return what a file is that is no record file of ours, or nothing if that is not known."""
    if _JUNIT.match(text):
        return "a report in the form of JUnit"
    try:
        read = json.loads(text) if text.lstrip("\ufeff \r\n\t").startswith("[") else None
    except (ValueError, RecursionError):
        return ""
    features = [each for each in read if isinstance(each, dict) and "elements" in each] if read else []
    if not features:
        return ""
    return "a report of Cucumber" if "uri" in features[0] else "a report of Behave in JSON"
