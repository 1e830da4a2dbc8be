"""A kept report saves time and nothing else: whatever it came from, a change of that makes it worthless."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spec2bdd.adapters.behave.registry.client import open_registry
from spec2bdd.adapters.system.file_stamps import hash_recent, is_stable, stamp_file
from spec2bdd.commands.generate import generate
from spec2bdd.commands.generation import plan_generation
from spec2bdd.commands.options import WriteMode
from spec2bdd.config import Config, read_config
from spec2bdd.model import Diagnostic, FileChange, Report, Severity
from spec2bdd.project.cache.generate_cache import CacheInputs, load_cached_report, store_report
from spec2bdd.project.loader import load_project
from spec2bdd.project.outcome import PlannedChanges

SPEC = """---
feature_id: 1.1
status: Draft
---
# Lamp

## Acceptance Criteria

### Must Have
- [ ] It lights up
"""
STEPS = """import lamp_parts
from pathlib import Path
from behave import then

colors = Path("colors.txt").read_text()
notes = [path.name for path in Path("notes").iterdir()]


@then("it glows")
def it_glows(context):
    assert lamp_parts
"""
SECOND = 1_000_000_000
KEPT = ".spec2bdd/generate.json"


def plan_again(config: Config) -> PlannedChanges:
    """Return what `generate` would plan now."""
    with open_registry(config.root, steps=config.steps) as registry:
        return plan_generation(load_project(config), registry)


class World:
    """A project for which there is nothing to do, and what that came from."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for path, text in {
            "pyproject.toml": '[tool.spec2bdd]\nspecs = ["specs", "more/later", "docs/stories/**/*.md"]\n',
            "more/notes.txt": "",
            "docs/stories/notes.md": "# Notes\n",
            "specs/lamp.md": SPEC,
            "steps/a_steps.py": STEPS,
            "lamp_parts.py": "BULB = 1\n",
            "colors.txt": "red\n",
            "notes/one.txt": "",
            "features/own.feature": "Feature: Own\n",
        }.items():
            self.write(path, text)
        generate(self.config)
        planned = plan_again(self.config)
        assert planned.changes == ()
        self.inputs = planned.inputs
        self.keep()

    @property
    def config(self) -> Config:
        """Read the current configuration."""
        return read_config(self.root)

    def write(self, path: str, text: str) -> None:
        """Write a file of the project."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def keep(self, inputs: CacheInputs | None = None, report: Report | None = None) -> None:
        """Keep a report as if some time had gone by since the last change."""
        found = report or Report("generate")
        store_report(self.config, found, inputs or self.inputs, started=time.time_ns() + SECOND)

    def knows(self) -> bool:
        """Whether there is a cached report."""
        return load_cached_report(self.config, check=True) is not None


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Return one project for all tests: to make it takes a second."""
    return World(tmp_path_factory.mktemp("cached"))


@pytest.fixture
def world(shared: World) -> Iterator[World]:
    """Return the project with a report that is good, and put all back behind the test."""
    before = {path: path.read_bytes() for path in shared.root.rglob("*") if path.is_file()}
    shared.keep()
    assert shared.knows()
    yield shared
    for path in [path for path in shared.root.rglob("*") if path.is_file() and path not in before]:
        path.unlink()
    for path, content in before.items():
        path.write_bytes(content)


def replace_in(path: str, old: str, new: str) -> Callable[[World], None]:
    """Return a change of a file that leaves its size and its time as they were."""

    def change(world: World) -> None:
        file = world.root / path
        times = file.stat()
        assert len(old) == len(new)
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))

    return change


def write(path: str, text: str = "") -> Callable[[World], None]:
    """Return a change that makes a file."""
    return lambda world: world.write(path, text)


