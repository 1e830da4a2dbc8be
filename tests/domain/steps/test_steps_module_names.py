"""Which names of a step file are in use, and which of them are Behave's own."""

from __future__ import annotations

import pytest

from spec2bdd.domain.steps.module_names import parse_module_names

GUARDED = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from behave.runner import Context\n"


@pytest.mark.parametrize(
    ("text", "provided"),
    [
        ("from behave import given, when", {"given": "given", "when": "when"}),
        ("from behave import given as g", {"given": "g"}),
        ("from behave.runner import Context", {"Context": "Context"}),
        ("try:\n    from behave import then\nexcept ImportError:\n    raise", {"then": "then"}),
        ("if x:\n    pass\nelse:\n    from behave import then", {"then": "then"}),
        ("try:\n    pass\nfinally:\n    from behave import then", {"then": "then"}),
        (f"from __future__ import annotations\n{GUARDED}", {"Context": "Context"}),
        ("from behave import *", {name: name for name in ("given", "when", "then", "use_step_matcher")}),
    ],
)
def test_names_imported_from_behave_are_found(text: str, provided: dict[str, str]) -> None:
    assert parse_module_names(text).provided == provided


@pytest.mark.parametrize(
    "text",
    [
        "",
        "import behave",
        "from hypothesis import given",
        "from behave import given\nfrom hypothesis import given",
        "from behave import given\ndef given(): pass",
        "from behave import given\ngiven = None",
        "from .behave import given",
        "def f():\n    from behave import given",
        "class Context: pass",
        "# from behave import given",
        GUARDED,
    ],
)
def test_nothing_else_is_taken_for_behave_s(text: str) -> None:
    assert parse_module_names(text).provided == {}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("def helper(): pass", "helper"),
        ("import a.b", "a"),
        ("from a import b as c", "c"),
        ("x: int = 1", "x"),
        ("if x:\n    def helper(): pass", "helper"),
        ("from helpers import *\ndef f():\n    log_in()", "log_in"),
        ("def f():\n    return open('x')", "open"),
        ("class A:\n    def method(self): pass", "method"),
    ],
)
def test_every_name_that_occurs_is_in_use(text: str, name: str) -> None:
    assert name in parse_module_names(text).used


@pytest.mark.parametrize(
    ("text", "late"),
    [("", False), ('"""Doc."""', False), ('"""Doc."""\nimport a', False), ("x = 1", True), ("import a\n'text'", True)],
)
def test_imports_come_late_behind_other_code(text: str, late: bool) -> None:
    assert parse_module_names(text).late is late


@pytest.mark.parametrize(
    ("text", "matcher"),
    [
        ("", ""),
        ('use_step_matcher("re")', "re"),
        ('behave.use_step_matcher("re0")', "re0"),
        ("step_matcher('re')", "re"),
        ("use_step_matcher(CHOSEN)", "?"),
        ('use_step_matcher("re")\nuse_step_matcher("parse")', "parse"),
        ('use_step_matcher("re")\nuse_default_step_matcher()', ""),
        ("use_step_matcher_for_cucumber_expressions()", "cucumber_expressions"),
        ('if x:\n    use_step_matcher("re")', "re"),
        ('def f():\n    use_step_matcher("re")', ""),
        ('# use_step_matcher("re")', ""),
    ],
)
def test_the_matcher_in_force_at_the_end_is_found(text: str, matcher: str) -> None:
    assert parse_module_names(text).matcher == matcher


@pytest.mark.parametrize(
    ("text", "defined"),
    [
        ('@given("a")\ndef f(c): ...', {("given", "a")}),
        ('@behave.Then("a")\n@when("b")\nasync def f(c): ...', {("then", "a"), ("when", "b")}),
        ('from behave import given as g\n@g("a")\ndef f(c): ...', {("given", "a")}),
        ("@given(A)\n@other\ndef f(c): ...", set()),
    ],
)
def test_the_steps_that_a_file_defines_are_found(text: str, defined: set[tuple[str, str]]) -> None:
    assert parse_module_names(text).defined == defined


@pytest.mark.parametrize(("text", "error"), [("def (", SyntaxError), ("x = 1\0", ValueError)])
def test_what_is_not_python_is_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises((error, SyntaxError)):
        parse_module_names(text)
