"""The text of a stub, and of a step file to which stubs are added."""

from __future__ import annotations

import ast

import pytest
from grouped import in_one_test
from hypothesis import given, settings
from hypothesis import strategies as st
from planned_project import HOSTILE, find_functions, run_ruff

from spec2bdd.domain.expressions.patterns import build_patterns
from spec2bdd.domain.steps.stubs import Stub, render_literal, render_step_file
from spec2bdd.text.normalize import to_single_line

SPEC = "specs/2.4-returns.md"
THEN = Stub("then", "a book is lent", "Must: A book is lent.")
WHEN = Stub("when", 'the reader says "{text}" {times:d} times', "Should: When the reader says so, it is so")
FILE = '''\
"""Steps for specs/2.4-returns.md. These are yours: spec2bdd only adds what is missing."""

from behave import then, when
from behave.api.pending_step import StepNotImplementedError
from behave.runner import Context


@then("a book is lent")
def a_book_is_lent(context: Context) -> None:
    """Must: A book is lent."""
    raise StepNotImplementedError("a book is lent")


@when('the reader says "{text}" {times:d} times')
def the_reader_says_times(context: Context, text: str, times: int) -> None:
    """Should: When the reader says so, it is so."""
    raise StepNotImplementedError('the reader says "{text}" {times:d} times')
'''
ORDINARY = [
    "a book is lent",
    'it says "no" and "yes"',
    "it's the reader's",
    'it\'s "here"',
    "a path C:\\new is kept",
    "5 books and 3 readers",
    "word " * 24,
    "word " * 40,
    "{name} is literal",
    "long" * 30,
    " ".join(f'"{n}"' for n in "abcdefgh"),
    " ".join(f'"{n}"' for n in "abcdefghijklmnopqrst"),
    *[f"{'x' * n} is right" for n in range(90, 110)],
]


def append(before: str, *stubs: Stub) -> str:
    """Render the text that is added to a step file, and check that the rest stays."""
    after = render_step_file(before, stubs or (THEN,), spec_path=SPEC)
    assert after[: len(before)] == before
    ast.parse(after.removeprefix("\ufeff"))
    return after[len(before) :]


def test_a_new_file_has_this_look() -> None:
    assert render_step_file(None, [THEN, WHEN], spec_path=SPEC) == FILE


def test_a_stub_that_is_added_brings_only_the_imports_that_are_missing() -> None:
    added = append(FILE, Stub("given", "a book", "Must: A book"), Stub("then", "a reader", "Must: A reader"))
    assert added.startswith("\n\nfrom behave import given  # noqa: E402\n\n\n@given(")
    assert added.count("import") == 1
    assert "import" not in append(FILE + added, Stub("given", "a shelf", "Must: A shelf"))


@pytest.mark.parametrize(
    ("before", "start"),
    [
        ("", "from behave import then\nfrom behave.api"),
        ("\n", "from behave import then\n"),
        ('"""Mine."""\n', "\nfrom behave import then\n"),
        ("# mine\n", "\nfrom behave import then\n"),
        ("import os\n", "from behave import then\n"),
        ("x = 1\n", "\n\nfrom behave import then  # noqa: E402\n"),
        ("x = 1", "\n\n\nfrom behave import then  # noqa: E402\n"),
        ("x = 1\r\n", "\r\n\r\nfrom behave import then  # noqa: E402\r\n"),
        ("x = 1\r\ny = 2", "\r\n\r\n\r\nfrom behave import then  # noqa: E402\r\n"),
        ("\ufeffx = 1\n", "\n\nfrom behave import then  # noqa: E402\n"),
    ],
)
def test_a_file_is_only_added_to(before: str, start: str) -> None:
    added = append(before)
    assert added.startswith(start)
    assert ("\r\n" in before) == ("\r\n" in added)
    assert added.count("\r") in (0, added.count("\n"))


