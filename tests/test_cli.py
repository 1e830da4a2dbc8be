"""The command line, run as users run it: exit code, what is printed on which stream, and what `--help` says."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import program
import pytest
from click.testing import CliRunner
from small_project import SPEC, SPEC_PATH, STEPS, read_all, write_basket, write_files

from spec2bdd.cli.main import main
from spec2bdd.cli.run_options import RunFlags
from spec2bdd.config.config import Config

COMMANDS = ("generate", "run", "mark", "verify")
PROVED = SPEC[: SPEC.index("- [ ] Removing")]


def call(root: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command in `root`, without a terminal."""
    command = [sys.executable, "-m", "spec2bdd", *arguments]
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR")}
    return subprocess.run(
        command, cwd=root, env={**environment, **variables}, capture_output=True, text=True, check=False, timeout=60
    )


def write_names(root: Path, names: Iterable[str]) -> None:
    """Write empty files."""
    write_files(root, dict.fromkeys(names, ""))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_names_its_options(tmp_path: Path, command: str) -> None:
    answer = call(tmp_path, command, "--help")
    assert answer.returncode == 0
    assert {"--format", "--config", "--quiet", "--help"} <= set(answer.stdout.replace(",", " ").split())


def test_the_help_names_every_command_and_exit_code(tmp_path: Path) -> None:
    answer = call(tmp_path, "--help").stdout
    assert all(command in answer for command in COMMANDS)
    assert "Exit code: 0 success, 1 checks failed, 2 error, 130 interrupted." in " ".join(answer.split())


@pytest.mark.parametrize(("typed", "meant"), [(["help"], ["--help"]), (["help", "tick"], ["tick", "--help"])])
def test_help_can_be_asked_for_as_of_git_and_cargo(typed: list[str], meant: list[str]) -> None:
    answer, expected = (CliRunner().invoke(main, words, prog_name="spec2bdd") for words in (typed, meant))
    assert (answer.exit_code, answer.output) == (0, expected.output)


def test_the_help_says_in_a_narrow_terminal_what_each_command_does(tmp_path: Path) -> None:
    answer = call(tmp_path, "--help", COLUMNS="80").stdout
    assert [line for line in answer.splitlines() if line.endswith("...") and "[ARGS]" not in line] == []
    assert answer.index("  verify ") < answer.index("  generate ")


def test_yes_exits_0(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=PROVED)
    answer = call(tmp_path, "verify")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "1 passed" in answer.stdout


def test_no_exits_1_and_names_the_spec_line_the_scenario_line_and_the_error(tmp_path: Path) -> None:
    write_basket(tmp_path)
    answer = call(tmp_path, "verify")
    assert answer.returncode == 1
    line = SPEC.splitlines().index('- [ ] Removing an item that is not there is refused with "no such item"') + 1
    assert f"{SPEC_PATH}:{line}" in answer.stdout
    assert "features/3_10_shop_basket.feature:" in answer.stdout
    assert "no no such item" in answer.stdout
    assert "steps/shop_basket_steps.py:10" in answer.stdout


RUN_OPTIONS = [
    (["-j", "0"], "error: invalid value `0` for `--jobs` [usage] hint: use a positive integer or `auto`"),
    (["-j", "many"], "error: invalid value `many` for `--jobs` [usage]"),
    (["--shard", "0/2"], "error: invalid value `0/2` for `--shard` [usage] hint: use I/N with 1 <= I <= N"),
    (["--shard", "3/2"], "error: invalid value `3/2` for `--shard` [usage]"),
    (["--shard", "1"], "error: invalid value `1` for `--shard` [usage]"),
    (
        ["--timeout", "-1"],
        "invalid value `-1` for `--timeout` [usage] hint: use a number of seconds greater than 0, or 0 for no limit",
    ),
    (["--timeout", "nan"], "error: invalid value `nan` for `--timeout` [usage]"),
    (["--retries", "-1"], "error: invalid value `-1` for `--retries` [usage] hint: use an integer from 0 to 100"),
    (
        ["--retries", "101"],
        "error: invalid value `101` for `--retries` [usage] hint: use an integer from 0 to 100",
    ),
    (["--retries", "9" * 5000], "for `--retries` [usage]"),
    (["--", "--format", "json"], "`--format` cannot be passed to Behave"),
]


@pytest.mark.parametrize(("options", "message"), RUN_OPTIONS, ids=[" ".join(options) for options, _ in RUN_OPTIONS])
def test_what_cannot_be_asked_of_a_run_exits_2(tmp_path: Path, options: list[str], message: str) -> None:
    write_basket(tmp_path, spec=PROVED)
    assert program.call(tmp_path, "generate").returncode == 0
    answer = program.call(tmp_path, "run", *options)
    assert (answer.returncode, message in " ".join(answer.stderr.split())) == (2, True)


