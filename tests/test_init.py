"""`init`: what it finds, writes and never touches; and projects that start with it, up to their first CI run."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from adopting_page import OLD_SPEC, PROJECT
from click.testing import CliRunner, Result
from small_project import verify, write_files
from tree_repository import commit_all, run_git

from spec2bdd.cli.main import main
from spec2bdd.commands.options import WriteMode
from spec2bdd.commands.setup.init import init
from spec2bdd.config import read_config
from spec2bdd.errors import ConfigError, UsageError
from spec2bdd.model import Verdict
from spec2bdd.project.spec_files import find_specs

ROOT = Path(__file__).resolve().parents[1]
DIALECTS = sorted((ROOT / "tests/dialects").iterdir())


def read_files(root: Path) -> dict[str, bytes]:
    """Return the bytes of all files of a project, by path."""
    paths = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    kept = (path for path in paths if not {".git", ".spec2bdd", "__pycache__"} & {*path.parts})
    return {path.as_posix(): (root / path).read_bytes() for path in kept}


def invoke(root: Path, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Run the command in this process, in a folder."""
    monkeypatch.chdir(root)
    return CliRunner().invoke(main, ["init", *arguments], prog_name="spec2bdd")


# --- an empty folder --------------------------------------------------------------------------------------------------


def test_an_empty_folder_gets_a_configuration_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = invoke(tmp_path, monkeypatch=monkeypatch)
    assert result.stdout.splitlines() == [
        "+ spec2bdd.toml",
        "found no specs",
        "new folders: `specs/`, `features/`, `steps/`",
        "",
        "1 file written",
        'next: run `spec2bdd new 1.1 "NAME OF A FEATURE"`',
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["features", "spec2bdd.toml", "specs", "steps"]
    assert read_config(tmp_path).file == "spec2bdd.toml"


def test_everything_that_can_be_asked_for_is_written_and_a_second_time_nothing(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "--quiet")
    report = init(tmp_path, ci="github", hooks=True, agents=True)
    assert [change.path for change in report.changes] == [
        "spec2bdd.toml",
        ".gitignore",
        ".github/workflows/specs.yml",
        ".pre-commit-config.yaml",
        "AGENTS.md",
    ]
    before = read_files(tmp_path)
    again = init(tmp_path, ci="github", hooks=True, agents=True, mode=WriteMode.CHECK)
    assert (again.changes, again.exit_code, read_files(tmp_path)) == ((), 0, before)


@pytest.mark.parametrize(("option", "code"), [("--dry-run", 0), ("--check", 1), ("--diff", 1)])
def test_a_preview_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str, code: int) -> None:
    result = invoke(tmp_path, option, monkeypatch=monkeypatch)
    assert (result.exit_code, list(tmp_path.iterdir())) == (code, [])
    assert "next: run `spec2bdd init`" in result.output


def test_missing_folders_alone_make_a_check_fail(tmp_path: Path) -> None:
    init(tmp_path)
    (tmp_path / "steps").rmdir()
    assert init(tmp_path, mode=WriteMode.CHECK).exit_code == 1


def test_a_check_ends_with_an_outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create = ['next: run `spec2bdd new 1.1 "NAME OF A FEATURE"`']
    same = ["nothing to write: all up to date"]

    def end(*arguments: str) -> list[str]:
        """Run `init`, and return the last block of its output."""
        lines = invoke(tmp_path, *arguments, monkeypatch=monkeypatch).stdout.splitlines()
        return lines[lines.index("") + 1 :] if "" in lines else lines

    assert end("--check") == ["Out of date: 1 file would be written", "next: run `spec2bdd init`"]
    assert end() == ["1 file written", *create]
    assert [end("--check"), end("--check", "-q")] == [same, same]
    assert [end(), end("-q")] == [[*same, *create], [*same, *create]]
    (tmp_path / "specs").rmdir()
    (tmp_path / "steps").rmdir()
    assert end("--check") == ["Out of date: 2 folders would be created", "next: run `spec2bdd init`"]
    assert end("--dry-run") == ["2 folders would be created", "next: run `spec2bdd init`"]
    assert end() == ["2 folders created", *create]


