"""Steps for specs/1.6-answering.md: exit codes, both outputs, the JSON document, patches and the configuration."""

import json
import re
import subprocess

from behave import given, then, when
from behave.api.pending_step import StepNotImplementedError
from behave.runner import Context
from lamp_project import (
    FEATURE,
    SPEC,
    STEPS,
    add_item,
    edit_file,
    read_state,
    read_text,
    run_command,
    run_spec2bdd,
    write_file,
    write_project,
)

KEYS = [
    "version",
    "command",
    "exit_code",
    "outcome",
    "wrote",
    "summary",
    "next",
    "specs",
    "changes",
    "diagnostics",
    "run",
    "older",
    "notes",
    "unlinked",
]
ESCAPE = "\x1b"
COMMANDS = "\x1b[31mdark\x1b]0;title\x07\x9b1A"


@given('the configuration says "{line}"')
def the_configuration_says(context: Context, line: str) -> None:
    """Add a line to the table of spec2bdd."""
    write_project(context.folder)
    write_file(context.folder, "pyproject.toml", f"[tool.spec2bdd]\n{line}\n")


@given("a must criterion and a failing step that would colour and rename the terminal")
def a_hostile_criterion(context: Context) -> None:
    """Add two criteria: one with control characters in its text, and one with a step that has them in its error."""
    add_item(context.folder, "Must Have", f"- [ ] It {COMMANDS} glows", "- [ ] It fails")
    edit_file(context.folder, STEPS, "the lamp is dark", COMMANDS)


@when('its patch is applied with git, and "{command}" is run')
def its_patch_is_applied(context: Context, command: str) -> None:
    """Take what the last command wrote to stdout for a patch, then run another command."""
    subprocess.run(["git", "apply"], cwd=context.folder, input=context.answer.out.encode(), check=True)
    run_command(context, *command.split()[1:])


@then("no colour is used; with FORCE_COLOR it is, but not with NO_COLOR as well")
def colour_is_used_as_told(context: Context) -> None:
    """Mark three times by the same records, and look for escapes in both outputs."""
    run_spec2bdd(context.folder, "verify")
    variables: tuple[dict[str, str], ...] = ({}, {"FORCE_COLOR": "1"}, {"FORCE_COLOR": "1", "NO_COLOR": "1"})
    answers = [run_spec2bdd(context.folder, "mark", **values) for values in variables]
    assert [ESCAPE in answer.out for answer in answers] == [False, True, False], answers
    assert [ESCAPE in answer.err for answer in answers] == [False, True, False], answers


@then("nothing of that reaches the terminal")
def nothing_reaches_the_terminal(context: Context) -> None:
    """Look for control characters in both outputs, where no colour is asked for."""
    said = context.answer.out + context.answer.err
    assert said.count("[31mdark") >= 2, said
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", said), repr(said)


@then("stdout is one JSON document with version {version:d}, and nothing else is written")
def stdout_is_one_document(context: Context, version: int) -> None:
    """Parse stdout as a whole, and compare its keys with those that the docs name."""
    report = json.loads(context.answer.out)
    assert list(report) == KEYS, list(report)
    assert report["version"] == version
    assert report["exit_code"] == context.answer.code
    assert not context.answer.err, context.answer.err


@then('stderr alone says "{words}", and stdout alone says "{others}"')
def each_output_says_its_own(context: Context, words: str, others: str) -> None:
    """Compare both outputs."""
    out, err = (text.replace("`", "") for text in (context.answer.out, context.answer.err))
    assert words in err, context.answer
    assert words not in out, context.answer
    assert others in out, context.answer
    assert others not in err, context.answer


@then('the failure shows the line of the criterion, of the scenario and of the step, and "{error}"')
def the_failure_tells_everything(context: Context, error: str) -> None:
    """Find each place by looking at the files themselves."""
    for path, words in ((SPEC, "It fails"), (FEATURE, "Scenario: It fails"), (STEPS, '@then("it fails")')):
        lines = read_text(context.folder, path).splitlines()
        (number,) = [n for n, line in enumerate(lines, 1) if line.strip().removeprefix("- [ ] ") == words]
        assert f"{path}:{number}" in context.answer.out, f"{path}:{number} is not shown: {context.answer.out}"
    assert error in context.answer.out, context.answer.out


@then("all files are as they were after the patch")
def all_files_stand(context: Context) -> None:
    """Compare the bytes, and see that the patch was more than nothing."""
    before, after = context.states[-1], read_state(context.folder)
    assert FEATURE in before, sorted(before)
    assert {path: content for path, (content, _) in before.items()} == {p: content for p, (content, _) in after.items()}


@then("each of these is answered without a traceback, and with the code {code:d}")
def each_is_answered(context: Context, code: int) -> None:
    """Try the mistakes that everybody makes; `run_spec2bdd` itself looks for tracebacks."""
    mistakes = (
        ["vrify"],
        ["verify", "--formt", "json"],
        ["mark", "no/such/file"],
        ["verify", "--config", "nowhere.toml"],
        ["mark", "specs"],
    )
    for arguments in mistakes:
        answer = run_spec2bdd(context.folder, *arguments)
        assert answer.code == code, f"{arguments}: {answer}"
        assert answer.err, f"{arguments} is refused in silence"


@then("the answer can be had as a JUnit file for build servers")
def the_answer_can_be_had_as_a_junit_file_for_build_servers(context: Context) -> None:
    """Could: The answer can be had as a JUnit file for build servers."""
    raise StepNotImplementedError("the answer can be had as a JUnit file for build servers")
