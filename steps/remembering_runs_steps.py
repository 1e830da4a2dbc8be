"""Steps for specs/1.12-remembering-runs.md: a lamp that was dark and is light again."""

from behave import when
from behave.runner import Context
from lamp_project import STEPS, edit_file


@when("the lamp is repaired")
def the_lamp_is_mended(context: Context) -> None:
    """Make all steps pass again that the dark lamp made fail."""
    edit_file(context.folder, STEPS, 'return "darkness"', 'return "light"')