def test_it_is_not_up_to_date_where_lines_are_to_be_added_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path, {".gitlab-ci.yml": "include:\n"})
    init(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    lines = invoke(tmp_path, "--ci", "gitlab", monkeypatch=monkeypatch).stdout.splitlines()
    assert "nothing was written: lines are missing in `.gitlab-ci.yml`" in lines
    assert "next: add the lines above to `.gitlab-ci.yml`, then run" in lines


# --- what exists ------------------------------------------------------------------------------------------------------

EXISTING = {
    "pyproject.toml": "[project]\nname = 'a'\n",
    ".gitignore": "*.log",
    ".pre-commit-config.yaml": "repos:\n  - repo: x\n    hooks: []\n",
    "AGENTS.md": "# House rules\r\n\r\nBe kind.\r\n",
    ".github/workflows/specs.yml": "name: other\n",
    "README.md": "# A\n",
}


def test_files_that_exist_keep_all_their_bytes(tmp_path: Path) -> None:
    write_files(tmp_path, EXISTING)
    run_git(tmp_path, "init", "--quiet")
    report = init(tmp_path, ci="github", hooks=True, agents=True)
    after = read_files(tmp_path)
    assert after.keys() == EXISTING.keys()
    assert [name for name, text in EXISTING.items() if not after[name].startswith(text.encode())] == []
    assert [name for name, text in EXISTING.items() if after[name] == text.encode()] == [
        ".github/workflows/specs.yml",
        "README.md",
    ]
    assert "`.github/workflows/specs.yml` stays as it is; add this to it:" in report.notes
    assert report.follow_up.startswith("add the lines above to `.github/workflows/specs.yml`, then run `spec2bdd ")
    assert "          - run: spec2bdd verify --check" in report.notes


def test_only_what_git_does_not_ignore_yet_is_added(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "--quiet")
    write_files(tmp_path, {".gitignore": "/.spec2bdd\n"})
    init(tmp_path)
    assert (tmp_path / ".gitignore").read_text() == "/.spec2bdd\n__pycache__/\n"


def test_a_pyproject_in_another_form_is_left_alone(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": "tool = { ruff = {} }\n"})
    assert [change.path for change in init(tmp_path).changes] == ["spec2bdd.toml"]


def test_a_second_init_says_nothing_about_a_job_that_it_does_not_write(tmp_path: Path) -> None:
    init(tmp_path, ci="github")
    assert init(tmp_path, ci="github").notes == (
        "found GitHub Actions, but no specs",
        "the configuration in `spec2bdd.toml` stays as it is",
        "`.github/workflows/specs.yml` already mentions `spec2bdd`, so it is not changed",
    )


@pytest.mark.parametrize("name", ["pyproject.toml", "spec2bdd.toml"])
def test_a_configuration_that_exists_is_left_alone(tmp_path: Path, name: str) -> None:
    text = '[tool.spec2bdd]\nspecs = "docs"\n' if name == "pyproject.toml" else 'specs = "docs"\n'
    write_files(tmp_path, {name: text, "docs/a.md": "# A\n"})
    report = init(tmp_path)
    assert (report.changes, (tmp_path / name).read_text()) == ((), text)
    assert f"the configuration in `{name}` stays as it is" in report.notes


def test_a_configuration_that_is_wrong_is_an_error(tmp_path: Path) -> None:
    write_files(tmp_path, {"spec2bdd.toml": "spec = 1\n"})
    with pytest.raises(ConfigError, match="unknown key `spec`"):
        init(tmp_path)


def test_a_folder_of_a_project_that_is_configured_above_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path, {"spec2bdd.toml": "", "part/a.txt": ""})
    with pytest.raises(UsageError, match="is configured already"):
        init(tmp_path / "part")
    assert [path.name for path in (tmp_path / "part").iterdir()] == ["a.txt"]


def test_a_link_out_of_the_project_is_not_written_through(tmp_path: Path) -> None:
    project, outside = tmp_path / "a", tmp_path / "outside"
    project.mkdir()
    write_files(outside, {"AGENTS.md": "# Theirs\n"})
    (project / "AGENTS.md").symlink_to(outside / "AGENTS.md")
    report = init(project, agents=True)
    assert (report.exit_code, (outside / "AGENTS.md").read_text()) == (2, "# Theirs\n")


# --- what is found ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", DIALECTS, ids=lambda folder: folder.name)
def test_the_specs_of_every_dialect_are_found(folder: Path, tmp_path: Path) -> None:
    root = shutil.copytree(folder / "project", tmp_path / "project")
    specs = find_specs(read_config(root))
    (root / "spec2bdd.toml").unlink(missing_ok=True)
    (root / "pyproject.toml").unlink(missing_ok=True)
    report = init(root)
    assert (report.exit_code, find_specs(read_config(root))) == (0, specs)
    assert report.notes[0].startswith(f"found {len(specs)} spec{'s' * (len(specs) != 1)} in ")


def test_specs_in_other_places_are_found(tmp_path: Path) -> None:
    spec = "---\nfeature_id: 1\n---\n## Must Have\n- [ ] A works\n"
    kiro = "# Requirements\n\n### Requirement 1\n\n#### Acceptance Criteria\n\n1. WHEN a THEN the system SHALL b\n"
    write_files(
        tmp_path,
        {"docs/a/1.md": spec, "docs/a/b/2.md": spec, "notes/requirements.md": kiro, "docs/guide.md": "# Guide\n"},
    )
    report = init(tmp_path)
    assert report.notes[0] == "found 3 specs in `docs/a`, `notes` (dialects: 2 template, 1 kiro)"
    assert read_config(tmp_path).specs == ("docs/a", "notes")


def test_features_in_another_place_are_found_with_their_steps(tmp_path: Path) -> None:
    steps = "tests/features/steps/own_steps.py"
    write_files(tmp_path, {"tests/features/own/a.feature": "Feature: A\n", steps: ""})
    report = init(tmp_path)
    config = read_config(tmp_path)
    assert (config.features, config.steps) == ("tests/features", "tests/features/steps")
    assert report.notes[0] == "found 1 feature file in `tests/features`, but no specs"
    assert not (tmp_path / "features").exists()


def test_several_places_with_features_are_named_and_none_is_chosen(tmp_path: Path) -> None:
    write_files(tmp_path, {"a/features/a.feature": "Feature: A\n", "b/features/b.feature": "Feature: B\n"})
    report = init(tmp_path)
    assert read_config(tmp_path).features == "features"
    assert report.notes[0].startswith("there are feature files in `a/features`, `b/features`: set `features` to one")


def test_the_tools_of_a_project_are_named(tmp_path: Path) -> None:
    names = {"behave.ini": "", "conftest.py": "", ".gitlab-ci.yml": "test:\n  script:\n    - behave -q\n"}
    write_files(tmp_path, {**names, "pyproject.toml": "[tool.ruff]\n", "features/a.feature": "Feature: A\n"})
    assert init(tmp_path).notes == (
        "found 1 feature file in `features`, Behave, pytest, ruff, GitLab CI, but no specs",
        "new folders: `specs/`, `steps/`",
        '`.gitlab-ci.yml` runs plain `behave`, which fails on stubs: use `behave --tags="not @spec_*"` there',
        "`spec2bdd init --ci gitlab` adds a job",
    )


CALLS = {
    "script: [behave]": True,
    "  - run: python -m behave features": True,
    "\tbehave --no-color": True,
    '- behave --tags="not @spec_*"': False,
    "# behave is run elsewhere": False,
    "- pip install behave==1.3.3": False,
    "- path/to/behave-like": False,
}


@pytest.mark.parametrize(("line", "is_call"), CALLS.items())
def test_a_job_that_runs_plain_behave_is_named(tmp_path: Path, line: str, is_call: bool) -> None:
    write_files(tmp_path, {"Makefile": f"{line}\n"})
    assert any("runs plain `behave`" in note for note in init(tmp_path).notes) == is_call


INSTALLERS = {
    "uv.lock": ["python -m pip install uv", "uv sync", "uv run spec2bdd verify --check"],
    "poetry.lock": ["python -m pip install poetry", "poetry install", "poetry run spec2bdd verify --check"],
    "requirements.txt": ["python -m pip install -r requirements.txt", "spec2bdd verify --check"],
    "README.md": ["python -m pip install spec2bdd", "spec2bdd verify --check"],
    "setup.py": ["python -m pip install --editable . spec2bdd", "spec2bdd verify --check"],
    "pyproject.toml": ["python -m pip install --editable . spec2bdd", "spec2bdd verify --check"],
}
# Files that list no dependencies from which CI could install spec2bdd.
ALONE = ("README.md", "setup.py", "pyproject.toml")
INDEX = (
    "the job installs spec2bdd from your package index: if it is not there, write"
    " `git+https://SERVER/spec2bdd@COMMIT` in place of its name"
)


@pytest.mark.parametrize("ci", ["github", "gitlab"])
@pytest.mark.parametrize(("name", "commands"), INSTALLERS.items())
def test_a_job_installs_the_project_as_it_is_installed(tmp_path: Path, name: str, commands: list[str], ci: str) -> None:
    write_files(tmp_path, {name: "[project]\nname = 'shop'\n" if name == "pyproject.toml" else ""})
    report = init(tmp_path, ci=ci)
    job = yaml.safe_load((tmp_path / report.changes[-1].path).read_text())
    steps = job["jobs"]["verify"]["steps"] if ci == "github" else [{"run": line} for line in job["specs"]["script"]]
    assert [step["run"] for step in steps if "run" in step] == commands
    assert (f"add `spec2bdd` to `{name}`, from which CI installs it" in report.notes) == (name not in ALONE)
    assert (INDEX in report.notes) == (name in ALONE)


def test_a_job_installs_no_project_whose_settings_describe_no_package(tmp_path: Path) -> None:
    write_files(tmp_path, {"pyproject.toml": "[tool.ruff]\n"})
    init(tmp_path, ci="github")
    assert "run: python -m pip install spec2bdd\n" in (tmp_path / ".github/workflows/specs.yml").read_text()


# --- a terminal -------------------------------------------------------------------------------------------------------


def run_in_terminal(root: Path, *arguments: str, answer: bytes) -> tuple[int, str]:
    """Run the command in a terminal with an answer to its question; return the exit code and what was shown."""
    terminal, child = pty.openpty()
    command = [sys.executable, "-m", "spec2bdd", "init", *arguments]
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "120", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=root, env=environment, stdin=child, stdout=child, stderr=child) as process:
        os.close(child)
        os.write(terminal, answer)
        shown = b""
        # At the end, Linux has an error and other systems have no bytes.
        try:
            while data := os.read(terminal, 4096):
                shown += data
        except OSError:
            pass
        os.close(terminal)
    return process.returncode, shown.decode()


