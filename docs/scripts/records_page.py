"""Render the tables of `records.md` from the schema of a line of the records, `records.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generated_part import replace_part

SCHEMA = Path(__file__).resolve().parents[1] / "records.schema.json"


def render_page(page: str) -> str:
    """Return the page with its generated tables up to date."""
    definitions = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    events = {name: definition for name, definition in definitions.items() if "event" in _get_keys(definition)}
    page = replace_part(page, "events", _render_events(events))
    return replace_part(page, "keys", "\n\n".join(_render_event(*event, definitions) for event in events.items()))


def _get_keys(definition: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the keys that the events of a definition have."""
    keys: Mapping[str, Any] = definition.get("properties", {})
    return keys


def _render_events(events: Mapping[str, Any]) -> str:
    """Render the overview: each event with its keys."""
    rows = "".join(
        f"| [`{name}`](#{name}) | {event['description']} | "
        f"{', '.join(f'`{key}`' for key in _get_keys(event) if key != 'event')} |\n"
        for name, event in events.items()
    )
    return f"| event | when | keys besides `event` |\n|---|---|---|\n{rows}"


def _render_event(name: str, event: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """Render the keys of one event, and under each key that holds objects, the keys of these."""
    rows = "".join(
        f"| `{key}` | {_render_type(value, definitions)} | {value.get('description', '')} |\n"
        for key, value in _list_keys("", event)
        if key != "event"
    )
    return f"### {name}\n\n| key | type | meaning |\n|---|---|---|\n{rows}".strip()


def _list_keys(prefix: str, value: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the keys of an object, those of nested objects with their path, such as `asked.jobs` and `rest[].line`."""
    for key, nested in _get_keys(value).items():
        yield f"{prefix}{key}", nested
        for choice in nested.get("oneOf", [nested]):
            yield from _list_keys(f"{prefix}{key}.", choice)
        yield from _list_keys(f"{prefix}{key}[].", nested.get("items", {}))


def _render_type(value: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """Render the type of a key in words; `null` is an alternative like any other."""
    if "$ref" in value:
        return _render_type(definitions[value["$ref"].rpartition("/")[2]], definitions)
    if "const" in value:
        return f"`{json.dumps(value['const'])}`"
    if "enum" in value:
        return ", ".join(f"`{json.dumps(choice)}`" for choice in value["enum"])
    if "oneOf" in value:
        return " or ".join(_render_type(choice, definitions) for choice in value["oneOf"])
    if value.get("type") == "array":
        return f"array of {_render_type(value['items'], definitions)}"
    return str(value.get("type", "any"))