CHANGES = {
    "a spec": replace_in("specs/lamp.md", "lights", "glooms"),
    "a new spec": write("specs/deep/new.md", SPEC),
    "a folder of specs that did not exist": write("more/later/new.md", SPEC),
    "a document among the stories of a tool": replace_in("docs/stories/notes.md", "Notes", "Story"),
    "a spec that goes": lambda world: (world.root / "specs/lamp.md").rename(world.root / "specs/lamp.txt"),
    "a generated feature": replace_in("features/1_1_lamp.feature", "Then", "When"),
    "a feature of one's own": replace_in("features/own.feature", "Own", "Owl"),
    "a new feature": write("features/deep/new.feature", "Feature: New\n"),
    "a feature that goes": lambda world: (world.root / "features/own.feature").unlink(),
    "a step file": replace_in("steps/a_steps.py", "glows", "shows"),
    "a new step file": write("steps/b_steps.py"),
    "a hook file": write("environment.py"),
    "a module that the steps import": replace_in("lamp_parts.py", "1", "2"),
    "a module that hides another": write("lamp_parts/__init__.py"),
    "a file that the steps read": replace_in("colors.txt", "red", "tan"),
    "a folder that the steps list": write("notes/two.txt"),
    "the configuration": write("pyproject.toml", "[tool.spec2bdd]\nlanguage = 'de'\n"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_makes_the_report_worthless(world: World, change: Callable[[World], None]) -> None:
    change(world)
    assert not world.knows()


def test_another_environment_makes_the_report_worthless(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMP_COLOR", "red")
    assert not world.knows()


@pytest.mark.parametrize("path", ["steps/__pycache__/a.pyc", ".git/index", ".spec2bdd/records.ndjson", "docs/a.md"])
def test_what_it_did_not_come_from_changes_nothing(world: World, path: str) -> None:
    (world.root / "docs").mkdir(exist_ok=True)
    world.keep()
    world.write(path, "")
    assert world.knows()


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-10],
        lambda content: content.replace(b'"diagnostics":[]', b'"diagnostics":{}'),
        lambda content: content.replace(b"lamp.md", b"lump.md"),
        lambda content: b"\xff\xfe\0",
        lambda content: seal(b"[]"),
        lambda content: seal(b"{}"),
        lambda content: seal(b"[" * 100_000),
        lambda content: seal(content.partition(b"\n")[2].replace(b'"key":"', b'"key":"0')),
    ],
)
def test_a_damaged_or_foreign_file_is_no_answer(world: World, damage: Callable[[bytes], bytes]) -> None:
    content = (world.root / KEPT).read_bytes()
    (world.root / KEPT).write_bytes(damage(content))
    assert not world.knows()


def seal(body: bytes) -> bytes:
    """Return what would be read as whole."""
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def test_a_change_that_left_no_trace_in_the_times_is_found_by_the_content(world: World) -> None:
    path = world.root / "colors.txt"
    path.write_text("tan\n")
    known = json.loads((world.root / KEPT).read_bytes().partition(b"\n")[2])
    known["stamps"][str(path)] = stamp_file(str(path))
    (world.root / KEPT).write_bytes(seal(json.dumps(known).encode()))
    assert not world.knows()


def test_a_link_that_leads_elsewhere_makes_the_report_worthless(world: World) -> None:
    (world.root / "features" / "linked").symlink_to(world.root / "notes")
    world.keep()
    assert world.knows()
    world.write("notes/three.txt", "")
    assert not world.knows()


def test_nothing_is_kept_of_what_was_written_while_it_was_read(world: World) -> None:
    (world.root / KEPT).unlink()
    started = time.time_ns()
    world.write("specs/lamp.md", SPEC)
    store_report(world.config, Report("generate"), world.inputs, started=started)
    assert not world.knows()


@pytest.mark.parametrize("report", [Report("generate", exit_code=2), Report("generate", (FileChange("a", None, b""),))])
def test_only_a_report_of_nothing_to_do_is_kept(world: World, report: Report) -> None:
    (world.root / KEPT).unlink()
    world.keep(report=report)
    assert not world.knows()


def test_warnings_and_notes_are_reported_again(world: World) -> None:
    warning = Diagnostic("specs/lamp.md", 1, 1, Severity.WARNING, "same-text", "it is", "do")
    kept = Report("generate", wrote=False, diagnostics=(warning,), notes=("one is unused",), follow_up="write criteria")
    world.keep(report=kept)
    assert load_cached_report(world.config, check=True) == kept


def test_nothing_is_kept_where_the_steps_asked_the_world(world: World) -> None:
    (world.root / KEPT).unlink()
    world.keep(CacheInputs(world.inputs.files, world.inputs.folders, closed=False))
    assert not world.knows()


