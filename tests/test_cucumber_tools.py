"""Cucumber's own tools read our messages: the schema accepts them, and the HTML formatter shows the right counts."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from planned_project import HOSTILE
from played_features import parse, play_rooms
from spec_tool import NODE_MODULES

from spec2bdd.model import ScenarioResult
from spec2bdd.reporters.registry import REPORTERS, RenderOptions

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "")
SCHEMA = NODE_MODULES / "@cucumber/messages/messages.schema.json"
FORMATTER = NODE_MODULES / "@cucumber/html-formatter"
FORMAT = Path(__file__).parent / "browser/format.mjs"


def render_rooms() -> str:
    """Render messages with a try that failed, the error of a hook, and hostile texts."""
    feature = parse()
    first = ScenarioResult(feature.path, 9, "It opens", (), "failed", failures=("before_scenario: boom",))
    answer = play_rooms(tries=(first,), output="\n".join(HOSTILE.values()))
    return REPORTERS["cucumber-messages"].render(answer, RenderOptions())


@pytest.mark.skipif(not SCHEMA.exists(), reason="not installed: @cucumber/messages (see .ci/run)")
def test_the_messages_are_valid_by_the_published_schema() -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    messages = [json.loads(line) for line in render_rooms().splitlines()]
    assert [error.message for message in messages for error in validator.iter_errors(message)] == []


@pytest.mark.skipif(
    not (BROWSER and shutil.which("node") and FORMATTER.exists()),
    reason="not installed: Chromium, Node.js or @cucumber/html-formatter (see .ci/run)",
)
def test_the_html_formatter_shows_how_many_scenarios_have_each_status(tmp_path: Path) -> None:
    messages, page = tmp_path / "messages.ndjson", tmp_path / "report.html"
    messages.write_text(render_rooms(), encoding="utf-8")
    subprocess.run(["node", str(FORMAT), str(NODE_MODULES), str(messages), str(page)], check=True, timeout=120)
    # The page counts in its own script.
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000", "--dump-dom"]
    done = subprocess.run([BROWSER, *options, page.as_uri()], capture_output=True, text=True, check=True, timeout=120)
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", done.stdout, flags=re.DOTALL)
    words = " ".join(text.split())
    assert "(3 / 7) passed" in words
    assert "passed 3 skipped 1 pending 1 undefined 1 failed 1" in words
