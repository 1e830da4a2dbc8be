"""What the JSON reports of Cucumber and Behave have in common: a list of features, and tags."""

from __future__ import annotations

import json

from spec2bdd.adapters.formats import starts_with
from spec2bdd.adapters.formats.json import JsonObject
from spec2bdd.errors import EvidenceError

UNKNOWN_REPORT = "neither a record file nor a report of Cucumber or Behave"


def is_json_list(content: bytes) -> bool:
    """Whether a file looks like a JSON list."""
    return starts_with(content, (b"[",))


def parse_features(content: bytes) -> list[JsonObject]:
    """Parse the features of a report.

    Raises:
        EvidenceError: it is no such report, is not whole, or holds no feature.
    """
    try:
        value = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise EvidenceError("the report is not UTF-8") from error
    # The parser is recursive, so deep nesting exhausts the stack.
    except RecursionError as error:
        raise EvidenceError("the JSON is nested too deeply") from error
    except ValueError as error:
        hint = "rerun the tool that writes the report"
        raise EvidenceError(f"invalid or truncated JSON: {error}", hint=hint) from error
    if not value:
        raise EvidenceError("no features in the report", hint="check why nothing was run")
    is_list = isinstance(value, list) and all(isinstance(feature, dict) and "name" in feature for feature in value)
    # A feature without scenarios may have no `elements`, but not all of them.
    if not is_list or not any("elements" in feature for feature in value):
        raise EvidenceError(UNKNOWN_REPORT)
    return list(value)


def find_tags(item: JsonObject) -> tuple[str, ...]:
    """Find the tags of a feature or scenario without `@`; Cucumber writes objects with names, Behave strings."""
    tags = item.get("tags")
    names = [tag.get("name") if isinstance(tag, dict) else tag for tag in tags] if isinstance(tags, list) else []
    return tuple(name.removeprefix("@") for name in names if isinstance(name, str))
