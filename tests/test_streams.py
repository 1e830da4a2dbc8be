"""What a command does where its streams, its folder or its disk cannot be used: one line and exit code 2."""

from __future__ import annotations

import os
import pty
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from small_project import SPEC, SPEC_PATH, read_all, write_basket, write_files

from spec2bdd.cli.stdin import read_input
from spec2bdd.errors import UsageError
from spec2bdd.reporters.terminal.escape import UNSAFE

PROGRAM = f"{shlex.quote(sys.executable)} -m spec2bdd"
COMMANDS = ("verify", "verify --diff", "lint --format json", "--help")


def call(root: Path, line: str) -> tuple[int, str, str]:
    """Run a line of shell, and return its exit code, stdout and stderr."""
    done = subprocess.run(
        ["bash", "-c", line], cwd=root, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_a_closed_stdout_is_an_error_before_anything_is_done(tmp_path: Path, command: str) -> None:
    write_basket(tmp_path)
    before = read_all(tmp_path)
    code, _, err = call(tmp_path, f"{PROGRAM} {command} >&-")
    message = "error: stdout is closed [system]\n    hint: to discard the output, use `> /dev/null`\n"
    assert (code, err, read_all(tmp_path)) == (2, message, before)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_stdout_is_an_error_of_one_line(tmp_path: Path, command: str) -> None:
    write_basket(tmp_path)
    code, _, err = call(tmp_path, f"{PROGRAM} {command} >/dev/full")
    assert code == 2
    assert err.splitlines()[-1] == "stdout: error: no space left on device [system]"
    assert "Traceback" not in err


def test_what_was_written_before_stdout_was_full_is_whole(tmp_path: Path) -> None:
    write_basket(tmp_path)
    call(tmp_path, f"{PROGRAM} verify >/dev/full")
    before = read_all(tmp_path)
    code, out, _ = call(tmp_path, f"{PROGRAM} verify")
    assert (code, read_all(tmp_path)) == (1, before)
    assert "1 passed" in out
    assert "- [x] An item can be added" in (tmp_path / SPEC_PATH).read_text()


@pytest.mark.parametrize("command", ["verify", "verify 9.9"])
@pytest.mark.parametrize("end", ["2>&-", "2>/dev/full", "<&-"])
def test_the_answer_needs_only_stdout(tmp_path: Path, command: str, end: str) -> None:
    expected = call(write_basket(tmp_path / "a"), f"{PROGRAM} {command} 2>/dev/null")
    code, out, err = call(write_basket(tmp_path / "b"), f"{PROGRAM} {command} {end}")
    times = re.compile(r"\d+\.\d+ s")
    assert (code, times.sub("", out)) == (expected[0], times.sub("", expected[1]))
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["verify", "lint", "explain 3.10", "history 3.10"])
def test_a_command_in_a_deleted_folder_is_an_error(tmp_path: Path, command: str) -> None:
    (tmp_path / "gone").mkdir()
    code, _, err = call(tmp_path, f"cd gone; rmdir ../gone; {PROGRAM} {command}")
    message = "error: the current folder no longer exists [config]\n    hint: `cd` to a folder that exists\n"
    assert (code, err) == (2, message)


@pytest.mark.parametrize("blocks", [0, 1, 8])
@pytest.mark.parametrize("command", ["verify", "verify -j 2", "lint --format json:a.json"])
def test_a_limit_on_the_size_of_files_is_an_error_and_leaves_files_whole(
    tmp_path: Path, command: str, blocks: int
) -> None:
    write_basket(tmp_path)
    before = read_all(tmp_path)
    # Python would write incomplete compiled modules into the folders of the package.
    limits = f"export PYTHONDONTWRITEBYTECODE=1; ulimit -f {blocks}"
    code, out, err = call(tmp_path, f"{limits}; {PROGRAM} {command}")
    assert "Traceback" not in out + err
    assert code in (0, 1) or "error: " in err
    call(tmp_path, f"{PROGRAM} verify")
    kept = {path: content for path, content in read_all(tmp_path).items() if path in before and path != SPEC_PATH}
    assert kept.keys() == before.keys() - {SPEC_PATH}


