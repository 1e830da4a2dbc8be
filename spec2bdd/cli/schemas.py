"""The JSON Schemas that `spec2bdd schema` prints: those of the answers, and those of the files that users write."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from spec2bdd.config.json_schemas import build_config_schema, build_front_matter_schema
from spec2bdd.errors import NotFoundError
from spec2bdd.reporters.capabilities import SchemaInfo
from spec2bdd.reporters.json.schemas import DOCUMENTS
from spec2bdd.text.suggest import suggest

_FILES: Mapping[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "config": ("The table `[tool.spec2bdd]`, or spec2bdd.toml", build_config_schema),
    "front-matter": ("The front matter of a spec", build_front_matter_schema),
}


def list_schemas() -> Iterator[SchemaInfo]:
    """List all schemas: first those of answers, then those of files."""
    for name, document in DOCUMENTS.items():
        yield SchemaInfo(name, document.title, document.commands)
    for name, (title, _) in _FILES.items():
        yield SchemaInfo(name, title)


def render_schema(name: str) -> str:
    """Render a schema as JSON.

    Raises:
        NotFoundError: there is none of that name.
    """
    if name in DOCUMENTS:
        schema = DOCUMENTS[name].build()
    elif name in _FILES:
        schema = _FILES[name][1]()
    else:
        close = suggest(name, [*DOCUMENTS, *_FILES])
        hint = f"did you mean `{close}`?" if close else "`spec2bdd schema` lists the names"
        raise NotFoundError(f"no schema is named `{name}`", hint=hint)
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
