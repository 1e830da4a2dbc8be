"""The JSON Schema of each document that `--format json` writes, by the name that `spec2bdd schema` knows it by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from spec2bdd.model.values import dataclass
from spec2bdd.reporters.json.schemas.shapes import Schema


@dataclass(frozen=True, slots=True)
class DocumentSchema:
    """The schema of one document: which commands print it, and the module and function that build it."""

    title: str
    commands: tuple[str, ...]
    home: str

    def build(self) -> Schema:
        """Build the schema, with its title and the version of JSON Schema."""
        module, _, name = self.home.partition(":")
        create: Callable[[], Schema] = getattr(import_module(f"spec2bdd.reporters.json.schemas.{module}"), name)
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": self.title, **create()}


DOCUMENTS: Mapping[str, DocumentSchema] = {
    "report": DocumentSchema(
        "Output of `verify`, `run`, `mark` and of commands that write; not of `report`: see `documentation`",
        ("init", "new", "verify", "generate", "run", "mark", "accept", "eject", "waive", "unwaive", "manual", "tick"),
        "report:build_report_schema",
    ),
    "lint": DocumentSchema("Output of `lint`", ("lint",), "lint:build_lint_schema"),
    "reading": DocumentSchema("Output of `lint --explain-reading`", ("lint",), "lint:build_reading_schema"),
    "status": DocumentSchema("Output of `status`", ("status",), "status:build_status_schema"),
    "explanation": DocumentSchema(
        "Output of `explain`, and of `status` with the name of a spec",
        ("explain", "status"),
        "explanation:build_explanation_schema",
    ),
    "history": DocumentSchema("Output of `history`", ("history",), "explanation:build_history_schema"),
    "challenge": DocumentSchema("Output of `challenge`", ("challenge",), "challenge:build_challenge_schema"),
    "trace": DocumentSchema("Output of `trace`", ("trace",), "trace:build_trace_schema"),
    "documentation": DocumentSchema("Output of `report`", ("report",), "documentation:build_documentation_schema"),
    "branch": DocumentSchema("Output of `report --since`", ("report",), "branch:build_branch_schema"),
    "capabilities": DocumentSchema(
        "Output of `capabilities`", ("capabilities",), "capabilities:build_capabilities_schema"
    ),
}
