"""Hooks of Behave: each scenario begins with a chat store in a new folder, and removes it afterwards.

The room "lunch" is there, and Ana, Ben and Cleo have joined it. The store's clock shows `context.now`, which a step may
move.
"""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from behave.model import Scenario
from behave.runner import Context

from chatstore import Store


def before_scenario(context: Context, scenario: Scenario) -> None:
    """Make a temporary folder with a store in it."""
    context.folder = Path(tempfile.mkdtemp(prefix="chatstore-"))
    context.path = context.folder / "messages.jsonl"
    context.now = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    context.store = Store(context.path, clock=lambda: context.now)
    context.store.create_room("lunch")
    for member in ("Ana", "Ben", "Cleo"):
        context.store.join_room("lunch", member)


def after_scenario(context: Context, scenario: Scenario) -> None:
    """Remove the temporary folder."""
    shutil.rmtree(context.folder)
