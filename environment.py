"""Hooks of Behave: each scenario has an empty temporary folder to build a project in, and removes it afterwards."""

import shutil
import tempfile
from pathlib import Path

from behave.model import Scenario
from behave.runner import Context


def before_scenario(context: Context, scenario: Scenario) -> None:
    """Make the folder; `states` will hold what was there before each command, and `answer` what the last one said."""
    context.folder = Path(tempfile.mkdtemp(prefix="spec2bdd-"))
    context.states = []
    context.answer = None


def after_scenario(context: Context, scenario: Scenario) -> None:
    """Remove the folder."""
    shutil.rmtree(context.folder)
