"""Errors of usage: each has the form of all other errors, says what to type, and exits with 2."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from small_project import SPEC, SPEC_PATH, generate, read_all, run, write_basket, write_files
from tree_repository import commit_all, run_git

from spec2bdd.cli.main import main

CONTEXT = click.Context(main)
COMMANDS = {name: command for name in main.list_commands(CONTEXT) if (command := main.get_command(CONTEXT, name))}
OPTIONS = [(name, param) for name, command in COMMANDS.items() for param in command.params]


@pytest.fixture
def basket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a project, and go there."""
    root = write_basket(tmp_path)
    monkeypatch.chdir(root)
    return root


def invoke(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, arguments, prog_name="spec2bdd")


ERRORS: dict[str, tuple[list[str], str, str]] = {
    "an option that does not exist": (["verify", "--onyl", "x"], "no such option `--onyl`", "did you mean `--only`?"),
    "an option of another command": (
        ["lint", "--failed"],
        "no such option `--failed`",
        "it is an option of `verify` and `run`",
    ),
    "a tier where the specs of the gate are chosen": (
        ["verify", "--gate", "must"],
        "invalid value `must` for `--gate`",
        (
            "use `claimed` or `all`; the tiers of the gate are set in the configuration, "
            'such as `gate = ["must", "should"]`'
        ),
    ),
    "a tag expression that Behave cannot parse": (
        ["verify", "--", "--tags", "@a and"],
        "invalid tag expression `@a and`",
        'combine tags with `and`, `or`, `not` and parentheses: `--tags "@smoke and not @slow"`',
    ),
    "an option of Behave": (
        ["run", "--tags", "@x"],
        "no such option `--tags`",
        "to pass it to Behave, write it after `--`: `spec2bdd run -- --tags`",
    ),
    "an option that Behave does not have": (
        ["run", "--xyz"],
        "no such option `--xyz`",
        "`spec2bdd run --help` lists the options",
    ),
    "an option of pytest": (
        ["verify", "-k", "x"],
        "no such option `-k`",
        "name what to run, such as a part of a criterion's text: `spec2bdd verify TEXT`",
    ),
    "an option of pytest that Behave does not have": (
        ["run", "-x"],
        "no such option `-x`",
        "to stop at the first failure, write Behave's option after `--`: `spec2bdd run -- --stop`",
    ),
    "an option of nothing": (["lint", "--xyz"], "no such option `--xyz`", "`spec2bdd lint --help` lists the options"),
    "a letter that is no option": (["lint", "-x"], "no such option `-x`", "`spec2bdd lint --help` lists the options"),
    "an option before the command": (
        ["--check", "verify"],
        "no such option `--check`",
        "it is an option of `init`, `new`, `verify` and other commands; write it after the name of the command",
    ),
    "a letter before the command": (
        ["-j", "4", "verify"],
        "no such option `-j`",
        "it is an option of `verify`, `run`, `watch` and other commands; write it after the name of the command",
    ),
    "a misspelt command": (["verfy"], "no such command `verfy`", "did you mean `verify`?"),
    "a command that does not exist": (["2.1"], "no such command `2.1`", "`spec2bdd --help` lists the commands"),
    "a missing argument": (
        ["waive", "--reason", "x"],
        "missing argument `CRITERION`",
        'for example: `spec2bdd waive "3.2#4" --reason "postponed to 2.0"`',
    ),
    "a missing name of the history": (["history"], "missing argument `NAME`", "for example: `spec2bdd history 3.2`"),
    "missing records of the history": (
        ["history", "--rebuild"],
        "missing argument `RECORDS`",
        "for example: `spec2bdd history --rebuild kept/*.ndjson`",
    ),
    "a missing name": (["explain"], "missing argument `NAME`", "for example: `spec2bdd explain 3.2`"),
    "a missing option": (
        ["waive", "3.2#4"],
        "missing option `--reason`",
        'for example: `spec2bdd waive "3.2#4" --reason "postponed to 2.0"`',
    ),
    "a missing value": (["verify", "--since"], "option `--since` needs a value", "write `--since REV`"),
    "no revision": (
        ["verify", "--since", ""],
        "`--since` needs a revision",
        "name one, such as `--since main`, or leave it out",
    ),
    "an option of another format": (
        ["report", "--junit-pending", "failure"],
        "`--junit-pending` is only used with the format `junit`",
        "add `--format junit:FILE`, or leave out `--junit-pending`",
    ),
    "a value too many": (["verify", "--check=yes"], "option `--check` takes no value", "leave out the value"),
    "a word that is no choice": (
        ["mark", "--gate", "no"],
        "invalid value `no` for `--gate`",
        "use one of `claimed`, `all`, `no-regression`",
    ),
    "a text that is no number": (
        ["run", "-j", "x"],
        "invalid value `x` for `--jobs`",
        "use a positive integer or `auto`",
    ),
    "a scheduler without its executor": (
        ["run", "--scheduler", "tcp://a:1"],
        "`--scheduler` needs `--executor dask`",
        "add `--executor dask`",
    ),
    "a debugger on a cluster": (
        ["run", "--pdb", "--executor", "dask"],
        "`--pdb` needs one process",
        "remove `--executor`",
    ),
    "a file that does not exist": (
        ["lint", "--config", "no.toml"],
        "file not found: `no.toml`",
        "check the path after `--config`",
    ),
    "a folder in place of a file": (
        ["lint", "--config", "specs"],
        "invalid value `specs` for `--config`: it is a folder",
        "name a file",
    ),
    "an argument too many": (
        ["explain", "a", "b", "c"],
        "unexpected argument `c`",
        "for example: `spec2bdd explain 3.2`",
    ),
    "a name too many": (
        ["history", "a", "b", "c"],
        "unexpected argument `c`",
        'for example: `spec2bdd history 3.2 "#4"`',
    ),
    "quiet and verbose": (
        ["verify", "-qv"],
        "`--quiet` cannot be combined with `--verbose`",
        "leave out one of them",
    ),
    "quiet and verbose challenges": (
        ["challenge", "-v", "--quiet"],
        "`--quiet` cannot be combined with `--verbose`",
        "leave out one of them",
    ),
    "names with --prune": (
        ["generate", "--prune", "3.10"],
        "`--prune` cannot be combined with names",
        "run `spec2bdd generate --prune`; what is unused is known only for the whole project",
    ),
    "a spec in place of records": (
        ["mark", "3.10"],
        "`3.10` is a spec, and `mark` takes record files",
        "run `spec2bdd verify 3.10`, or `spec2bdd mark` for all results of the last run",
    ),
    "the file of a spec in place of records": (
        ["mark", SPEC_PATH],
        f"`{SPEC_PATH}` is a spec, and `mark` takes record files",
        f"run `spec2bdd verify {SPEC_PATH}`, or `spec2bdd mark` for all results of the last run",
    ),
    "a criterion in place of records": (
        ["mark", "3.10#1"],
        "`3.10#1` is a criterion, and `mark` takes record files",
        "run `spec2bdd verify '3.10#1'`, or `spec2bdd mark` for all results of the last run",
    ),
}


