"""Text output in a job of GitHub: no line of it is a workflow command."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from spec2bdd.cli.main import main

SPEC = """\
---
feature_id: 1.1
name: "::error::name"
status: Draft
---
# ::error::title

## Acceptance Criteria

### Must Have

- [ ] ::error::a book is lent
- [ ] WORDS
""".replace("WORDS", "::error::words " * 40)


@pytest.mark.parametrize("command", [["explain", "1.1"], ["explain", "1.1#2"], ["run", "-v"]], ids=" ".join)
def test_the_words_of_a_spec_are_no_workflow_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/a.md").write_text(SPEC, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    runner = CliRunner()
    runner.invoke(main, ["generate"])
    shown = runner.invoke(main, command).output
    assert "::error::" in shown
    assert [line for line in shown.splitlines() if line.lstrip().startswith("::")] == []