def test_what_is_asked_of_a_run_on_the_command_line_beats_the_configuration(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=PROVED)
    write_files(tmp_path, {"spec2bdd.toml": 'jobs = "auto"\ntimeout = 40\nretries = 1\n'})
    asked: list[list[object]] = []
    seen: set[Path] = set()
    for options in ((), ("-j", "3", "--timeout", "9.5", "--retries", "0", "--shard", "1/1", "--", "--stop")):
        assert program.call(tmp_path, "verify", *options).returncode == 0
        # A run that may leave something out is kept in a file of its own.
        (path,) = set((tmp_path / ".spec2bdd").glob("*.ndjson")) - seen
        seen.add(path)
        first = json.loads(path.read_text().splitlines()[0])
        asked.append([first["asked"][key] for key in ("timeout", "retries", "shard", "arguments")])
    assert asked == [[40.0, 1, None, []], [9.5, 0, [1, 1], ["--stop"]]]
    assert first["asked"]["jobs"] == 3


@pytest.mark.parametrize(("asked", "expected"), [(None, 40.0), (9.5, 9.5), (0.0, None)])
def test_a_time_limit_of_0_on_the_command_line_lifts_that_of_the_configuration(
    asked: float | None, expected: float | None
) -> None:
    assert RunFlags(timeout=asked).build_run_options(Config(root=Path(), timeout=40.0)).timeout == expected


@pytest.mark.parametrize("command", COMMANDS)
def test_no_specs_exits_2_with_a_hint_and_no_traceback(tmp_path: Path, command: str) -> None:
    answer = program.call(tmp_path, command)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "error: no specs found" in answer.stderr
    assert "hint:" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_wrong_option_exits_2(tmp_path: Path) -> None:
    answer = program.call(tmp_path, "verify", "--chekc")
    assert answer.returncode == 2
    assert "--check" in answer.stderr


def test_an_unknown_key_exits_2_and_asks_what_was_meant(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"pyproject.toml": '[tool.spec2bdd]\nfeature = "features"\n'})
    answer = program.call(tmp_path, "generate")
    assert answer.returncode == 2
    assert "pyproject.toml" in answer.stderr
    assert "did you mean `features`?" in answer.stderr


def test_check_exits_1_where_something_would_change_and_0_where_not(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=PROVED)
    before = read_all(tmp_path)
    assert program.call(tmp_path, "generate", "--check").returncode == 1
    assert read_all(tmp_path) == before
    assert program.call(tmp_path, "generate").returncode == 0
    assert program.call(tmp_path, "generate", "--check").returncode == 0


def test_diff_prints_a_patch_that_git_takes_and_that_does_the_same(tmp_path: Path) -> None:
    for name in ("asked", "done"):
        write_basket(tmp_path / name, spec=PROVED.replace("\n", "\r\n"))
        subprocess.run(["git", "init", "--quiet"], cwd=tmp_path / name, check=True)
    command = [sys.executable, "-m", "spec2bdd", "generate", "--diff"]
    patch = subprocess.run(command, cwd=tmp_path / "asked", capture_output=True, check=False)
    assert patch.returncode == 1
    subprocess.run(["git", "apply", "-"], cwd=tmp_path / "asked", input=patch.stdout, check=True)
    call(tmp_path / "done", "generate")
    assert read_all(tmp_path / "done") == read_all(tmp_path / "asked")


def test_json_is_alone_on_stdout_and_has_a_version(tmp_path: Path) -> None:
    write_basket(tmp_path)
    answer = call(tmp_path, "verify", "--format", "json")
    data = json.loads(answer.stdout)
    assert (data["version"], data["exit_code"], data["command"]) == (3, 1, "verify")
    assert [found["verdict"] for found in data["specs"][0]["criteria"]] == ["passed", "failed", "pending", "pending"]


def test_a_pipe_gets_no_colour_unless_it_is_forced(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=PROVED)
    assert "\x1b" not in call(tmp_path, "verify").stdout
    assert "\x1b" in call(tmp_path, "verify", FORCE_COLOR="1").stdout
    assert "\x1b" not in call(tmp_path, "verify", FORCE_COLOR="1", NO_COLOR="1").stdout


def test_quiet_says_nothing_of_the_specs_and_all_of_the_failure(tmp_path: Path) -> None:
    write_basket(tmp_path)
    answer = program.call(tmp_path, "verify", "-q").stdout
    assert "Shop basket" not in answer
    assert "no no such item" in answer


