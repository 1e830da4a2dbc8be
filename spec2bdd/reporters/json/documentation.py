"""The document of `report`; `docs/report.md` describes its keys."""

from __future__ import annotations

from spec2bdd.model import Verdict
from spec2bdd.model.explanation import Documentation
from spec2bdd.reporters.json.document import render_document
from spec2bdd.reporters.json.explanation import explanation_to_json
from spec2bdd.reporters.timeline import list_changes

# Raised when a key is removed or changes its meaning, not when one is added.
VERSION = 1


def render_documentation_json(documentation: Documentation) -> str:
    """Render the documentation of a project."""
    counted = {"passed": Verdict.PASSED, "failed": Verdict.FAILED, "pending": Verdict.PENDING}
    return render_document(
        {
            "version": VERSION,
            "command": "report",
            "name": documentation.name,
            "made": documentation.made,
            "exit_code": documentation.exit_code,
            "history": [
                {
                    "run": run.id,
                    "started": run.started,
                    "commit": run.commit,
                    **{key: run.counts.get(verdict, 0) for key, verdict in counted.items()},
                }
                for run in documentation.timeline.runs
            ],
            "changes": [
                {"id": changed.id, "path": changed.document.explanation.spec.spec.path, "change": str(changed.change)}
                for changed in list_changes(documentation)
            ],
            "unusable": documentation.unusable,
            "specs": [
                {
                    "key": document.key,
                    "stage": document.stage and str(document.stage),
                    "proved": document.is_proved,
                    **explanation_to_json(document.explanation),
                }
                for document in documentation.specs
            ],
            "notes": list(documentation.notes),
        }
    )