@pytest.mark.parametrize(("arguments", "message", "hint"), ERRORS.values(), ids=ERRORS)
def test_an_error_of_usage_has_two_lines(basket: Path, arguments: list[str], message: str, hint: str) -> None:
    before = read_all(basket)
    result = invoke(*arguments)
    assert result.stderr == f"error: {message} [usage]\n    hint: {hint}\n"
    assert (result.exit_code, result.stdout, read_all(basket)) == (2, "", before)


NAMES = {
    "verify": (["verify", "3.1O"], "no spec or criterion matches `3.1O`", "did you mean `3.10` (Shop basket)?"),
    "run": (
        ["run", "specs/3.10-baskte.md"],
        "no spec or criterion matches `specs/3.10-baskte.md`",
        f"did you mean `{SPEC_PATH}`?",
    ),
    "generate": (
        ["generate", "Shop baskt"],
        "no spec or criterion matches `Shop baskt`",
        "did you mean `3.10` (Shop basket)?",
    ),
    "lint": (["lint", "3.1O"], "no spec matches `3.1O`", "did you mean `3.10` (Shop basket)?"),
    "explain": (["explain", "3.1O"], "no spec or criterion matches `3.1O`", "did you mean `3.10` (Shop basket)?"),
    "accept": (
        ["accept", "Baskets can be shred"],
        "no spec or criterion matches `Baskets can be shred`",
        "did you mean `Baskets can be shared`?",
    ),
    "tick": (
        ["tick", "3.10"],
        "no criterion matches `3.10`",
        "`3.10` is a spec; name one of its criteria, such as `3.10#1`",
    ),
    "a word of a name": (
        ["verify", "bskaet"],
        "no spec or criterion matches `bskaet`",
        "did you mean `3.10` (Shop basket)?",
    ),
    "nothing similar": (
        ["verify", "9.9"],
        "no spec or criterion matches `9.9`",
        "the only spec is `3.10` (Shop basket)",
    ),
    "waive": (
        ["waive", "3.10#9", "--reason", "x"],
        "no criterion matches `3.10#9`",
        "`3.10` has 4 criteria: `#1` to `#4`",
    ),
    "zero": (["explain", "3.10", "#0"], "no criterion matches `#0`", "`3.10` has 4 criteria: `#1` to `#4`"),
}


