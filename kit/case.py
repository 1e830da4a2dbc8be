"""Read the cases of the kit, and write their projects."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

CASES = Path(__file__).with_name("cases")
ACTIONS = ("verify", "run", "mark", "write", "remove", "python", "git")
VERDICTS = {"passed": True, "not passed": False, "any": None}
KINDS = (
    "structure",
    "exit",
    "errors",
    "hooks",
    "settings",
    "gutted",
    "mocks",
    "statuses",
    "stale",
    "records",
    "honest",
)
# Cases must not depend on who runs them.
GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "kit",
    "GIT_AUTHOR_EMAIL": "kit@example.org",
    "GIT_COMMITTER_NAME": "kit",
    "GIT_COMMITTER_EMAIL": "kit@example.org",
}


@dataclass(frozen=True)
class Step:
    """One thing that happens to the project: `do` is one of ACTIONS, and `what` names paths or arguments."""

    do: str
    what: tuple[str, ...] = ()


@dataclass(frozen=True)
class Case:
    """A project, what is wrong with it, and whether each of its criteria is met; None where any verdict will do."""

    name: str
    folder: Path
    title: str
    kind: str
    wrong: str
    criteria: Mapping[str, bool | None]
    steps: tuple[Step, ...]
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Project:
    """A copy of the project of a case, and the folder of the programs of the tool that judges it."""

    root: Path
    case: Case
    programs: Path

    def call(self, program: str, *arguments: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """Run a program of the tool in the project, and end all that it leaves running."""
        path = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        command = [str(self.programs / program), *arguments]
        # Files and not pipes, which processes that are left would keep open.
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = subprocess.Popen(
                command,
                cwd=self.root,
                env={**os.environ, **GIT, **self.case.variables, "PATH": path},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
            try:
                code = process.wait(timeout)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read().decode(errors="replace"))
        return subprocess.CompletedProcess(command, code, *texts)


@dataclass(frozen=True)
class Outcome:
    """What a tool reports: its exit code, and each criterion that it names as passed or as not passed."""

    exit_code: int
    passed: Mapping[str, bool]


def read_case(folder: Path) -> Case:
    """Return the case of a folder."""
    data = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    steps = [Step(step["do"], tuple(step.get("what", ()))) for step in data.get("steps", [{"do": "verify"}])]
    criteria = {name: VERDICTS[verdict] for name, verdict in data["criteria"].items()}
    return Case(
        folder.name,
        folder,
        data["title"],
        data["kind"],
        data["wrong"],
        criteria,
        tuple(steps),
        data.get("variables", {}),
    )


def read_cases(folder: Path = CASES) -> dict[str, Case]:
    """Return all cases by their names, in the order of KINDS."""
    cases = [read_case(path.parent) for path in folder.glob("*/case.toml")]
    return {case.name: case for case in sorted(cases, key=lambda case: (KINDS.index(case.kind), case.name))}


def write_project(case: Case, root: Path, tool: str) -> None:
    """Write the project of a case, with the files that it has for one tool."""
    for folder in (case.folder / "project", case.folder / tool):
        if folder.is_dir():
            copy_files(folder, root)


def copy_files(folder: Path, root: Path) -> None:
    """Copy the files of a folder over those of a project."""
    # Not with the times of the case: an edit gives a file a new one.
    left_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(folder, root, dirs_exist_ok=True, ignore=left_out, copy_function=shutil.copyfile)


def change_project(project: Project, do: str, what: Sequence[str]) -> None:
    """Carry out a step that changes files: `write` a folder of the case, `remove` paths, run its `python`, or `git`."""
    if do == "write":
        for name in what:
            copy_files(project.case.folder / name, project.root)
    elif do == "remove":
        for name in what:
            (project.root / name).unlink()
    elif do == "python":
        project.call("python", str(project.case.folder / what[0]), *what[1:]).check_returncode()
    else:
        environment = {**os.environ, **GIT}
        subprocess.run(["git", *what], cwd=project.root, env=environment, check=True, capture_output=True)  # noqa: S607