def test_a_terminal_shows_the_plan_and_asks(tmp_path: Path) -> None:
    code, shown = run_in_terminal(tmp_path, answer=b"n\n")
    assert (code, list(tmp_path.iterdir())) == (1, [])
    assert "1 file would be written" in shown
    code, shown = run_in_terminal(tmp_path, answer=b"\n")
    assert (code, "1 file written" in shown, (tmp_path / "spec2bdd.toml").exists()) == (0, True, True)


def test_yes_asks_nothing(tmp_path: Path) -> None:
    code, shown = run_in_terminal(tmp_path, "--yes", answer=b"")
    assert (code, "Write this?" in shown, "1 file written" in shown) == (0, False, True)


# --- adoption, up to the first run in CI ------------------------------------------------------------------------------


def read_status(root: Path) -> dict[str, Any]:
    """Return what the command `status` answers."""
    command = [sys.executable, "-m", "spec2bdd", "status", "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def count_status(status: dict[str, Any]) -> tuple[int, dict[str, int], dict[str, int]]:
    """Return the number of specs, of those with each status, and of the criteria with each verdict."""
    summary = status["summary"]
    verdicts = {name: count for name, count in summary["verdicts"].items() if count}
    return summary["specs"], summary["statuses"], verdicts


def run_ci(root: Path, clone: Path) -> list[int]:
    """Clone a project, and run the commands of its workflow there, but those that install; return the exit codes."""
    subprocess.run(["git", "clone", "--quiet", str(root), str(clone)], check=True)
    workflow = yaml.safe_load((clone / ".github/workflows/specs.yml").read_text())
    commands = [step["run"] for step in workflow["jobs"]["verify"]["steps"] if "run" in step]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return [
        subprocess.run(
            [sys.executable, "-m", *shlex.split(command)], cwd=clone, env=environment, check=False
        ).returncode
        for command in commands
        if " install " not in command
    ]


def test_a_behave_project_with_40_ticked_specs_loses_nothing_and_nothing_is_falsely_green(tmp_path: Path) -> None:
    statuses = ("Draft", "In Progress", "Review", "Complete")
    specs = {
        f"specs/{number:02}-topic.md": OLD_SPEC.format(
            number=number, name=f"Topic {number}", status=statuses[number % 4], mark="x"
        ).replace("\n", "\r\n" if number % 5 == 0 else "\n")
        for number in range(1, 41)
    }
    root = write_files(tmp_path / "shop", {**specs, **{name: text.lstrip() for name, text in PROJECT.items()}})
    run_git(root, "init", "--quiet")
    before = read_files(root)
    report = init(root, ci="github", hooks=True, agents=True)
    assert report.exit_code == 0
    assert report.notes[0] == "found 40 specs in `specs` (dialect template), 2 feature files in `features`"
    assert {name: content for name, content in read_files(root).items() if name in before} == before
    assert read_config(root).steps == "features/steps"
    # Before the first run, nothing is known, whatever the boxes say.
    claimed = dict.fromkeys(statuses, 10)
    status = read_status(root)
    assert count_status(status) == (40, claimed, {"not_run": 120})
    assert status["next"] == "run `spec2bdd verify`"

    report = verify(root)
    verdicts = Counter(str(found.verdict) for spec in report.specs for found in spec.verdicts)
    assert (report.exit_code, verdicts) == (0, {str(Verdict.UNVERIFIED): 80, str(Verdict.PENDING): 40})
    # No spec lost a tick, and none got one.
    after = read_files(root)
    assert [name for name in before if after[name] != before[name]] == []
    assert Counter(scenario.verdict for scenario in report.unlinked) == {Verdict.PASSED: 2}

    # The claims of all specs are shown, and of their ticks not one counts as passed.
    assert count_status(read_status(root)) == (40, claimed, {"unverified": 80, "pending": 40})
    assert [tier["fulfilled"] for tier in read_status(root)["summary"]["tiers"].values()] == [0, 0, 0]

    commit_all(root)
    assert run_ci(root, tmp_path / "ci") == [0]
    assert read_files(tmp_path / "ci") == read_files(root)

    # The first step that is written proves one criterion, and no other.
    steps = root / "features/steps/topic_1_steps.py"
    written = steps.read_text().replace(
        "    raise StepNotImplementedError", "    assert context.scenario.steps\n    return", 1
    )
    steps.write_text(re.sub(r"    return\(.*\)", "", written))
    assert verify(root).exit_code == 0
    assert count_status(read_status(root)) == (40, claimed, {"passed": 1, "unverified": 79, "pending": 40})


def test_a_broken_product_fails_the_first_run_in_ci(tmp_path: Path) -> None:
    root = write_files(tmp_path / "shop", {name: text.lstrip() for name, text in PROJECT.items()})
    write_files(root, {"specs/1-a.md": OLD_SPEC.format(number=1, name="A", status="Review", mark="x")})
    run_git(root, "init", "--quiet")
    init(root, ci="github")
    assert verify(root).exit_code == 0
    write_files(root, {"accounts.py": 'def log_in(name, password):\n    return "refused"\n'})
    commit_all(root)
    assert run_ci(root, tmp_path / "ci") == [1]


# --- the tutorial -----------------------------------------------------------------------------------------------------


def test_the_tutorial_reaches_its_first_tick_in_at_most_twelve_commands() -> None:
    page = (ROOT / "docs/tutorial.md").read_text(encoding="utf-8")
    before, _, _ = page.partition(":- [x] ")
    blocks = re.findall(r"^```console\n(.*?)^```$|^```sh\n(.*?)^```$", before + "\n```", re.DOTALL | re.MULTILINE)
    commands = [line.removeprefix("$ ") for shown, typed in blocks for line in typed.splitlines()]
    commands += [line[2:] for shown, _ in blocks for line in shown.splitlines() if line.startswith("$ ")]
    assert "python -m pip install path/to/clone" in commands
    assert 0 < len(commands) <= 12


# --- what is no file ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes of POSIX")
@pytest.mark.parametrize("name", ["AGENTS.md", ".pre-commit-config.yaml", ".gitlab-ci.yml"])
def test_a_named_pipe_is_an_error_and_is_not_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    with pytest.raises(OSError, match="not a regular file"):
        init(tmp_path, ci="gitlab", hooks=True, agents=True)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["specs", "features", "steps"])
@pytest.mark.parametrize("kind", ["a-dead-link", "a-link-to-a-file", "a-file"])
def test_where_a_folder_is_needed_anything_else_is_an_error_and_nothing_is_written(
    tmp_path: Path, name: str, kind: str
) -> None:
    root, other = tmp_path / "shop", tmp_path / "other"
    root.mkdir()
    if kind == "a-file":
        (root / name).touch()
    else:
        (root / name).symlink_to(other)
    if kind == "a-link-to-a-file":
        other.touch()
    with pytest.raises(ConfigError) as caught:
        init(root)
    assert (caught.value.path, caught.value.message.partition("; ")[2]) == (name, "nothing was written")
    assert sorted(path.name for path in root.iterdir()) == [name]
    assert other.exists() == (kind == "a-link-to-a-file")
