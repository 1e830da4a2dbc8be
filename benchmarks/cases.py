"""The cases of `make bench`: which commands are measured on which projects."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from measuring import ROOT, Case, Command
from projects import CRITERIA, write_project
from rivals import (
    BEHAVE,
    MARKDOWN_IT,
    MARKO,
    make_behave_pool,
    make_behavex,
    make_doorstop,
    make_strictdoc,
    write_requirements,
)
from suites import Shape, write_suite

DEFINITIONS = 4000
SPECS = (100, 1000, 10_000)
_PYTHON = Command("python -c pass", (sys.executable, "-c", "pass"))
_WRITE_MARKING = """\
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from marking_project import write_marking_project, write_records
root = Path(sys.argv[1])
write_records(root, write_marking_project(root, specs=int(sys.argv[2])), lambda _: ("passed", ""))
"""
# Without reading specs, records and the summary.
_RUN_ALONE = """\
from pathlib import Path
from spec2bdd.adapters.behave.launcher import run_behave
from spec2bdd.model import RunOptions
options = RunOptions(jobs=2)
records = Path("records.ndjson")
run_behave(Path.cwd(), features="features", record_path=records, run_id="r", on_event=lambda _: None, plan=options)
"""
# What no tool that makes the same promise of its files can do without: each is read, changed, synced and moved.
_MARK_NAIVELY = """\
import os, re
from pathlib import Path
for path in sorted(Path("specs").rglob("*.md")):
    text = re.sub(r"(?m)^- \\[ \\]", "- [x]", path.read_bytes().decode())
    text = re.sub(r"(?m)^status: .*$", "status: Review", text, count=1)
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as stream:
        stream.write(text.encode())
        os.fsync(stream.fileno())
    temporary.replace(path)
