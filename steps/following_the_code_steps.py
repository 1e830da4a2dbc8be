"""Steps for specs/1.14-following-the-code.md: a lamp whose switch is a module of its own."""

import subprocess

from behave import given, when
from behave.runner import Context
from lamp_project import add_item, edit_file, run_command, write_file, write_project

SWITCH = "lamp/switch.py"
_SWITCH_TEXT = """\
class Switch:
    def __init__(self):
        self.on = False

    def toggle(self):
        self.on = not self.on
        return self.on

    def dim(self):
        return "dim"


def label():
    return "a lamp"
"""
# The check of the second step looks at nothing that the product does.
_STEPS_TEXT = """\
from behave import then

from lamp.switch import Switch, label


@then("the switch turns on")
def the_switch_turns_on(context):
    assert Switch().toggle() is True


@then("the lamp has a label")
def the_lamp_has_a_label(context):
    label()
    assert __name__ is not None
"""


@given("the lines of a lamp with a switch are recorded")
def the_lines_are_recorded(context: Context) -> None:
    """Commit a project with two criteria, one of which checks nothing, and verify it with its lines recorded."""
    folder = context.folder
    write_project(folder)
    write_file(folder, "pyproject.toml", "[tool.spec2bdd]\nrecord-lines = true\n")
    write_file(folder, "lamp/__init__.py", "")
    write_file(folder, SWITCH, _SWITCH_TEXT)
    write_file(folder, "steps/switch_steps.py", _STEPS_TEXT)
    write_file(folder, ".gitignore", "__pycache__/\n")
    add_item(folder, "Must Have", "- [ ] The switch turns on", "- [ ] The lamp has a label")
    run_command(context, "generate")
    author = ("-c", "user.name=ana", "-c", "user.email=ana@example.org")
    for arguments in (["init", "--quiet"], ["add", "."], [*author, "commit", "--quiet", "--message", "Add a switch"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    # Where these steps are challenged themselves, a process that is traced cannot record its lines.
    run_command(context, "verify", SPEC2BDD_CHALLENGE_CHILD="")
    assert context.answer.code == 0, context.answer


@when("the switch breaks")
def the_switch_breaks(context: Context) -> None:
    """Change one function, so that what it returns is wrong."""
    edit_file(context.folder, SWITCH, "not self.on", "self.on")