@pytest.mark.parametrize(("arguments", "message", "hint"), NAMES.values(), ids=NAMES)
def test_a_wrong_name_gets_two_lines_with_the_nearest_names(
    basket: Path, arguments: list[str], message: str, hint: str
) -> None:
    before = read_all(basket)
    result = invoke(*arguments)
    assert result.stderr == f"error: {message} [not-found]\n    hint: {hint}\n"
    assert (result.exit_code, result.stdout) == (2, "")
    assert read_all(basket) == before


def test_mark_without_results_is_one_error(basket: Path) -> None:
    result = invoke("mark")
    assert result.stderr == "error: no results yet [record]\n    hint: run `spec2bdd verify`\n"
    assert (result.exit_code, result.stdout) == (2, "")


def test_mark_of_a_missing_file_is_one_error(basket: Path) -> None:
    result = invoke("mark", "nope.ndjson")
    expected = "nope.ndjson: error: file not found [record]\n    hint: check the path\n"
    assert result.stderr == expected
    assert (result.exit_code, result.stdout) == (2, "")


def test_mark_of_several_missing_files_names_all_of_them(basket: Path) -> None:
    result = invoke("mark", "a.ndjson", "b.ndjson")
    assert [line for line in result.stderr.splitlines() if "error" in line] == [
        "a.ndjson: error: file not found [record]",
        "b.ndjson: error: file not found [record]",
        "2 errors",
    ]
    assert result.exit_code == 2


def test_a_missing_file_among_others_hides_no_results(basket: Path) -> None:
    generate(basket)
    run(basket)
    result = invoke("mark", ".spec2bdd/records.ndjson", "nope.ndjson")
    assert result.exit_code == 2
    assert "- [x] An item can be added" in (basket / SPEC_PATH).read_text()


@pytest.mark.parametrize("name", COMMANDS)
def test_no_error_of_usage_is_shown_as_click_shows_it(basket: Path, name: str) -> None:
    result = invoke(name, "--no-such-option")
    assert (result.exit_code, "Usage:" in result.output, "Try " in result.output) == (2, False, False)


# --- options appear only where they do something ----------------------------------------------------------------------

# What is not about one project needs no configuration of one.
WITHOUT_CONFIG = {"init", "schema", "capabilities"}

# What can be asked before it is written.
WRITING = {"init", "new", "verify", "generate", "mark", "lint"}
WRITING |= {"accept", "eject", "waive", "unwaive", "manual", "tick"}

