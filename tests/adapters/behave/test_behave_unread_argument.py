"""A table or a doc string that the definition of a `Then` step never reads."""

from __future__ import annotations

from types import SimpleNamespace

from behave.step_registry import StepRegistry
from grouped import in_one_test

from spec2bdd.adapters.behave.glue.step_registry import LenientStepRegistry

UNREAD = {
    "a table": ("table", "assert context.page.books", "table"),
    "a doc string": ("text", "assert context.page.title == 'A'", "doc string"),
    "a table, of a step that may raise": ("table", "if not context.page: raise AssertionError", "table"),
    "a table, of a step that reads a doc string": ("table", "assert context.page.title == context.text", "table"),
}
READ = {
    "it is read": ("table", "assert context.page.books == [row['book'] for row in context.table]"),
    "a helper gets the context": ("table", "check(context)"),
    "there is none": ("", "assert context.page.books"),
    "a comment says that the step proves something": ("table", "assert context.page.books  # spec2bdd: proves"),
    "it is a stub": ("table", "raise NotImplementedError"),
    "it is not finished": ("text", "page = context.page; raise NotImplementedError(page)"),
    "it is passed on by its name": ("text", "assert getattr(context, 'text') == context.page.title"),
}


def find(given: str, body: str, kind: str = "then") -> list[str]:
    """Return the messages that a step with a table or a doc string causes."""
    source = f"def judged(context):\n    {body}\n"
    names = {"check": print}
    exec(compile(source, "steps/a_steps.py", "exec"), names)
    registry = LenientStepRegistry.adopt(StepRegistry())
    registry.sources.add_file("steps/a_steps.py", source.encode())
    registry.add_step_definition(kind, "it is judged", names["judged"])
    facts = {"table": None, "text": None} | ({given: "value"} if given else {})
    registry.find_match(SimpleNamespace(name="it is judged", step_type=kind, **facts))
    return [found.message for found in registry.take_diagnostics() if found.code == "unread-argument"]


@in_one_test("name", UNREAD)
def test_it_is_warned_of(name: str) -> None:
    given, body, what = UNREAD[name]
    assert find(given, body) == [f"the step `it is judged` has a {what} that its definition never reads"]


@in_one_test("name", READ)
def test_it_is_not_warned_of_if(name: str) -> None:
    assert find(*READ[name]) == []


def test_a_given_step_may_ignore_it() -> None:
    assert find("table", "assert context.page.books", kind="given") == []
