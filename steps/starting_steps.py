"""Steps for specs/1.13-starting.md: what is in the files that a command wrote or added to."""

from behave import then
from behave.runner import Context
from lamp_project import read_text


@then('the file "{path}" begins with "{line}"')
def the_file_begins_with(context: Context, path: str, line: str) -> None:
    """Compare the first line of a file."""
    first, *_ = read_text(context.folder, path).splitlines()
    assert first == line, first


@then('the file "{path}" has the line "{line}"')
def the_file_has_the_line(context: Context, path: str, line: str) -> None:
    """Look for a whole line of a file."""
    lines = read_text(context.folder, path).splitlines()
    assert line in lines, lines