# The commands with each option that several have; all other options belong to one command, or to all.
SHARED = {
    "--dry-run": {"init", "new"},
    # It writes nothing: its check is whether there are gaps.
    "--check": WRITING | {"trace"},
    "--diff": WRITING,
    # Only these list criteria that are pending, or more specs than fit a screen.
    "--verbose": {"verify", "run", "mark", "status", "trace", "challenge"},
    # An explanation, a history and an overview have nothing that could be left out.
    "--quiet": set(COMMANDS) - {"explain", "history", "status", "trace", "report", "schema", "capabilities", "watch"},
    "--patch": {"verify", "mark"},
    "--strict": {"verify", "mark"},
    "--gate": {"verify", "run", "mark"},
    "--junit-pending": {"verify", "run", "mark", "report"},
    "--update-baseline": {"verify", "mark"},
    "--allow-commands": {"verify", "run", "mark"},
    "--only": {"verify", "run"},
    "--failed": {"verify", "run"},
    "--since": {"verify", "run", "trace", "report"},
    "--jobs": {"verify", "run", "challenge", "watch"},
    "--timeout": {"verify", "run", "watch"},
    "--retries": {"verify", "run", "watch"},
    "--shard": {"verify", "run"},
    "--durations": {"verify", "run"},
    "--executor": {"verify", "run"},
    "--scheduler": {"verify", "run"},
    "--off": {"manual", "tick"},
    "--owner": {"new", "status"},
    "--config": set(COMMANDS) - WITHOUT_CONFIG,
    # A schema has one format, and `watch` has no answer but those of its runs.
    "--format": set(COMMANDS) - {"schema", "watch"},
}
OWN = {
    "--ci",
    "--pre-commit",
    "--agents",
    "--yes",
    "--from-issue",
    "--stdin-filename",
    "--trust-external",
    "--partial",
    "--prune",
    "--fix",
    "--explain-reading",
    "--rebuild",
    "--reason",
    "--pdb",
    "--serve",
    "--port",
}
OWN |= {
    "--status",
    "--tier",
    "--dialect",
    "--tag",
    "--all",
    "--max-faults",
    "--most",
    "--budget",
    "--gaps",
    "--forget",
    "--untested",
}


def test_every_option_is_on_the_commands_where_it_does_something_and_on_no_other() -> None:
    actual: dict[str, set[str]] = {}
    for name, param in OPTIONS:
        if isinstance(param, click.Option):
            actual.setdefault(param.opts[-1], set()).add(name)
    assert {option: names for option, names in actual.items() if option in SHARED} == SHARED
    assert {option for option, names in actual.items() if len(names) == 1} == OWN
    assert actual.keys() == SHARED.keys() | OWN


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_help_and_only_the_aliases_are_hidden(name: str) -> None:
    options = [param for param in COMMANDS[name].params if isinstance(param, click.Option)]
    assert [option.opts for option in options if not option.help] == []
    assert {option.opts[-1] for option in options if option.hidden} == {"--only", "--most"} & {
        option.opts[-1] for option in options
    }


def test_the_former_name_of_an_option_is_read_as_the_new_one() -> None:
    result = invoke("challenge", "--most", "0")
    assert result.stderr == "error: invalid value `0` for `--most` [usage]\n    hint: use a positive integer\n"


def test_since_compares_with_the_same_commit_in_every_command() -> None:
    texts = [param.help or "" for _, param in OPTIONS if isinstance(param, click.Option) and "--since" in param.opts]
    assert {text.partition(" since ")[2] for text in texts} == {"the merge base with REV, such as `main`."}


PASSING = """from behave import then

@then("an item can be added")
def added(context):
    assert context.config.paths
"""

WRITERS = {
    "verify": [],
    "generate": [],
    "mark": [],
    "lint": ["--fix"],
    "accept": ["3.10#1"],
    "eject": ["3.10#1"],
    "waive": ["3.10#1", "--reason", "later"],
    "unwaive": ["3.10#4"],
    "manual": ["3.10#1"],
    "tick": ["3.10#3"],
}


def prepare_change(basket: Path, name: str) -> None:
    """Leave something for one of the commands to write."""
    spec = (basket / SPEC_PATH).read_text()
    spec = spec.replace("survives a restart", "survives a restart (manual)").replace("shared", "shared (waived: later)")
    write_files(basket, {SPEC_PATH: spec})
    if name != "generate":
        generate(basket)
        run(basket)
    spec = spec.replace("can be added", "can be added at any time") if name == "accept" else spec
    write_files(basket, {SPEC_PATH: spec + "* It has no box\n" if name == "lint" else spec})
    if name == "accept":
        generate(basket)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_check_and_diff_write_nothing_and_exit_1_where_something_would_change(
    basket: Path, name: str, option: str
) -> None:
    prepare_change(basket, name)
    before = read_all(basket)
    result = invoke(name, *WRITERS[name], option)
    assert (result.exit_code, read_all(basket)) == (1, before), result.output
    assert ("diff --git" in result.stdout) == (option == "--diff")