def test_a_name_that_the_file_binds_to_its_own_is_imported_under_another() -> None:
    added = append(
        "from hypothesis import given\n\n\nclass Context:\n    pass\n", Stub("given", "a book", "Must: A book")
    )
    assert "from behave import given as behave_given  # noqa: E402\n" in added
    assert "from behave.runner import Context as BehaveContext  # noqa: E402\n" in added
    assert "@behave_given(" in added
    assert "context: BehaveContext)" in added


def test_behind_regular_expressions_the_matcher_is_set_back() -> None:
    before = (
        'from behave import then, use_step_matcher\n\nuse_step_matcher("re")\n\n\n@then("x+")\ndef x(c):\n    pass\n'
    )
    added = append(before)
    assert '\nuse_step_matcher("parse")\n\n\n@then("a book is lent")\n' in added
    assert "step_matcher" not in append(before + added, Stub("then", "a shelf", "Must: A shelf"))


@pytest.mark.parametrize(
    ("text", "before", "name"),
    [
        ("a book is lent", "def a_book_is_lent(): pass\n", "a_book_is_lent_2"),
        ("log in", "from helpers import *\n\n\ndef f(c):\n    log_in()\n", "log_in_2"),
        ("then", "", "then_step"),
        ("Given", "", "given_step"),
        ("Context", "", "context_step"),
        ("print", "def f(c):\n    print(c)\n", "print_step"),
        ("class", "", "class_step"),
        ("match", "", "match_step"),
        ("7", "", "x"),
        ("3 books", "", "books"),
        ("007 is here", "", "step_007_is_here"),
        ("日本", "", "riben"),
        ("Книга выдана", "", "kniga_vydana"),
        ("路径 可用", "", "lujing_keyong"),
    ],
)
def test_a_function_gets_a_name_that_hides_nothing(text: str, before: str, name: str) -> None:
    added = append(before, Stub("then", build_patterns(text)[0], "Must: x"))
    (function,) = set(find_functions(before + added)) - set(find_functions(before))
    assert function == name or (name == "x" and function.startswith("x"))


def test_functions_of_one_file_have_names_of_their_own() -> None:
    stubs = [Stub(kind, "a book is lent", "Must: x") for kind in ("given", "when", "then")]
    names = find_functions(render_step_file(None, stubs, spec_path=SPEC))
    assert names == ["a_book_is_lent", "a_book_is_lent_2", "a_book_is_lent_3"]


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(HOSTILE.values())) | st.text(st.sampled_from("\"'\\a{\n\u202e")))
def test_a_literal_is_its_text(text: str) -> None:
    literal = render_literal(text)
    assert ast.literal_eval(literal) == text
    assert "\n" not in literal
    assert literal.isprintable()


@in_one_test("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_ends_a_docstring(text: str) -> None:
    content = render_step_file(None, [Stub("then", "x", f"Must: {text}")], spec_path=f"specs/{text}.md")
    module = ast.parse(content)
    (function,) = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    doc = ast.get_docstring(function, clean=False)
    assert doc
    assert doc.startswith("Must:")
    assert len(doc) <= 110
    assert doc.endswith(".")
    assert doc.endswith((" .", " ...")) == (text in (".", "...") or len(text) > 90)
    assert len([node for node in module.body if not isinstance(node, ast.FunctionDef)]) == 4
    assert len([line for line in content.splitlines() if not line.isprintable()]) == 0
    words = to_single_line(text).split()
    assert len(words) > 10 or not words or len(words[0]) > 60 or words[0][0] not in "abc" or words[0] in doc


def test_a_long_criterion_is_cut_between_words() -> None:
    content = render_step_file(None, [Stub("then", "x", "Must: " + "word " * 60)], spec_path=SPEC)
    assert 'word word ..."""' in content


def test_ruff_would_not_change_a_new_file() -> None:
    stubs = [Stub("then", pattern, f"Must: {text}") for text in ORDINARY for pattern in build_patterns(text.strip())]
    content = render_step_file(None, stubs, spec_path=SPEC)
    assert run_ruff("format", "--diff", "--isolated", text=content) == ""
    assert "All checks passed!" in run_ruff("check", "--isolated", "--select", "E4,E7,E9,F,I,W,A", text=content)
