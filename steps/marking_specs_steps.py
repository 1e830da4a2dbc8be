"""Steps for specs/1.5-marking-specs.md: the bytes of a spec before and after it was marked."""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from behave import given, then, when
from behave.runner import Context
from lamp_project import (
    SPEC,
    STEPS,
    add_item,
    derive_environment,
    edit_field,
    edit_file,
    read_box,
    read_state,
    read_text,
    run_command,
    run_spec2bdd,
    write_file,
    write_project,
)

DIFFICULT = (
    "\ufeff---\r\n"
    "feature_id:   3.10 # not a number\r\n"
    "name: 'Lamp'\r\n"
    'status:\t"Draft"   # who sets this?\r\n'
    "created: 2026-05-04T09:00:00-04:00\n"
    "updated: 2026-05-04T09:00:00-04:00\r\n"
    "empty:\r\n"
    "---\r\n"
    "\r\n"
    "# Lamp\t \r\n"
    "- [ ] not a criterion\n"
    "\x0c\r\n"
    "## Acceptance Criteria\r\n"
    "### Must Have\r\n"
    "*\t[ ] It passes  \r\n"
    "+ [X] It passes too <!-- really -->\n"
    "1) [x] It fails\r\n"
    "\n"
    "   Trailing blanks   \t\r\n"
    "No newline at the end"
)
MARKED = (
    ("*\t[ ] It passes ", "*\t[x] It passes "),
    ("1) [x] It fails", "1) [ ] It fails"),
    ('status:\t"Draft"', 'status:\t"In Progress"'),
)
UPDATED = "updated: 2026-05-04T09:00:00-04:00"


@given("a spec with mixed line ends, a byte order mark, tabs, comments, quotes and no newline at its end")
def a_difficult_spec(context: Context) -> None:
    """Write a spec in which nearly every rewriting would show."""
    write_project(context.folder)
    write_file(context.folder, SPEC, DIFFICULT)


@given("the spec is a link to another folder, and only its owner may read it")
def the_spec_is_a_link(context: Context) -> None:
    """Move the spec away and leave a link."""
    target = context.folder / "elsewhere.md"
    (context.folder / SPEC).rename(target)
    target.chmod(0o600)
    (context.folder / SPEC).symlink_to("../elsewhere.md")


@given("the spec has a second name, a hard link")
def the_spec_has_a_second_name(context: Context) -> None:
    """Link the file."""
    (context.folder / "elsewhere.md").hardlink_to(context.folder / SPEC)


@given("the features were run")
def the_features_were_run(context: Context) -> None:
    """Generate and run, and mark nothing."""
    for command in ("generate", "run"):
        run_spec2bdd(context.folder, command)


@when("the run is marked twice at once")
def the_run_is_marked_twice_at_once(context: Context) -> None:
    """Start both before either is waited for."""
    command = [sys.executable, "-m", "spec2bdd", "mark"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [subprocess.Popen(command, cwd=context.folder, env=derive_environment(), **pipes) for _ in range(2)]
    context.ended = [(process.communicate()[1], process.returncode) for process in started]


@then("both say the same, and there is nothing to mark")
def both_say_the_same(context: Context) -> None:
    """Look at what both said, at the boxes, and at what a third would do."""
    assert context.ended == [(b"", 1), (b"", 1)], context.ended
    assert (read_box(context.folder, "It passes"), read_box(context.folder, "It fails")) == ("x", " ")
    before = read_state(context.folder)
    run_spec2bdd(context.folder, "mark")
    assert read_state(context.folder) == before


@given("the status is on a line of its own under its key")
def the_status_is_a_block(context: Context) -> None:
    """Write the status as a YAML block."""
    edit_field(context.folder, "status", ">-\n  Draft")


@given("the definition of done is ticked")
def the_definition_of_done_is_ticked(context: Context) -> None:
    """Tick the only item of the list, as a person would."""
    write_project(context.folder)
    edit_file(context.folder, SPEC, r"- \[ \] The lamp is on sale", "- [x] The lamp is on sale")


@given("there is no definition of done")
def there_is_no_definition_of_done(context: Context) -> None:
    """Remove the only item of the list."""
    write_project(context.folder)
    edit_file(context.folder, SPEC, r"- \[ \] The lamp is on sale\n", "")


@when("the lamp goes dark")
def the_lamp_goes_dark(context: Context) -> None:
    """Make all steps fail that passed."""
    edit_file(context.folder, STEPS, 'return "light"', 'return "darkness"')


@then("only the boxes, the status and the time are different, byte for byte")
def only_the_marks_are_different(context: Context) -> None:
    """Make the wanted text by hand, but for the time, and compare."""
    after = (context.folder / SPEC).read_bytes().decode()
    wanted = DIFFICULT
    for old, new in MARKED:
        assert wanted.count(old) == 1, old
        wanted = wanted.replace(old, new)
    time = re.search(r"updated: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d-04:00)\r\n", after)
    assert time, after
    age = datetime.now(UTC) - datetime.fromisoformat(time[1])
    assert timedelta(seconds=-1) <= age < timedelta(minutes=5), f"{time[1]} is not now"
    assert after == wanted.replace(UPDATED, time[0].strip()), repr(after)


@then("it is still a link, and only its owner may read the marked spec")
def it_is_still_a_link(context: Context) -> None:
    """Look at the link, the mode and the box."""
    target = context.folder / "elsewhere.md"
    assert (context.folder / SPEC).is_symlink()
    assert target.stat().st_mode & 0o777 == 0o600, oct(target.stat().st_mode)
    assert "- [x] It passes\n" in target.read_text(encoding="utf-8")


@then("the updated field is today's date and nothing else")
def the_updated_field_is_a_date(context: Context) -> None:
    """Compare the form of the value."""
    assert re.search(r"^updated: 20\d\d-\d\d-\d\d$", read_text(context.folder, SPEC), re.MULTILINE)
    assert "updated: 2026-05-04\n" not in read_text(context.folder, SPEC)


@then("nothing in the spec is different")
def nothing_in_the_spec_is_different(context: Context) -> None:
    """Compare the spec with that before the last command."""
    assert context.states[-1][SPEC] == read_state(context.folder)[SPEC], read_text(context.folder, SPEC)


@then("an item of the definition of done is ticked by a coverage report")
def an_item_of_the_definition_of_done_is_ticked_by_a_coverage(context: Context) -> None:
    """Have a report prove an item, and compare the boxes."""
    add_item(context.folder, "Definition of Done", "- [ ] Code coverage > 80%")
    entry = '[tool.spec2bdd.done]\n"/coverage/" = { coverage = "coverage.xml", sources = ["steps/*.py"] }\n'
    write_file(context.folder, "pyproject.toml", read_text(context.folder, "pyproject.toml") + entry)
    write_file(context.folder, "coverage.xml", '<coverage lines-valid="10" lines-covered="9"/>')
    run_command(context, "verify")
    assert read_box(context.folder, "Code coverage > 80%") == "x", context.answer
    assert read_box(context.folder, "The lamp is on sale") == " ", context.answer