def test_a_check_of_a_decision_is_out_of_date_and_names_the_command_that_writes(basket: Path) -> None:
    generate(basket)
    result = invoke("waive", "3.10#1", "--check", "--reason", "not now")
    assert result.stdout.splitlines()[-2:] == [
        f"Out of date: {len(result.stdout.splitlines()) - 3} files would be written",
        "next: run `spec2bdd waive '3.10#1' --reason 'not now'`",
    ]
    assert result.exit_code == 1


@pytest.mark.parametrize("name", sorted(set(WRITERS) - {"lint"}))
def test_a_diff_ends_as_the_check_does(basket: Path, name: str) -> None:
    prepare_change(basket, name)
    ends = []
    for option, stream in (("--check", "stdout"), ("--diff", "stderr")):
        result = invoke(name, *WRITERS[name], option)
        assert result.exit_code == 1
        ends.append(getattr(result, stream).rstrip().rpartition("\n\n")[2])
    assert ends[0] == ends[1]
    assert ends[0].startswith("Failed: " if name in ("verify", "mark") else "Out of date: ")


@pytest.mark.parametrize("command", ["verify", "mark"])
def test_a_patch_of_a_check_is_applied_and_not_written_again(basket: Path, command: str) -> None:
    write_files(basket, {SPEC_PATH: SPEC[: SPEC.index("- [ ] Removing")], "steps/shop_basket_steps.py": PASSING})
    generate(basket)
    run(basket)
    for options in (["--check"], ["--diff"], ["--check", "-q"]):
        result = invoke(command, *options, "--patch", "my marks.patch")
        assert result.exit_code == 1
        assert result.output.splitlines()[-1] == "next: run `git apply 'my marks.patch'`"
    subprocess.run(["git", "apply", "my marks.patch"], cwd=basket, check=True)
    (basket / "my marks.patch").unlink()
    result = invoke(command, "--check", "--patch", "empty.patch")
    assert (result.exit_code, "git apply" in result.output) == (0, False)


def test_a_gate_that_passes_is_not_what_fails_where_files_are_out_of_date(basket: Path) -> None:
    spec = SPEC[: SPEC.index("- [ ] Removing")]
    write_files(basket, {SPEC_PATH: spec, "steps/shop_basket_steps.py": PASSING})
    generate(basket)
    for option in ("--check", "--diff"):
        text = " ".join(invoke("verify", option).output.split())
        assert "Failed: 1 file is out of date · 1 of 1 must proved · 1 criterion: 1 passed" in text
        assert "would be written" not in text


@pytest.mark.parametrize("command", ["run", "verify"])
def test_a_filter_that_matches_no_scenario_is_an_error(basket: Path, command: str) -> None:
    generate(basket)
    error = "error: no scenario matches `--tags @nowhere`: nothing was run [not-found]"
    for quiet in ((), ("-q",)):
        result = invoke(command, *quiet, "--", "--tags", "@nowhere")
        assert (result.exit_code, result.stderr.splitlines()[0]) == (2, error)
    assert error not in invoke(command, "--", "--tags", "@must").stderr


OTHERS = [("run", "; all others are left out"), ("verify", "; all others are judged by earlier runs")]


@pytest.mark.parametrize(("command", "others"), OTHERS)
def test_how_many_scenarios_a_selection_has_run_is_said(basket: Path, command: str, others: str) -> None:
    invoke("verify")
    assert f"1 scenario was run{others}" in invoke(command, "3.10#1").stdout.splitlines()
    assert "scenario was run" not in invoke(command).stdout


def test_no_option_reports_a_wrong_value_in_the_words_of_click() -> None:
    context = click.Context(main)
    commands = filter(None, (main.get_command(context, name) for name in main.list_commands(context)))
    own = [
        (command.name, option.name)
        for command in commands
        for option in command.params
        if isinstance(option.type, click.Choice | click.types.IntParamType | click.types.FloatParamType)
    ]
    assert own == []
    result = invoke("run", "--executor", "ray")
    assert result.stderr.splitlines() == [
        "error: invalid value `ray` for `--executor` [usage]",
        "    hint: use one of `local`, `dask`",
    ]


