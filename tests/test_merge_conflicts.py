"""A merge conflict in any file that is read is one error at its first marker, with a hint that resolves it."""

from __future__ import annotations

from pathlib import Path

import program
import pytest
from small_project import read_all, write_files
from test_branches import FEATURE_PATH, SPEC, SPEC_PATH, commit, git

import spec2bdd
from spec2bdd.errors import ConfigError
from spec2bdd.text.conflicts import find_conflict_marker

CONFLICT = "<<<<<<< HEAD\n{ours}\n=======\n{theirs}\n>>>>>>> other\n"
STEPS = 'from behave import then\n\n\n@then("it is on")\ndef it_is_on(context):\n    assert context.on\n'
GENERATED = (
    "the file is generated: resolve any conflict of its spec, "
    f"run `git checkout --ours {FEATURE_PATH}`, then `spec2bdd generate`"
)
RESOLVE = "resolve the merge conflict"
IMPORT = "cannot be loaded: `<<<<<<<` is a conflict marker"


def merge_rewordings(root: Path) -> str:
    """Merge two branches that reword one criterion, and resolve all conflicts but that of its feature file."""
    git(root, "init", "-q", "-b", "main")
    commit(root, SPEC)
    git(root, "checkout", "-q", "-b", "other")
    commit(root, SPEC.replace("fresh eggs every", "fresh brown eggs every"))
    git(root, "checkout", "-q", "main")
    commit(root, SPEC.replace("fresh eggs every", "fresh white eggs every"))
    assert git(root, "merge", "-q", "-m", "both", "other").returncode == 1
    write_files(root, {SPEC_PATH: SPEC.replace("fresh eggs every", "fresh white eggs every")})
    git(root, "checkout", "--ours", "steps/shop_steps.py")
    return (root / FEATURE_PATH).read_text(encoding="utf-8")


def find_errors(report: spec2bdd.Report) -> list[tuple[str, int, str, str, str]]:
    """Find the errors of a report."""
    found = (each for each in report.diagnostics if each.severity == "error")
    return [(each.path, each.line, each.code, each.message, each.hint) for each in found]


@pytest.mark.parametrize("command", ["generate", "run", "verify"])
def test_a_conflict_in_a_generated_feature_is_one_error(tmp_path: Path, command: str) -> None:
    text = merge_rewordings(tmp_path)
    marker = find_conflict_marker(text)
    assert marker is not None
    report = getattr(spec2bdd, command)(tmp_path)
    error = (FEATURE_PATH, marker.line, "conflict-marker", "`<<<<<<<` is a conflict marker", GENERATED)
    assert (report.exit_code, find_errors(report)) == (2, [error])
    assert (tmp_path / FEATURE_PATH).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("command", ["generate", "run", "verify"])
@pytest.mark.parametrize("head", ["", "# language: en\n"])
def test_a_conflict_above_the_header_of_a_generated_feature_is_one_error(
    tmp_path: Path, head: str, command: str
) -> None:
    write_files(tmp_path, {SPEC_PATH: SPEC})
    assert spec2bdd.generate(tmp_path).exit_code == 0
    ours = head + read_all(tmp_path)[FEATURE_PATH].decode()
    text = CONFLICT.format(ours=ours, theirs=ours.replace(SPEC_PATH, "specs/other.md"))
    write_files(tmp_path, {FEATURE_PATH: text})
    report = getattr(spec2bdd, command)(tmp_path)
    error = (FEATURE_PATH, 1, "conflict-marker", "`<<<<<<<` is a conflict marker", GENERATED)
    assert (report.exit_code, find_errors(report)) == (2, [error])
    assert (tmp_path / FEATURE_PATH).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("command", ["generate", "run", "verify", "mark", "status"])
def test_the_conflict_of_a_spec_is_resolved_before_that_of_its_feature(tmp_path: Path, command: str) -> None:
    merge_rewordings(tmp_path)
    spec = SPEC.replace("fresh eggs every", "fresh white eggs every")
    start = spec.index("- [ ]")
    write_files(tmp_path, {SPEC_PATH: f"{spec[:start]}<<<<<<< HEAD\n{spec[start:]}>>>>>>> other\n"})
    program.call(tmp_path, "run")
    line = spec[:start].count("\n") + 1
    last = program.call(tmp_path, command).stdout.splitlines()[-1]
    assert last == f"next: fix the error in {SPEC_PATH}:{line}"


