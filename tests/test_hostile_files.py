"""Files that would make a command hang or crash: each ends with an answer, and in time."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from small_project import SPEC_PATH, write_basket

# Far more than any of these commands takes; what hangs is killed.
LIMIT = 60
DEEP = "[" * 100_000


def call(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run spec2bdd in a project; fail where it hangs."""
    command = [sys.executable, "-m", "spec2bdd", *arguments]
    answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=LIMIT)
    assert "Traceback (most recent call last)" not in answer.stderr
    return answer


@pytest.fixture(scope="module")
def verified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose features were generated and run."""
    root = write_basket(tmp_path_factory.mktemp("basket"))
    assert call(root, "verify").returncode == 1
    return root


@pytest.fixture
def root(verified: Path, tmp_path: Path) -> Path:
    """A copy of that project."""
    return Path(shutil.copytree(verified, tmp_path / "basket"))


@pytest.mark.parametrize("path", ["features/pipe.feature", "steps/pipe_steps.py"])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_what_is_no_regular_file_is_skipped_and_reported(root: Path, path: str, make: object) -> None:
    assert callable(make)
    make(root / path)
    answer = call(root, "verify")
    if make is os.mkdir and path.endswith(".feature"):
        # Behave looks for features in folders of any name.
        assert answer.returncode == 1
        return
    assert answer.returncode == 2
    assert f"{path}: error: not a regular file; skipped [special-file]" in answer.stderr
    assert answer.stderr.count("[special-file]") == 1
    assert "1 passed" in answer.stdout


@pytest.mark.parametrize("path", ["features/own.feature", "steps/own_steps.py"])
def test_a_link_that_leads_nowhere_is_skipped_and_reported(root: Path, path: str) -> None:
    (root / path).symlink_to("nowhere")
    answer = call(root, "verify")
    assert (answer.returncode, f"{path}: error: the link leads nowhere; skipped [special-file]" in answer.stderr) == (
        2,
        True,
    )
    assert "1 passed" in answer.stdout


@pytest.mark.parametrize("command", [["lint"], ["lint", "specs/pipe.md"], ["generate"], ["verify"]], ids=" ".join)
def test_a_pipe_among_the_specs_is_reported_and_not_opened(root: Path, command: list[str]) -> None:
    os.mkfifo(root / "specs" / "pipe.md")
    answer = call(root, *command)
    assert answer.returncode == 2
    shown = answer.stdout + answer.stderr
    assert shown.count("specs/pipe.md: error: cannot read: not a regular file [unreadable]") == 1


def test_a_pipe_that_is_named_is_not_opened(root: Path) -> None:
    os.mkfifo(root / "specs" / "pipe.md")
    os.mkfifo(root / "pipe.py")
    answer = call(root, "lint", "--explain-reading", "specs/pipe.md")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("specs/pipe.md: error: cannot read: not a regular file [usage]\n")
    answer = call(root, "trace", "pipe.py:3")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("error: no step file with definitions matches `pipe.py` [not-found]\n")


@pytest.mark.parametrize("path", ["spec2bdd.toml", "features/environment.py", "environment.py"])
def test_a_configuration_or_hooks_that_are_no_file_are_an_error(root: Path, path: str) -> None:
    os.mkfifo(root / path)
    answer = call(root, "verify")
    assert answer.returncode == 2
    assert f"{path}: error: not a regular file" in answer.stderr


@pytest.mark.parametrize("path", ["pyproject.toml", "ruff.toml", "behave.ini", ".behaverc", "setup.cfg", "tox.ini"])
def test_a_configuration_of_another_tool_that_is_no_file_counts_as_missing(root: Path, path: str) -> None:
    os.mkfifo(root / path)
    answer = call(root, "verify")
    assert answer.returncode == 1
    assert "1 passed" in answer.stdout


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("content", [DEEP, '{"features/3_10_shop_basket.feature": [NaN, Infinity, -1]}', "[]", "\0"])
def test_any_content_of_the_durations_is_survived(root: Path, content: str, jobs: str) -> None:
    (root / ".spec2bdd" / "durations.json").write_text(content)
    answer = call(root, "verify", "-j", jobs)
    assert answer.returncode == 1
    assert "1 passed" in answer.stdout


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "9999-99-99", "yesterday"])
def test_an_absurd_time_in_the_records_is_a_located_error(root: Path, time: str) -> None:
    records = root / ".spec2bdd" / "records.ndjson"
    header, _, rest = records.read_text().partition("\n")
    records.write_text(json.dumps(json.loads(header) | {"started": time}) + "\n" + rest)
    answer = call(root, "mark")
    assert answer.returncode == 2
    assert "records.ndjson:1" in answer.stderr


def test_a_pattern_that_would_search_for_ever_is_an_error(root: Path) -> None:
    spec = next((root / "specs").glob("*.md"))
    spec.write_text(spec.read_text() + f"\n## Definition of Done\n- [ ] {'a' * 60}!\n")
    (root / "spec2bdd.toml").write_text('[done]\n"/(a|aa)+$/" = { criteria = "must" }\n')
    answer = call(root, "mark")
    assert answer.returncode == 2
    assert "takes more than 1 s" in answer.stderr


def test_a_relative_import_in_a_step_file_is_explained(root: Path) -> None:
    (root / "steps" / "pages.py").write_text("def find(): pass\n")
    (root / "steps" / "more_steps.py").write_text("from .pages import find\n")
    answer = call(root, "verify")
    assert answer.returncode == 2
    assert "write `from pages import find`" in answer.stderr
    assert answer.stderr.count("[step-import]") == 1


SPECIAL = ["pipe", "folder", "socket", "loop", "/dev/zero"]


@pytest.fixture
def special(root: Path) -> Path:
    """The project, with paths that are no regular files."""
    os.mkfifo(root / "pipe")
    (root / "folder").mkdir()
    (root / "loop").symlink_to("loop")
    # The path of a socket must be short.
    with contextlib.chdir(root), socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
    return root


READING = {
    "mark": ("mark", "--check"),
    "history": ("history", "--rebuild"),
    "config": ("status", "--config"),
    "issue": ("new", "9.9", "x", "--check", "--from-issue"),
    "reading": ("lint", "--explain-reading"),
    "lint": ("lint",),
}


@pytest.mark.parametrize("path", SPECIAL)
@pytest.mark.parametrize("name", READING)
def test_an_argument_that_names_no_regular_file_to_read_is_refused_with_a_hint(
    special: Path, name: str, path: str
) -> None:
    answer = call(special, *READING[name], path)
    assert (answer.returncode, path in answer.stderr, "    hint: " in answer.stderr) == (2, True, True)


@pytest.mark.parametrize("path", ["pipe", "socket", "/dev/zero"])
def test_so_are_durations(special: Path, path: str) -> None:
    answer = call(special, "run", "--shard", "1/2", "--durations", path)
    assert (answer.returncode, f"{path}: error: cannot read the durations: not a regular file" in answer.stderr) == (
        2,
        True,
    )


@pytest.mark.parametrize("path", [*SPECIAL[:4], "/dev/full"])
@pytest.mark.parametrize("arguments", [("status", "--format", "json:{}"), ("verify", "--patch", "{}")], ids=str)
def test_an_output_that_cannot_be_written_is_refused_with_a_hint(
    special: Path, arguments: tuple[str, ...], path: str
) -> None:
    write_basket(special, spec=(special / SPEC_PATH).read_text().replace("An item can be added", "An item is added"))
    answer = call(special, *[argument.format(path) for argument in arguments])
    assert (answer.returncode, path in answer.stderr, "    hint: " in answer.stderr) == (2, True, True)


def test_a_pipe_that_something_reads_is_written(special: Path) -> None:
    with subprocess.Popen(["cat", "pipe"], cwd=special, stdout=subprocess.PIPE) as reader:
        while (answer := call(special, "status", "--format", "json:pipe")).returncode == 2:
            # The reader has not opened it yet.
            assert "nothing reads from this pipe" in answer.stderr
            assert reader.poll() is None
        output, _ = reader.communicate(timeout=LIMIT)
    assert json.loads(output)["command"] == "status"


def test_what_a_shell_substitutes_for_a_command_is_read_as_records(special: Path) -> None:
    command = f"'{sys.executable}' -m spec2bdd mark --check <(cat .spec2bdd/records.ndjson)"
    answer = subprocess.run(["bash", "-c", command], cwd=special, capture_output=True, text=True, timeout=LIMIT)
    assert (answer.returncode, answer.stderr) == (1, "")


@pytest.mark.parametrize("command", ["status", "explain", "report", "trace", "mark"])
def test_records_that_are_a_pipe_are_reported_and_not_waited_for(special: Path, command: str) -> None:
    records = special / ".spec2bdd/records.ndjson"
    records.unlink()
    os.mkfifo(records)
    answer = call(special, command, *(["3.10"] if command == "explain" else []))
    message = ".spec2bdd/records.ndjson: error: cannot read the records: not a regular file [record]"
    assert (answer.returncode, message in answer.stderr) == (2, True)