def test_verbose_lists_what_is_pending_and_why(tmp_path: Path) -> None:
    write_basket(tmp_path)
    answer = program.call(tmp_path, "verify", "-v").stdout
    assert "Baskets can be shared" in answer
    assert "step not implemented" in answer


def test_gate_all_says_no_to_pending_musts(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=PROVED.replace("An item can be added", "Nobody has written this"))
    assert program.call(tmp_path, "verify").returncode == 0
    assert program.call(tmp_path, "verify", "--gate", "all").returncode == 1


def test_a_folder_below_finds_the_configuration_above(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=PROVED)
    write_files(tmp_path, {"pyproject.toml": "[tool.spec2bdd]\n"})
    write_names(tmp_path, ["deep/down/here.txt"])
    assert program.call(tmp_path / "deep" / "down", "verify").returncode == 0
    assert "- [x]" in (tmp_path / SPEC_PATH).read_text()


def test_optimized_python_is_refused_because_no_assert_would_be_left(tmp_path: Path) -> None:
    write_basket(tmp_path)
    answer = call(tmp_path, "verify", PYTHONOPTIMIZE="1")
    assert answer.returncode == 2
    assert "assert" in answer.stderr
    assert (tmp_path / SPEC_PATH).read_text() == SPEC


def test_ctrl_c_exits_130_marks_nothing_and_keeps_the_records(tmp_path: Path) -> None:
    basket = '    basket = [context.scenario.name and "apple"]\\n    assert "pear"'
    waiting = STEPS.replace(basket, '    time.sleep(60)\\n    assert "pear"')
    write_basket(tmp_path, steps="import time\n" + waiting)
    call(tmp_path, "generate")
    before = read_all(tmp_path)
    records = tmp_path / ".spec2bdd" / "records.ndjson"
    command = [sys.executable, "-m", "spec2bdd", "verify"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        wait_for(lambda: records.exists() and records.read_text().count("scenario_start") > 1)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted; no spec was changed" in errors
    assert "Traceback" not in errors
    assert read_all(tmp_path) == before
    assert '"passed"' in records.read_text()


def test_ctrl_c_while_marks_are_written_does_not_say_that_nothing_was_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    write_basket(tmp_path)
    call(tmp_path, "generate")
    call(tmp_path, "run")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("spec2bdd.adapters.system.files.writer._write_batch", interrupt)
    answer = CliRunner().invoke(main, ["mark"])
    assert answer.exit_code == 130
    assert "interrupted; no file is half written; rerun the command to finish" in answer.stderr
    assert "no spec was changed" not in answer.stderr


def test_ctrl_c_while_python_executes_a_string_exits_130(tmp_path: Path) -> None:
    # As `dataclasses` does, and we, to make methods. Only a module that is the program would end otherwise.
    (tmp_path / "program.py").write_text(
        "from spec2bdd import __main__, config\n"
        "config.read_config = lambda *_, **__: exec('raise KeyboardInterrupt')\n"
        "__main__.start()\n"
    )
    command = [sys.executable, "-m", "program", "status"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "interrupted; no spec was changed\n")


@pytest.mark.parametrize("arguments", [["status"], ["verify", "--check"], ["--help"]])
def test_ctrl_c_while_a_command_is_imported_exits_130(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("spec2bdd.cli.main.import_module", interrupt)
    monkeypatch.setattr(main, "commands", {})
    answer = CliRunner().invoke(main, arguments)
    assert (answer.exit_code, answer.output) == (130, "interrupted\n")


# Imports what the program imports first, and is interrupted at the import of its command line.
INTERRUPTED = """\
import sys
class Finder:
    def find_spec(self, name, *_):
        if name == "spec2bdd.cli.main":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
from spec2bdd.__main__ import start
start()
"""


def test_ctrl_c_while_the_program_is_imported_exits_130_without_a_traceback() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until something is so, and not for ever."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.02)


def test_a_project_without_a_single_criterion_gets_an_answer(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC[: SPEC.index("- [ ] An item")] + "- [ ] [Critical functionality that must work]\n")
    answer = program.call(tmp_path, "verify")
    assert answer.returncode == 0
    assert "no criteria" in answer.stdout
    assert "placeholder" in answer.stderr
    assert [path for path in read_all(tmp_path) if not path.startswith("steps/")] == [SPEC_PATH]


def test_a_module_that_a_full_disk_has_cut_off_is_named_as_the_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(*_: object, **__: object) -> None:
        raise EOFError("marshal data too short")

    write_basket(tmp_path)
    monkeypatch.setattr("spec2bdd.lint", load)
    result = program.call(tmp_path, "lint")
    message = "error: a compiled module of Python is incomplete: marshal data too short [system]"
    assert (result.returncode, result.stderr.splitlines()[0]) == (2, message)
