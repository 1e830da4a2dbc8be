"""The document of `capabilities`; `docs/assistants.md` describes it."""

from __future__ import annotations

from spec2bdd.reporters.capabilities import Capabilities
from spec2bdd.reporters.json.document import render_document

# Raised when a key is removed or changes its meaning, not when one is added.
VERSION = 1


def render_capabilities_json(capabilities: Capabilities) -> str:
    """Render the capabilities as one document."""
    commands = [
        {
            "name": command.name,
            "summary": command.summary,
            "usage": command.usage,
            "options": [
                {
                    "names": list(option.names),
                    "value": option.value,
                    "help": option.help,
                    "repeatable": option.repeatable,
                }
                for option in command.options
            ],
            "formats": list(command.formats),
        }
        for command in capabilities.commands
    ]
    codes = [
        {
            "name": code.name,
            "severity": code.severity,
            "meaning": code.meaning,
            "fix": code.fix,
            "fixable": code.fixable,
        }
        for code in capabilities.codes
    ]
    schemas = [
        {"name": schema.name, "title": schema.title, "commands": list(schema.commands)}
        for schema in capabilities.schemas
    ]
    return render_document(
        {
            "version": VERSION,
            "command": "capabilities",
            "versions": dict(capabilities.versions),
            "commands": commands,
            "exit_codes": [{"code": code, "meaning": meaning} for code, meaning in capabilities.exit_codes],
            "dialects": [
                {"name": dialect.name, "patterns": list(dialect.patterns)} for dialect in capabilities.dialects
            ],
            "codes": codes,
            "schemas": schemas,
        }
    )
