"""The beginnings of files of the dialects, each with one criterion, for tests of what is below it."""

from __future__ import annotations

from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Spec

STARTS = {
    "specs/a.md": "---\nfeature_id: 1.1\nname: A\nstatus: Draft\n---\n\n## Must Have\n\n- [ ] A book is lent\n\n",
    "specs/001-a/spec.md": (
        "# Feature Specification: A\n\n**Feature Branch**: `001-a`\n\n### User Story 1 - A (Priority: P1)\n\n"
        "**Acceptance Scenarios**:\n\n1. **Given** a, **When** b, **Then** c\n\n"
    ),
    "openspec/specs/a/spec.md": (
        "# A\n\n## Requirements\n\n### Requirement: A\nIt SHALL.\n\n#### Scenario: B\n- **WHEN** a\n- **THEN** b\n\n"
    ),
    ".kiro/specs/a/requirements.md": (
        "# R\n\n### Requirement 1\n\n#### Acceptance Criteria\n\n1. THE System SHALL b\n\n"
    ),
    "docs/stories/1.1.a.md": "# Story 1.1: A\n\n## Story\n\nAs a\n\n## Acceptance Criteria\n\n1. A works\n\n",
    "backlog/tasks/task-1 - A.md": (
        "---\nid: task-1\ntitle: A\nstatus: To Do\n---\n\n## Acceptance Criteria\n"
        "<!-- AC:BEGIN -->\n- [ ] #1 a\n<!-- AC:END -->\n\n"
    ),
    "specs/a.feature.md": "# Feature: A\n\n## Scenario: B\n\n* Given a\n* Then c\n\n",
}


def read(path: str, below: str) -> Spec:
    """Read a file of a dialect with one criterion, and more."""
    return parse_spec(path, (STARTS[path] + below).encode())


def list_codes(spec: Spec) -> list[str]:
    """List the codes of the diagnostics."""
    return [found.code for found in spec.diagnostics]
