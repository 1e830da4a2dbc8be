"""The JSON Schemas of the configuration and of front matter, for editors, in the form of SchemaStore (draft 7).

They are built from the validators and the fields themselves. What a schema cannot express, such as that a folder is
inside of the project, only the validators check.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from typing import Any

from spec2bdd.config.config import Config
from spec2bdd.config.evidence import EVIDENCE_VALIDATORS
from spec2bdd.config.schema import (
    HEADINGS,
    LEVELS,
    LONGEST_LINE,
    REQUIRE_RED,
    SHORTEST_LINE,
    STATUS_KEYS,
    VALIDATORS,
)
from spec2bdd.config.validators import (
    TIERS,
    check_choice,
    check_file,
    check_flag,
    check_folder,
    check_paths,
    check_patterns,
    check_tiers,
)
from spec2bdd.diagnostics.codes import load_codes
from spec2bdd.domain.lint.front_matter import DETAILS, TIMES
from spec2bdd.domain.specs.dialects.registry import DIALECTS
from spec2bdd.domain.specs.front_matter.fields import REQUIRED
from spec2bdd.model import MOST_RETRIES, Status

Schema = dict[str, Any]
"""A JSON Schema, or a part of one."""

_DRAFT = "http://json-schema.org/draft-07/schema#"
# A text that is not blank.
_TEXT: Schema = {"type": "string", "pattern": r"\S"}

# What each function of `config.validators` accepts, given its keywords.
_BY_FUNCTION: Mapping[Callable[..., object], Callable[..., Schema]] = {
    check_choice: lambda choices, **_: {"enum": list(choices)},
    check_flag: lambda **_: {"type": "boolean"},
    check_folder: lambda **_: _TEXT,
    check_file: lambda **_: _TEXT,
    check_patterns: lambda required=True, **_: _build_texts(required=required),
    check_paths: lambda **_: _build_texts(required=True),
    check_tiers: lambda **_: _build_texts(required=True, text={"enum": [str(tier) for tier in TIERS]}),
}


def build_config_schema() -> Schema:
    """Build the schema of `[tool.spec2bdd]`, which is also that of spec2bdd.toml."""
    special: Mapping[str, Schema] = {
        "dialect": _build_table({"enum": [dialect.name for dialect in DIALECTS]}),
        "language": _TEXT,
        "line-length": {"type": "integer", "minimum": SHORTEST_LINE, "maximum": LONGEST_LINE},
        "require-red": {"enum": [*REQUIRE_RED, True, False]},
        "base": {"type": "string", "pattern": r"^[^-\s]\S*$"},
        "headings": _build_table({"type": "array", "items": _TEXT}, names=HEADINGS),
        "lint": _build_table(
            {"enum": list(LEVELS)},
            names=[
                name for code in load_codes().values() if code.configurable for name in (code.name, code.former) if name
            ],
        ),
        "statuses": _build_table(_TEXT, names=STATUS_KEYS),
        "done": _build_table(
            {
                "type": "object",
                "properties": {key: _describe(validate) for key, validate in EVIDENCE_VALIDATORS.items()},
                "additionalProperties": False,
            }
        ),
        "jobs": {"anyOf": [{"type": "integer", "minimum": 1}, {"const": "auto"}]},
        "timeout": {"type": "number", "minimum": 0},
        "retries": {"type": "integer", "minimum": 0, "maximum": MOST_RETRIES},
    }
    meanings = read_key_docs()
    return {
        "$schema": _DRAFT,
        "title": "spec2bdd: the table [tool.spec2bdd] of pyproject.toml, or spec2bdd.toml",
        "type": "object",
        "properties": {
            key: {
                "description": meanings[key.replace("-", "_")],
                **(special[key] if key in special else _describe(validate)),
            }
            for key, validate in VALIDATORS.items()
        },
        "additionalProperties": False,
    }


def build_front_matter_schema() -> Schema:
    """Build the schema of the front matter of a spec in the template's form; further fields are allowed."""
    meanings = {
        "feature_id": "The id of the feature, such as 3.2; in quotes where YAML would read another text.",
        "name": "The name of the feature.",
        "status": f"{', '.join(Status)}, or a status that spec2bdd keeps; `mark` and `verify` change it.",
        "owner": "Who is responsible.",
        "branch": "The branch of the feature.",
        "created": "When the spec was written, with the UTC offset.",
        "updated": "When the spec was last changed, with the UTC offset; `mark` and `verify` change it.",
        "prd_section": "The section of the requirements document.",
        "implementation_plan_section": "The section of the implementation plan.",
    }
    scalar: Schema = {"type": ["string", "number", "boolean"]}
    shapes: Mapping[str, Schema] = {
        "status": {"type": "string", "examples": [str(status) for status in Status]},
        **{key: {"type": "string", "format": "date-time"} for key in TIMES},
    }
    return {
        "$schema": _DRAFT,
        "title": "spec2bdd: the front matter of a spec",
        "type": "object",
        "properties": {
            key: {"description": meanings[key], **shapes.get(key, scalar)}
            for key in dict.fromkeys((*REQUIRED, *DETAILS))
        },
        "required": list(REQUIRED),
    }


def read_key_docs() -> Mapping[str, str]:
    """Read the strings under the fields of `Config`, which Python itself does not keep."""
    (tree,) = [node for node in ast.parse(inspect.getsource(Config)).body if isinstance(node, ast.ClassDef)]
    return {
        field.target.id: " ".join(str(text.value.value).split())
        for field, text in pairwise(tree.body)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
    }


def _describe(validate: Callable[[object], object]) -> Schema:
    """Describe what a validator accepts; anything, where it is not one that many keys share."""
    if isinstance(validate, partial) and validate.func in _BY_FUNCTION:
        return _BY_FUNCTION[validate.func](**validate.keywords)
    return {}


def _build_texts(*, required: bool, text: Schema = _TEXT) -> Schema:
    """Build the schema of one text, or a list of texts."""
    many: Schema = {"type": "array", "items": text}
    return {"anyOf": [text, {**many, "minItems": 1} if required else many]}


def _build_table(values: Schema, *, names: Any = None) -> Schema:
    """Build the schema of a table whose values are all alike, with any names or with these."""
    if names is None:
        return {"type": "object", "additionalProperties": values}
    return {"type": "object", "properties": dict.fromkeys(names, values), "additionalProperties": False}