@pytest.mark.parametrize("pipe", ["|", "2>&1 |"])
def test_a_pipe_without_a_reader_changes_neither_the_work_nor_the_exit_status(tmp_path: Path, pipe: str) -> None:
    write_basket(tmp_path)
    code, _, err = call(tmp_path, f"set -o pipefail; {PROGRAM} verify {pipe} true")
    assert (code, "Traceback" in err, "BrokenPipe" in err) == (1, False, False)
    assert "- [x] An item can be added" in (tmp_path / SPEC_PATH).read_text()


def test_a_bug_shows_where_it_is_and_asks_for_a_report(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(
        tmp_path,
        {"broken.py": "import spec2bdd.commands.lint as lint\ndef fail(*_, **__):\n    {}['key']\nlint.lint = fail\n"},
    )
    program = "import broken, spec2bdd; spec2bdd.lint = broken.fail; from spec2bdd.cli.main import main; main()"
    code, out, err = call(tmp_path, f"{shlex.quote(sys.executable)} -c {shlex.quote(program)} lint")
    lines = err.splitlines()
    assert (code, out, lines[0]) == (2, "", "Traceback (most recent call last):")
    assert '  File "broken.py", line 3, in fail' in lines
    assert lines[-2:] == [
        "error: internal error: KeyError: 'key'",
        "hint: this is a bug in spec2bdd; please report it with the lines above",
    ]
    places = [line for line in lines if line.startswith("  File ")]
    assert [place for place in places if str(tmp_path) in place or '"/' in place] == []


@pytest.mark.parametrize("command", ["lint --fix --diff", "lint --fix --format diff", "explain $'a\\e[2J\\u202eb'"])
@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {}])
def test_a_terminal_gets_nothing_of_the_users_that_it_would_obey(
    tmp_path: Path, command: str, variables: dict[str, str]
) -> None:
    hostile = "An \x1b[2J\x9b item \u202e\u2066 can be\u2069 added\x07"
    write_basket(tmp_path, spec=SPEC.replace("- [ ] An item can be added", f"- {hostile}\n"))
    main, terminal = pty.openpty()
    line = ["bash", "-c", f"{PROGRAM} {command}"]
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    environment = {**kept, "COLUMNS": "120", "LC_ALL": "C.UTF-8", **variables}
    with subprocess.Popen(line, cwd=tmp_path, env=environment, stdout=terminal, stderr=terminal):
        os.close(terminal)
        shown = read_terminal(main)
    text = re.sub("\x1b\\[[0-9;]*m", "", shown.decode().replace("\r\n", ""))
    assert UNSAFE.findall(text) == []
    assert r"\x1b[2J" in text
    assert r"\u202e" in text


def read_terminal(main: int) -> bytes:
    """Read what a terminal shows, until all processes have closed it."""
    shown = b""
    with os.fdopen(main, "rb", buffering=0) as stream:
        while True:
            try:
                part = stream.read(65536)
            except OSError:
                return shown
            shown += part


@pytest.mark.parametrize("command", ["verify", "explain 3.10", "status"])
def test_a_stream_that_is_not_utf_8_gets_plain_signs(tmp_path: Path, command: str) -> None:
    write_basket(tmp_path)
    call(tmp_path, f"{PROGRAM} verify -q")
    _, out, err = call(tmp_path, f"PYTHONIOENCODING=ascii {PROGRAM} {command}")
    assert out.isascii()
    assert "\\u" not in out + err
    assert "\\x" not in out + err


def test_a_letter_that_a_stream_does_not_have_is_escaped(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC.replace("An item can be added", "Ein Krümel passt hinein"))
    call(tmp_path, f"{PROGRAM} generate -q")
    _, out, _ = call(tmp_path, f"PYTHONIOENCODING=ascii {PROGRAM} explain 3.10")
    assert "Kr\\xfcmel" in out


def test_a_closed_stdin_is_an_error_where_it_is_to_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UsageError, match="stdin is closed"):
        read_input("-")