def test_a_check_makes_no_cache_folder(tmp_path: Path) -> None:
    world = World(tmp_path)
    (tmp_path / KEPT).unlink()
    (tmp_path / ".spec2bdd" / ".gitignore").unlink()
    (tmp_path / ".spec2bdd").rmdir()
    world.keep(report=Report("generate", wrote=False))
    assert not (tmp_path / ".spec2bdd").exists()
    world.keep()
    assert (tmp_path / ".spec2bdd" / ".gitignore").read_text() == "*\n"


def test_generate_removes_what_a_killed_process_left_also_after_a_check(world: World) -> None:
    left = world.root / "features" / f".spec2bdd-{2**22 + 1}-0123abcd-x.tmp"
    left.touch()
    report, started = Report("generate", wrote=False), time.time_ns() + 10 * SECOND
    store_report(world.config, report, world.inputs, started=started)
    generate(world.config)
    assert left.exists() is False


def test_step_files_that_start_a_process_are_never_taken_as_known(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.write("steps/c_steps.py", "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'pass'])\n")
    assert world.inputs.closed
    assert not plan_again(world.config).inputs.closed


@pytest.mark.parametrize(
    ("stamp", "settled"),
    [
        ([], True),
        ([1, 5 * SECOND + 1, 5 * SECOND + 1, 1], True),
        ([1, 9 * SECOND + 1, 5 * SECOND + 1, 1], True),
        ([1, 5 * SECOND + 1, 10 * SECOND - 1, 1], False),
        ([1, 10 * SECOND + 1, 10 * SECOND + 1, 1], False),
        ([1, 9 * SECOND, 9 * SECOND, 1], False),
        ([1, 7 * SECOND, 7 * SECOND, 1], True),
    ],
)
def test_what_was_written_since_the_start_is_not_settled(stamp: list[int], settled: bool) -> None:
    assert is_stable(stamp, 10 * SECOND) is settled


def test_the_content_counts_only_for_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("a")
    stamps = {str(path): stamp_file(str(path))}
    latest = max(stamps[str(path)][1:3])
    assert hash_recent(stamps, latest + SECOND) == {str(path): hashlib.sha256(b"a").hexdigest()}
    assert hash_recent(stamps, latest + 3 * SECOND) == {}


@pytest.fixture
def kept(tmp_path: Path) -> Config:
    """Keep a report of a project without step files."""
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "lamp.md").write_text(SPEC)
    config = read_config(tmp_path)
    inputs = CacheInputs((str(tmp_path / "specs" / "lamp.md"),), (), closed=True)
    report = Report("generate", wrote=True, notes=("kept",), details=("seen",), follow_up="run `spec2bdd verify`")
    store_report(config, report, inputs, started=time.time_ns() + SECOND)
    return config


def test_a_kept_report_comes_back_whole(kept: Config) -> None:
    for check in (False, True):
        expected = Report(
            "generate", wrote=not check, notes=("kept",), details=("seen",), follow_up="run `spec2bdd verify`"
        )
        assert load_cached_report(kept, check=check) == expected


def test_a_kept_report_answers_for_the_whole_project_unless_the_work_is_asked_for(kept: Config) -> None:
    assert generate(kept).notes == ("kept",)
    assert generate(kept, mode=WriteMode.CHECK).notes == ("kept",)
    for report in (
        generate(kept, cached=False, mode=WriteMode.CHECK),
        generate(kept, prune=True, mode=WriteMode.CHECK),
        generate(kept, names=["1.1"], mode=WriteMode.CHECK),
    ):
        assert "kept" not in report.notes
        assert [change.path for change in report.changes] == ["features/1_1_lamp.feature", "steps/lamp_steps.py"]


@pytest.mark.parametrize("name", ["_", "COLUMNS", "LINES", "OLDPWD", "PWD", "SHLVL", "TERM_SESSION_ID", "WINDOWID"])
def test_what_a_shell_sets_for_itself_changes_nothing(kept: Config, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "another")
    assert load_cached_report(kept, check=True)


def test_any_other_variable_makes_a_kept_report_worthless(kept: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMP_COLOUR", "\udcff")
    assert load_cached_report(kept, check=True) is None
