"""Which stubs go from a step file, and what is left of it."""

from __future__ import annotations

import pytest

from spec2bdd.domain.steps.pruning import PruneResult, find_prunable
from spec2bdd.domain.steps.stubs import Stub, render_step_file
from spec2bdd.model import UnusedStep

PATH = "steps/lamp_steps.py"
ON, BLUE = Stub("then", "a lamp is on", "Must: A lamp is on"), Stub("when", "a lamp is blue", "Must: A lamp is blue")
CRITERIA = ("Must: A lamp is on", "Must: A lamp is blue")
UNUSED_ON, UNUSED_BLUE = (UnusedStep(stub.kind, stub.pattern, PATH, 9) for stub in (ON, BLUE))


def render(*stubs: Stub) -> str:
    """Render a new step file."""
    return render_step_file(None, stubs, spec_path="specs/lamp.md")


def prune(text: str, *unused: UnusedStep, other: str = "") -> PruneResult:
    """Prune a step file, next to another one."""
    return find_prunable(unused, {PATH: text.encode(), "steps/other.py": other.encode()}, criteria=CRITERIA)


def test_a_file_of_which_no_stub_is_used_goes_with_its_header_and_its_imports() -> None:
    pruned = prune(render(ON, BLUE), UNUSED_ON, UNUSED_BLUE)
    assert pruned == PruneResult({PATH: None}, (UNUSED_ON, UNUSED_BLUE), frozenset({UNUSED_ON, UNUSED_BLUE}))


@pytest.mark.parametrize("line", ["import behave", "from behave.model import Table", "COLOURS = 3", "# mine"])
def test_a_file_with_anything_else_stays(line: str) -> None:
    pruned = prune(f"{render(ON)}\n\n{line}\n", UNUSED_ON)
    (after,) = pruned.files.values()
    assert after is not None
    assert after.decode().endswith(f"\n\n{line}\n")


def test_of_several_stubs_the_used_one_stays_as_if_it_were_the_only_one() -> None:
    assert prune(render(ON, BLUE), UNUSED_BLUE).files == {PATH: render(ON).encode()}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('raise StepNotImplementedError("a lamp is on")', 'raise StepNotImplementedError("a lamp is on")  # later'),
        ('"""Must: A lamp is on."""', '"""Must: A lamp is bright."""'),
        ("@then", "@slow\n@then"),
        ("context: Context", "context: Context, *, colour: int = 3"),
        ("\n\n@then", "\n# my lamp\n@then"),
        ('raise StepNotImplementedError("a lamp is on")', "assert context.lamp"),
    ],
)
def test_a_stub_that_was_edited_stays(old: str, new: str) -> None:
    text = render(ON)
    assert old in text
    assert prune(text.replace(old, new), UNUSED_ON) == PruneResult({}, (UNUSED_ON,), frozenset())


@pytest.mark.parametrize(
    ("code", "called"),
    [
        ('STEPS = "Then a lamp is on"', True),
        ("def call(context, what):\n    context.execute_steps(f'Then a {what} is on')", True),
        ("def call(context, what):\n    print(f'Then a {what} is on')", False),
        ("def call(context, what):\n    context.execute_steps('Then a %s is on' % what)", True),
        ("def call(context):\n    '''Then a lamp is on'''", False),
        ("def call(context):\n    raise StepNotImplementedError('a lamp is on')", False),
        ("@then('a lamp is on')\ndef call(context):\n    pass", False),
        ("def call(context):\n    context.execute_steps('Then a lamp is blue')", False),
    ],
)
def test_a_stub_that_code_may_call_as_a_step_is_not_unused(code: str, called: bool) -> None:
    assert (prune(render(ON), UNUSED_ON, other=code) == PruneResult()) == called