"""


def make_ours(
    name: str, *arguments: str, prepare: Callable[[Path], object] | None = None, failed: bool = False
) -> Command:
    """Return a command of spec2bdd; with `failed`, checks may fail."""
    command = (sys.executable, "-m", "spec2bdd", *arguments)
    return Command(name, command, prepare=prepare, statuses=(0, 1) if failed else (0,))


def list_cases(programs: Path, *, quick: bool) -> list[Case]:
    """List all cases; `programs` is the folder with the tools of others, and quick ones are a twentieth of the size."""
    part = 20 if quick else 1
    cases = [*list_runs(programs, part), *list_reading(programs, part), *list_marks(part), *list_commands(part)]
    if quick:
        cases = [Case(case.name, case.title, case.write, case.commands, rounds=1, warm=False) for case in cases]
    return cases


def list_runs(programs: Path, part: int) -> list[Case]:
    """List the runs of Behave suites by whole commands, from the start of Python to the summary."""
    ours = tuple(make_ours(f"spec2bdd run -j {jobs}", "run", "--quiet", "-j", str(jobs)) for jobs in (1, 2))
    alone = Command("spec2bdd, only the runner with 2 jobs", (sys.executable, "-c", _RUN_ALONE))
    both = (BEHAVE, *ours, alone, make_behave_pool(programs))
    waiting = (*both, make_behavex(programs))
    shapes = (
        ("run-few", Shape(10, 40 // part, 3), waiting, 3),
        ("run-tiny", Shape(100 // part, 40, 3), both, 7),
        ("run-wide", Shape(25 // part, 40, 2050 // part), both, 7),
        ("run-waiting", Shape(10, 10 // min(part, 10), 3, wait=0.05), waiting, 5),
        ("run-huge", Shape(100 // part, 40, 8200 // part), (BEHAVE, *ours), 2),
    )
    return [
        Case(
            name,
            f"{shape.features * shape.scenarios:,} scenarios"
            + (f" of {1000 * shape.wait:.0f} ms" if shape.wait else f", {shape.definitions:,} step definitions"),
            partial(_write_suite, shape=shape),
            commands,
            rounds=rounds,
            warm=name != "run-huge",
        )
        for name, shape, commands, rounds in shapes
    ]


def list_reading(programs: Path, part: int) -> list[Case]:
    """List the cases that read whole projects of specs, and write what is generated from them."""
    cold = make_ours("spec2bdd generate, the first time", "generate", "--quiet", prepare=_forget_generated)
    again = make_ours("spec2bdd generate, all again", "generate", "--quiet", prepare=_forget_cache)
    unchanged = make_ours("spec2bdd generate, nothing changed", "generate", "--quiet")
    loops = (MARKO, MARKDOWN_IT)
    rows = (
        (SPECS[0], (*loops, cold, again, unchanged), 5),
        (SPECS[1], (*loops, cold, again, unchanged), 5),
        (SPECS[2], (cold, again, unchanged), 2),
    )
    return [
        Case(
            f"generate-{specs}",
            f"{specs // part:,} specs, {CRITERIA * specs // part:,} criteria, {count:,} step definitions",
            partial(write_project, specs=specs // part, definitions=count),
            commands,
            rounds=rounds,
            warm=specs < SPECS[2],
        )
        for specs, commands, rounds in rows
        for count in [min(DEFINITIONS, 40 * specs // part)]
    ] + [
        Case(
            "requirements",
            f"{CRITERIA * SPECS[0] // part:,} requirements",
            partial(_write_specs, specs=SPECS[0] // part),
            (cold, make_strictdoc(programs), make_doorstop(programs)),
            rounds=3,
        )
    ]


def list_marks(part: int) -> list[Case]:
    """List the cases that write verdicts into specs, all of which change."""
    naive = Command("one loop that edits by pattern", (sys.executable, "-c", _MARK_NAIVELY), prepare=_restore_specs)
    mark = make_ours("spec2bdd mark", "mark", "--quiet", prepare=_restore_specs, failed=True)
    return [
        Case(
            f"mark-{specs}",
            f"{specs // part:,} specs, {CRITERIA * specs // part:,} criteria",
            partial(_write_marking, specs=specs // part),
            (naive, mark),
            rounds=rounds,
            warm=specs < SPECS[2],
        )
        for specs, rounds in zip(SPECS, (7, 5, 2), strict=True)
    ]


def list_commands(part: int) -> list[Case]:
    """List commands on a small project, and those that show a large one."""
    check = ("verify", "--check", "--quiet")
    small: tuple[Command, ...] = (
        replace(BEHAVE, statuses=(0, 1)),
        make_ours("spec2bdd verify", "verify", "--quiet", failed=True),
    )
    small += (make_ours("spec2bdd verify --check", *check, failed=True),)
    small += (make_ours("spec2bdd generate, nothing changed", "generate", "--quiet"),)
    challenges = (
        make_ours("spec2bdd run -j 2", "run", "-j", "2", "--quiet", failed=True),
        make_ours("spec2bdd challenge -j 2", "challenge", "-j", "2", "--quiet", prepare=_forget_challenges),
    )
    bare = (_PYTHON, make_ours("spec2bdd --help", "--help"), make_ours("spec2bdd --version", "--version"))
    page = ("report", "--format", "html:../report.html")
    shown = (
        make_ours("spec2bdd status, without its cache", "status", prepare=_forget_read),
        make_ours("spec2bdd status, after a run", "status", prepare=_run_anew),
        make_ours("spec2bdd status, one spec edited", "status", prepare=_edit_spec),
        make_ours("spec2bdd status, nothing changed", "status"),
        make_ours("spec2bdd report, without its cache", *page, prepare=_forget_read),
        make_ours("spec2bdd report, after a run", *page, prepare=_run_anew),
        make_ours("spec2bdd report, one spec edited", *page, prepare=_edit_spec),
        make_ours("spec2bdd trace --format csv, without its cache", "trace", "--format", "csv", prepare=_forget_read),
        make_ours("spec2bdd trace --format csv, one spec edited", "trace", "--format", "csv", prepare=_edit_spec),
    )
    return [
        Case("start", "Start-up", Path.exists, bare, rounds=15),
        Case("challenge", "Challenges of the chat example: 14 criteria", _write_run_example, challenges, rounds=9),
        Case("example", "The chat example: 3 specs, 32 criteria", _write_example, small, rounds=9),
        Case(
            "status",
            f"{1000 // part:,} specs, a part of which was run",
            partial(_write_status, specs=1000 // part),
            shown,
        ),
    ]


def _write_suite(root: Path, *, shape: Shape) -> None:
    """Write a suite, and a spec without criteria, since spec2bdd runs no project without specs."""
    write_suite(root, shape)
    (root / "specs").mkdir()
    (root / "specs" / "1.1-pages.md").write_text("---\nstatus: Draft\n---\n\n# Pages\n", encoding="utf-8")
    (root / "pyproject.toml").write_text('[tool.spec2bdd]\n\n[tool.behave]\npaths = ["features"]\n', encoding="utf-8")


def _write_specs(root: Path, *, specs: int) -> None:
    """Write a project of specs, and as many requirements as they have criteria for the tools of others."""
    write_project(root, specs, definitions=0)
    write_requirements(root, specs)


def _write_marking(root: Path, *, specs: int) -> None:
    """Write a project with records by which every criterion passed."""
    command = [sys.executable, "-c", _WRITE_MARKING, str(root), str(specs), str(ROOT / "tests")]
    subprocess.run(command, cwd=ROOT, check=True)
    shutil.copytree(root / "specs", root.parent / "specs")


def _restore_specs(root: Path) -> None:
    """Bring back the specs as they were before they were marked, and let the disk come to rest."""
    shutil.copytree(root.parent / "specs", root / "specs", dirs_exist_ok=True)
    subprocess.run(["sync"], check=False)


def _forget_generated(root: Path) -> None:
    """Move away all that `generate` writes, and remove what spec2bdd remembers.

    A file system may not use the place of a deleted file again for a minute, and looks past all of them for each new
    one: ext4 without a journal then takes a second to create 2,000 files, which a first `generate` does not meet.
    """
    _forget_cache(root)
    aside = Path(tempfile.mkdtemp(dir=root.parent))
    if (root / "features").exists():
        (root / "features").rename(aside / "features")
    for path in (root / "steps").glob("*.py"):
        if not re.match(r"team_\d+_steps\.py", path.name):
            path.rename(aside / path.name)


def _forget_cache(root: Path) -> None:
    """Remove what spec2bdd remembers."""
    shutil.rmtree(root / ".spec2bdd", ignore_errors=True)


def _forget_read(root: Path) -> None:
    """Remove all that was kept of files that were read, but not the records."""
    for name in ("features", "pages", "plans", "readings", "rendered", "status"):
        (root / ".spec2bdd" / f"{name}.json").unlink(missing_ok=True)


def _run_anew(root: Path) -> None:
    """Run the same part again, without what was kept of files that were read."""
    _forget_read(root)
    _run_ours(root, "run", "--shard", "1/40")


def _edit_spec(root: Path) -> None:
    """Add a line to one spec."""
    with (root / "specs" / "1.1.md").open("a", encoding="utf-8") as stream:
        stream.write("One more line.\n")


def _write_example(root: Path) -> None:
    """Write the chat example as a repository, because each run asks git for its commit."""
    ignore = shutil.ignore_patterns("__pycache__", ".spec2bdd")
    shutil.copytree(ROOT / "examples" / "chat", root, dirs_exist_ok=True, ignore=ignore)
    _run_ours(root, "generate")
    _commit(root)


def _write_run_example(root: Path) -> None:
    """Write the chat example, and run it, since what has passed is challenged."""
    _write_example(root)
    _run_ours(root, "run")


def _forget_challenges(root: Path) -> None:
    """Remove what the checks noticed before."""
    (root / ".spec2bdd" / "challenges.json").unlink(missing_ok=True)


def _write_status(root: Path, *, specs: int) -> None:
    """Write a project with records of a part of its scenarios, which are compared with the files of today."""
    write_project(root, specs, definitions=2 * specs)
    (root / ".gitignore").write_text(".spec2bdd/\n__pycache__/\n", encoding="utf-8")
    _run_ours(root, "generate")
    _commit(root)
    _run_ours(root, "run", "--shard", "1/40")


def _run_ours(root: Path, *arguments: str) -> None:
    """Run spec2bdd to prepare a project."""
    command = [sys.executable, "-m", "spec2bdd", *arguments, "--quiet"]
    subprocess.run(command, cwd=root, check=False, capture_output=True)


def _commit(root: Path) -> None:
    """Commit all files of a project."""
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for arguments in (("init", "-q"), ("add", "-A"), (*identity, "commit", "-qm", "all")):
        subprocess.run(["git", *arguments], cwd=root, check=True)