def test_several_formats_in_one_option_are_told_apart() -> None:
    result = invoke("verify", "--format", "json,csv")
    hint = "    hint: give the option several times: `--format json --format csv`"
    assert result.stderr.splitlines() == ["error: unknown format `json,csv` [usage]", hint]


LIMITED = {"--shard 1/2": "shard 1/2: ", "-- --tags @must": "", "-- --name added": ""}


@pytest.mark.parametrize("limit", LIMITED)
@pytest.mark.parametrize(("command", "others"), OTHERS)
def test_a_run_that_options_limit_says_it_too(basket: Path, command: str, others: str, limit: str) -> None:
    write_files(basket, {SPEC_PATH: f"{SPEC}\n### Should Have\n- [ ] It is red\n"})
    invoke("verify")
    shown = invoke(command, *limit.split()).stdout
    assert re.search(rf"^{LIMITED[limit]}\d+ scenarios? (was|were) run{others}$", shown, re.MULTILINE)


@pytest.mark.parametrize("arguments", [[], ["--shard", "1/1"], ["--", "-D", "a=b"], ["-j", "2"]])
def test_a_run_that_leaves_nothing_out_does_not_say_how_many_scenarios_were_run(
    basket: Path, arguments: list[str]
) -> None:
    invoke("verify")
    assert not re.search("scenarios? (was|were) run", invoke("verify", *arguments).stdout)


@pytest.mark.parametrize("arguments", ["run --shard 1/2 --failed", "verify --shard 1/2", "verify 3.10#1"])
def test_without_an_earlier_run_none_is_said_to_judge_the_others(basket: Path, arguments: str) -> None:
    generate(basket)
    assert re.search(
        r"scenarios? (was|were) run; all others are left out$", invoke(*arguments.split()).stdout, re.MULTILINE
    )


def test_a_selection_that_leaves_nothing_out_says_so(basket: Path) -> None:
    invoke("verify")
    for name in ("3.10", "specs/", "features/3_10_shop_basket.feature"):
        assert "all 4 scenarios were run" in invoke("verify", name).stdout.splitlines()


def test_only_as_many_others_are_judged_by_earlier_runs_as_have_results(basket: Path) -> None:
    generate(basket)
    invoke("run", "3.10#1")
    shown = invoke("verify", "3.10#2").stdout.splitlines()
    assert "1 scenario was run; 1 other is judged by earlier runs, 2 are left out" in shown


def test_durations_that_have_no_effect_are_refused(basket: Path) -> None:
    result = invoke("run", "--durations", "durations.ndjson")
    error = "error: `--durations` has no effect without `--shard` [usage]"
    hint = "    hint: add `--shard`, such as `--shard 1/3`"
    assert (result.exit_code, result.stderr.splitlines()) == (2, [error, hint])
    shown = invoke("verify", "--shard", "1/2", "--durations", "durations.ndjson").stdout
    assert "shard 1/2: `durations.ndjson` does not exist, so all scenarios count the same" in shown


def test_a_gate_that_a_part_of_the_run_passes_names_what_it_has_not_judged(basket: Path) -> None:
    spec = SPEC.replace("status: Draft", "status: Review")
    write_files(basket, {SPEC_PATH: spec, "steps/shop_basket_steps.py": PASSING})
    generate(basket)
    summary = invoke("verify", "3.10#1").stdout
    assert "Passed: 1 of 2 musts proved, 1 skipped · 4 criteria: 1 passed, 3 skipped" in " ".join(summary.split())


def test_what_a_step_logged_is_shown_once(basket: Path) -> None:
    failing = PASSING.replace("    assert context.config.paths", "    logging.error('boo')\n    assert not context")
    write_files(basket, {"steps/shop_basket_steps.py": f"import logging\n{failing}"})
    assert invoke("verify").stdout.count("ERROR:root: boo") == 1


def test_why_a_step_skipped_a_criterion_is_shown_where_its_status_requires_it(basket: Path) -> None:
    skipping = PASSING.replace("assert context.config.paths", "context.scenario.skip('no lamp here')")
    spec = SPEC.replace("status: Draft", "status: Review")
    write_files(basket, {SPEC_PATH: spec, "steps/shop_basket_steps.py": skipping})
    shown = " ".join(invoke("verify").stdout.split())
    assert '1 must criterion is skipped: by a step or hook: "no lamp here"' in shown


