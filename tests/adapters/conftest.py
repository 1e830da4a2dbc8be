"""The fixtures of this room: an empty project on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from behave_project import STEPS, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return an empty project with a few common steps."""
    return Project(tmp_path).write(steps__common_steps_py=STEPS)