@pytest.mark.parametrize("side", ["--ours", "--theirs"])
def test_the_hint_resolves_the_conflict_and_either_side_will_do(tmp_path: Path, side: str) -> None:
    merge_rewordings(tmp_path)
    assert git(tmp_path, "checkout", side, FEATURE_PATH).returncode == 0
    assert spec2bdd.generate(tmp_path).exit_code == 0
    assert "fresh white eggs" in read_all(tmp_path)[FEATURE_PATH].decode()
    assert spec2bdd.generate(tmp_path).changes == ()


FEATURE = "Feature: Lamp\n  Scenario: On\n    Then it is on\n"
# The file with the conflict, its text, and the error: path, line, code, message.
BROKEN = {
    "a hand-written feature": (
        "features/lamp.feature",
        FEATURE + CONFLICT.format(ours="    And it is on", theirs="    But it is on"),
        ("features/lamp.feature", 4, "conflict-marker", "`<<<<<<<` is a conflict marker"),
    ),
    "a feature with lines of CRLF": (
        "features/lamp.feature",
        (FEATURE + CONFLICT.format(ours="    And it is on", theirs="    But it is on")).replace("\n", "\r\n"),
        ("features/lamp.feature", 4, "conflict-marker", "`<<<<<<<` is a conflict marker"),
    ),
    "a step file": (
        "steps/lamp_steps.py",
        STEPS + CONFLICT.format(ours="x = 1", theirs="x = 2"),
        ("steps/lamp_steps.py", 7, "step-import", IMPORT),
    ),
    "a step file, inside of a function": (
        "steps/lamp_steps.py",
        STEPS.replace("    assert context.on\n", CONFLICT.format(ours="    assert context.on", theirs="    assert 1")),
        ("steps/lamp_steps.py", 6, "step-import", IMPORT),
    ),
    "a file that a step file imports": (
        "lamp.py",
        CONFLICT.format(ours="x = 1", theirs="x = 2"),
        ("steps/lamp_steps.py", 1, "step-import", f"{IMPORT} at lamp.py:1"),
    ),
    "the hooks": (
        "environment.py",
        "import os\n" + CONFLICT.format(ours="x = 1", theirs="x = 2"),
        ("environment.py", 2, "environment-import", IMPORT),
    ),
}


@pytest.mark.parametrize(("path", "text", "error"), BROKEN.values(), ids=BROKEN)
def test_a_conflict_in_what_behave_loads_is_one_error(
    tmp_path: Path, path: str, text: str, error: tuple[str, int, str, str]
) -> None:
    whole = {"features/lamp.feature": FEATURE, "steps/lamp_steps.py": STEPS, "specs/1.md": SPEC}
    write_files(tmp_path, whole)
    spec2bdd.generate(tmp_path)
    if path == "lamp.py":
        write_files(tmp_path, {"steps/lamp_steps.py": "import sys\n\nsys.path.insert(0, '.')\nimport lamp\n" + STEPS})
        error = (error[0], 4, *error[2:])
    write_files(tmp_path, {path: text})
    report = spec2bdd.run(tmp_path)
    assert (report.exit_code, find_errors(report)) == (2, [(*error, RESOLVE)])


@pytest.mark.parametrize(("name", "table"), [("spec2bdd.toml", ""), ("pyproject.toml", "[tool.spec2bdd]\n")])
def test_a_conflict_in_the_configuration_is_an_error_at_its_marker(tmp_path: Path, name: str, table: str) -> None:
    text = table + CONFLICT.format(ours='specs = "a"', theirs='specs = "b"')
    write_files(tmp_path, {name: text})
    with pytest.raises(ConfigError) as caught:
        spec2bdd.generate(tmp_path)
    error = caught.value
    line = 1 + table.count("\n")
    assert (error.line, error.message, error.hint) == (line, "invalid TOML: `<<<<<<<` is a conflict marker", RESOLVE)


# Texts with no marker at the start of a line.
WITHOUT = ["", "=======\n", "  <<<<<<< HEAD\n", "<<<<<<<<\n", "a <<<<<<< b\n", "<<<<<<<HEAD\n", ">>>>>> a\n"]


@pytest.mark.parametrize("text", WITHOUT)
def test_other_lines_are_no_conflict_markers(text: str) -> None:
    assert find_conflict_marker(text) is None
