"""Steps that all our specs share: a project is described, a command is run in it, and what came of it is compared."""

import shlex

from behave import given, then, when
from behave.runner import Context
from lamp_project import (
    SPEC,
    add_item,
    edit_field,
    read_box,
    read_scenario,
    read_scenarios,
    read_state,
    read_text,
    run_command,
    write_file,
    write_project,
)

BOXES = {"ticked": "x", "empty": " "}


@given('the {tier:w} criterion "{text}"')
def the_criterion(context: Context, tier: str, text: str) -> None:
    """Add a criterion with an empty box."""
    add_item(context.folder, f"{tier.capitalize()} Have", f"- [ ] {text}")


@given('the ticked {tier:w} criterion "{text}"')
def the_ticked_criterion(context: Context, tier: str, text: str) -> None:
    """Add a criterion that is ticked."""
    add_item(context.folder, f"{tier.capitalize()} Have", f"- [x] {text}")


@given('the line "{line}" under "{heading}"')
def the_line_under(context: Context, line: str, heading: str) -> None:
    """Add a line just as it is."""
    add_item(context.folder, heading, line)


@given('the field "{key}" is "{value}"')
def the_field_is(context: Context, key: str, value: str) -> None:
    """Give a field of the front matter another value."""
    edit_field(context.folder, key, value)


@given('the file "{path}" with "{line}"')
def the_file_with(context: Context, path: str, line: str) -> None:
    """Write a file of one line."""
    write_project(context.folder)
    write_file(context.folder, path, f"{line}\n")


@given('"{command}" was run')
@when('"{command}" is run')
def command_is_run(context: Context, command: str) -> None:
    """Run a command as it would be typed."""
    program, *arguments = shlex.split(command)
    assert program == "spec2bdd", command
    run_command(context, *arguments)


@given("the specs were verified")
@when("the specs are verified")
def the_specs_are_verified(context: Context) -> None:
    """Run the main job, with an answer that the steps below can read."""
    run_command(context, "verify", "--format", "json")


@then("the exit code is {code:d}")
def the_exit_code_is(context: Context, code: int) -> None:
    """Compare the exit code."""
    assert context.answer.code == code, context.answer


@then('it says "{words}"')
def it_says(context: Context, words: str) -> None:
    """Look for words in the answer, without the backticks that Markdown takes out of a criterion's text."""
    said = (context.answer.out + context.answer.err).replace("`", "")
    assert words in said, context.answer


@then('"{path}" says "{words}"')
def file_says(context: Context, path: str, words: str) -> None:
    """Look for words in a file of the project."""
    assert words in read_text(context.folder, path), read_text(context.folder, path)


@then('"{path}" does not say "{words}"')
def file_does_not_say(context: Context, path: str, words: str) -> None:
    """Look for words that must not be in a file of the project."""
    assert words not in read_text(context.folder, path), read_text(context.folder, path)


@then('the verdict on "{text}" is "{verdict}"')
def the_verdict_is(context: Context, text: str, verdict: str) -> None:
    """Compare the verdict in the JSON report."""
    found = context.answer.find_criterion(text)
    assert found["verdict"] == verdict.replace(" ", "_"), found
    assert found["reason"] or verdict == "passed", "a verdict that is not `passed` needs a reason"


@then('the box of "{text}" is {state:w}')
def the_box_is(context: Context, text: str, state: str) -> None:
    """Compare the character in the box."""
    mark = read_box(context.folder, text)
    assert mark == BOXES[state], f"the box is [{mark}]: {context.answer}"


@then('the status is "{status}"')
def the_status_is(context: Context, status: str) -> None:
    """Compare the status in the spec."""
    lines = read_text(context.folder, SPEC).splitlines()
    assert f"status: {status}" in lines, lines[:8]


@then('there is the {tier:w} scenario "{name}"')
def there_is_the_scenario(context: Context, tier: str, name: str) -> None:
    """Look for a scenario with the tag of its tier and with an id."""
    tags, steps = read_scenario(context.folder, name)
    assert f"@{tier}" in tags, tags
    assert any(tag.startswith("@ac_") for tag in tags), tags
    assert steps, "the scenario has no steps"


@then('"{name}" is the only scenario')
def it_is_the_only_scenario(context: Context, name: str) -> None:
    """Compare the names of all scenarios."""
    assert list(read_scenarios(context.folder)) == [name], read_scenarios(context.folder)


@then("nothing is written")
def nothing_is_written(context: Context) -> None:
    """Compare all files with those before the last command, and the times at which they were written."""
    before, after = context.states[-1], read_state(context.folder)
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    assert not changed, f"written: {sorted(changed)}"
