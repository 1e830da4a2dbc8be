"""Fixtures for the adapters: projects on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from behave_project import DEADLY, DEADLY_FEATURE, NOTING_HOOKS, STEPS, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return an empty project with a few common steps."""
    return Project(tmp_path).write(steps__common_steps_py=STEPS)


@pytest.fixture
def deadly(project: Project) -> Project:
    """Return a project with many scenarios that end the process that runs them."""
    project.write(steps__deadly_steps_py=DEADLY, features__deadly_feature=DEADLY_FEATURE, environment_py=NOTING_HOOKS)
    return project.write(features__last_feature="Feature: Last\n  Scenario: last\n    Then it works\n")