def test_invalid_python_leaves_no_trace_of_the_steps_that_it_keeps_from_running(basket: Path) -> None:
    write_files(basket, {"steps/shop_basket_steps.py": f"{PASSING}\ndef x(:\n"})
    invoke("verify")
    shown = invoke("explain", "3.10#1").stdout
    assert "not run: a step may be defined in `steps/shop_basket_steps.py`" in shown
    assert "LookupError" not in shown


def test_a_folder_of_specs_that_does_not_exist_is_named_with_its_key(basket: Path) -> None:
    write_files(basket, {"pyproject.toml": "[tool.spec2bdd]\nspecs = ['nope']\n"})
    result = invoke("lint").stderr
    assert "no folder `nope/`" in result
    assert "hint: correct `specs` under `[tool.spec2bdd]` in `pyproject.toml`" in result


def test_the_root_is_named_where_it_is_another_folder(basket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(basket, {"pyproject.toml": "[tool.spec2bdd]\n"})
    assert "root:" not in invoke("generate").stderr
    monkeypatch.chdir(basket / "specs")
    assert invoke("generate").stderr.splitlines()[0] == "root: .."
    assert "root:" not in invoke("generate", "-q").stderr


def test_a_pass_that_an_error_in_after_all_discounts_is_not_called_not_run(basket: Path) -> None:
    spec = SPEC.replace("status: Draft", "status: Review")
    write_files(basket, {SPEC_PATH: spec, "steps/shop_basket_steps.py": PASSING})
    write_files(basket, {"environment.py": "def after_all(context):\n    raise RuntimeError('no database')\n"})
    assert "status is `Review`, but 1 must criterion passed, but does not count" in invoke("verify").stdout
    write_files(
        basket, {SPEC_PATH: spec.replace("### Must Have\n", "### Must Have\n- [ ] An item can be put in twice\n")}
    )
    write_files(
        basket, {"steps/twice_steps.py": PASSING.replace("an item can be added", "an item can be put in twice")}
    )
    assert "but 2 must criteria passed, but do not count" in invoke("verify").stdout


def test_an_edit_by_hand_is_to_be_undone_or_ejected(basket: Path) -> None:
    generate(basket)
    feature = next((basket / "features").glob("*.feature"))
    feature.write_text(feature.read_text().replace("    Then an item can be added", "    Then an item is added"))
    result = invoke("explain", "3.10#1")
    assert f"next: undo the edit in `features/{feature.name}`, or `spec2bdd eject ac_3_10_" in " ".join(
        result.stdout.split()
    )
    assert "[edited-by-hand]" in result.stderr


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # The name of another scenario, and what joins the scenario with the head.
        ("  Scenario: Baskets can be shared", "  Scenario: Baskets are shared"),
        ("    Then an item can be added", "    Then an item is added\nFeature: Added"),
    ],
)
def test_an_edit_by_hand_that_eject_cannot_move_is_only_to_be_undone(basket: Path, old: str, new: str) -> None:
    generate(basket)
    feature = next((basket / "features").glob("*.feature"))
    feature.write_text(feature.read_text().replace(old, new))
    # Because of the edit, what is generated of another tier is not written.
    spec = (basket / SPEC_PATH).read_text().replace("- [ ] An item can be added\n", "")
    could = "### Could Have\n- [ ] An item can be added\n"
    write_files(basket, {SPEC_PATH: spec.replace("### Could Have\n", could)})
    found = invoke("explain", "An item can be added")
    assert "[edited-by-hand]" in found.stderr
    assert " ".join(found.stdout.split()).partition("next: ")[2] == f"undo the edit in `features/{feature.name}`"


@pytest.mark.parametrize("quiet", [(), ("-q",)])
def test_a_selection_of_nothing_is_noted_also_when_quiet(basket: Path, quiet: tuple[str, ...]) -> None:
    generate(basket)
    run_git(basket, "init", "--quiet")
    commit_all(basket)
    result = invoke("run", "--since", "HEAD", *quiet)
    assert result.stdout == "no scenario is affected by the changes since `HEAD`: nothing was run\n"
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_failure_that_was_not_run_now_is_shown_as_one_of_an_earlier_run(basket: Path) -> None:
    invoke("verify")
    whole, part = invoke("verify"), invoke("verify", "3.10#1")
    assert whole.stdout.startswith("1 failure ─")
    assert part.stdout.startswith("1 failure from an earlier run ─")
    assert " · 1 failed in an earlier run · " in " ".join(part.stdout.split())
    assert "earlier run" not in whole.stdout + invoke("run", "3.10#1").stdout
    assert invoke("verify", "3.10#2").stdout.startswith("1 failure ─")
    assert (whole.exit_code, part.exit_code) == (1, 1)


FEATURE = """Feature: Own
  Scenario: One
    Then there is no such step
  Scenario: Two
    Then there is none either
  @wip
  Scenario: Three
"""


def test_pending_scenarios_without_a_criterion_are_all_listed_and_counted_apart(basket: Path) -> None:
    write_files(basket, {"features/own.feature": FEATURE})
    lines = invoke("verify").stdout.splitlines()
    headings = [line.partition(" ─")[0] for line in lines if " ──" in line]
    assert headings == [
        "1 failure",
        "2 scenarios without a criterion: undefined",
        "1 scenario without a criterion: without steps",
    ]
    assert [line for line in lines if line in ("○ One", "○ Two", "○ Three")] == ["○ One", "○ Two", "○ Three"]


def test_the_step_of_a_pending_scenario_without_a_criterion_is_the_next_to_write(basket: Path) -> None:
    write_files(basket, {"features/own.feature": FEATURE, SPEC_PATH: SPEC[: SPEC.index("- [ ] Removing")]})
    assert invoke("verify").stdout.endswith("next: write the step for features/own.feature:3, then `spec2bdd verify`\n")


def test_what_to_do_about_a_feature_file_without_its_spec_is_the_next_step(basket: Path) -> None:
    generate(basket)
    feature = next(path for path in read_all(basket) if path.endswith(".feature"))
    (basket / SPEC_PATH).unlink()
    write_files(basket, {"specs/4-other.md": "# Other\n\n## Must Have\n\n- [ ] It is dark\n"})
    text = " ".join(invoke("verify").stdout.split())
    assert text.endswith(f"next: restore the spec of `{feature}`, or delete the file with `spec2bdd generate --prune`")


def test_the_error_of_a_hook_is_shown_once(basket: Path) -> None:
    hook = "def before_scenario(context, scenario):\n    print('connecting')\n    raise OSError('no database')\n"
    write_files(basket, {"environment.py": hook, SPEC_PATH: SPEC[: SPEC.index("- [ ] Removing")]})
    out = invoke("verify").stdout
    assert (out.count("OSError: no database"), out.count("connecting\n"), out.count("HOOK-ERROR")) == (1, 1, 0)
    assert out.endswith("next: fix the error in environment.py:3, then `spec2bdd verify`\n")
    assert "(environment.py:3)" in out


@pytest.mark.parametrize("quiet", [(), ("-q",)])
@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_the_list_of_reworded_criteria_is_no_failure(basket: Path, option: str, quiet: tuple[str, ...]) -> None:
    generate(basket)
    spec = (basket / SPEC_PATH).read_text(encoding="utf-8")
    write_files(basket, {SPEC_PATH: spec.replace("can be added", "can be added at any time")})
    generate(basket)
    result = invoke("accept", option, *quiet)
    listed = result.stderr if option == "--diff" else result.stdout
    # It is wrapped to the width of a terminal.
    note = "1 criterion was reworded; accept with `spec2bdd accept ac_3_10_d2c391`"
    assert " ".join(listed.split()).endswith(note)
    assert result.exit_code == 0


@pytest.mark.parametrize("quiet", [(), ("-q",)])
def test_a_run_that_cannot_start_says_nothing_of_writing(basket: Path, quiet: tuple[str, ...]) -> None:
    generate(basket)
    write_files(basket, {"behave.ini": "[behave]\ntags = ((\n"})
    result = invoke("run", *quiet)
    assert result.stdout.splitlines()[0] == "Error: nothing was run · 1 error"
    # The setting that ended the run is not blamed a second time, for criteria without a result.
    assert "has no result" not in result.stderr
    assert "have no result" not in result.stderr
    assert result.exit_code == 2
