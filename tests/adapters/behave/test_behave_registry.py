"""The replies of Behave's step registry, queried in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from behave_project import Project

from spec2bdd.adapters.behave.registry.client import query_registry
from spec2bdd.errors import RunError
from spec2bdd.model import Diagnostic, Severity, StepQuery

TOTAL = StepQuery("then", "the total is 5 euros", ("the total is {total:d} euros", "the total is 5 euros"))


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    """Return a folder with nothing in it."""
    return Project(tmp_path)


def ask_patterns(project: Project, *queries: StepQuery, steps: str = "steps") -> list[str]:
    """Return the patterns of the answers, if there is no diagnostic."""
    asked = query_registry(project.root, steps=steps, queries=queries)
    assert [diagnostic for diagnostic in asked.diagnostics if diagnostic.code != "broad-step"] == []
    assert list(queries) == [answer.query for answer in asked.answers]
    return [answer.pattern for answer in asked.answers]


def ask_diagnostics(project: Project, *queries: StepQuery) -> tuple[Diagnostic, ...]:
    """Return the diagnostics only."""
    return query_registry(project.root, steps="steps", queries=queries).diagnostics


def define(kind: str, pattern: str, name: str = "f") -> str:
    """Return the text of a step definition."""
    return f"@{kind}({pattern!r})\ndef {name}(context, **arguments):\n    pass\n"


def test_without_a_steps_folder_every_step_is_undefined(empty: Project) -> None:
    assert ask_patterns(empty, TOTAL) == ["the total is {total:d} euros"]


@pytest.mark.parametrize(
    "definition",
    [
        define("then", "the total is 5 euros"),
        define("then", "the total is {n:d} euros"),
        define("step", "the total is {n} euros"),
        "use_step_matcher('re')\n" + define("then", r"the total is (?P<n>\d+) euros"),
        "register_type = __import__('behave').register_type\nregister_type(N=int)\n"
        + define("then", "the {x} is {n:N} euros"),
    ],
)
def test_a_step_that_a_definition_matches_needs_no_pattern(empty: Project, definition: str) -> None:
    empty.write(steps__total_steps_py=definition)
    assert ask_patterns(empty, TOTAL) == [""]


@pytest.mark.parametrize(
    "definition",
    [
        define("given", "the total is 5 euros"),
        define("then", "the total is 7 dollars"),
        define("then", "The total is 5 euros"),
        "x = 'the total is 5 euros'\n",
    ],
)
def test_a_step_that_no_definition_matches_gets_its_best_pattern(empty: Project, definition: str) -> None:
    empty.write(steps__total_steps_py=definition)
    assert ask_patterns(empty, TOTAL) == ["the total is {total:d} euros"]


@pytest.mark.parametrize(
    "definition",
    [
        define("then", "the total is 7 euros"),
        define("step", "the total is 7 euros"),
        "use_step_matcher('re')\n" + define("then", "the total is .total:d. euros"),
    ],
)
def test_a_pattern_that_clashes_with_a_definition_gives_way_to_the_literal_one(empty: Project, definition: str) -> None:
    empty.write(steps__total_steps_py=definition)
    assert ask_patterns(empty, TOTAL) == ["the total is 5 euros"]


def test_a_chosen_pattern_serves_the_queries_after_it(empty: Project) -> None:
    again = StepQuery("then", "the total is 7 euros", ("the total is {total:d} euros", "the total is 7 euros"))
    assert ask_patterns(empty, TOTAL, again) == ["the total is {total:d} euros", ""]


def test_a_chosen_pattern_does_not_serve_another_kind_of_step(empty: Project) -> None:
    given = StepQuery("given", TOTAL.text, TOTAL.patterns)
    assert ask_patterns(empty, TOTAL, given) == ["the total is {total:d} euros"] * 2


def test_a_pattern_that_clashes_with_a_chosen_one_gives_way_to_the_literal_one(empty: Project) -> None:
    literal = StepQuery("then", "the total is 7 euros", ("the total is 7 euros",))
    assert ask_patterns(empty, literal, TOTAL) == ["the total is 7 euros", "the total is 5 euros"]


def test_a_pattern_takes_no_step_away_from_the_definition_that_it_has(empty: Project) -> None:
    other = StepQuery("then", "the sum is 7 euros", ("the {what} is 7 euros", "the sum is 7 euros"))
    defined = StepQuery("then", "the total is 7 euros", ("the total is 7 euros",))
    empty.write(steps__total_steps_py=define("then", "the total {verb} 7 {money}"))
    assert ask_patterns(empty, other, defined) == ["the sum is 7 euros", ""]


def test_a_pattern_that_does_not_match_its_own_step_or_is_none_is_passed_over(empty: Project) -> None:
    query = StepQuery(
        "then", "it is 3.10 {now}", ("it is {n:d} {now}", "it is {n:nope}", "it is {a !}", "it is 3.10 {{now}}")
    )
    assert ask_patterns(empty, query) == ["it is 3.10 {{now}}"]


def test_the_chosen_patterns_load_in_any_order(empty: Project) -> None:
    texts = ["field 'x'", "field 'x' and 'y'", "field 'y'", "a {b}", "a 1", "a 2 and 3", "a {b} and {b}", "a 5 $"]
    fields = [
        "field '{a}'",
        "field '{a}' and '{b}'",
        "field '{a}'",
        "a {b}",
        "a {n:d}",
        "a {n:d} and {m:d}",
        "{x}",
        "a {n:d} $",
    ]
    literals = [text.replace("{", "{{").replace("}", "}}") for text in texts]
    queries = [StepQuery("then", text, (*pair,)) for text, *pair in zip(texts, fields, literals, strict=True)]
    chosen = [pattern for pattern in ask_patterns(empty, *queries) if pattern]
    for number, patterns in enumerate([chosen, chosen[::-1]]):
        text = "".join(define("then", pattern) for pattern in patterns)
        project = Project(empty.root / str(number)).write(steps__chosen_steps_py=text)
        assert ask_patterns(project, *queries) == [""] * len(queries)


def test_invalid_python_is_an_error_at_its_column(empty: Project) -> None:
    empty.write(steps__a_steps_py="x = 1\n\n\ndef f(:\n")
    (error,) = query_registry(empty.root, steps="steps", queries=[TOTAL]).diagnostics
    assert (error.line, error.column) == (4, 7)


def test_each_broken_module_is_an_error_at_its_line_and_the_others_are_loaded(empty: Project) -> None:
    empty.write(
        steps__a_steps_py="import os\nimport no_such_module\n",
        steps__b_steps_py="def f(:\n",
        steps__c_steps_py="def fail():\n    raise RuntimeError('boom')\n\n\nfail()\n",
        steps__d_steps_py="import sys\nsys.exit('enough')\n",
        steps__e_steps_py="import pytest\npytest.skip('not here')\n",
        steps__f_steps_py="class Mute(Exception):\n    def __str__(self):\n        raise TypeError\n\nraise Mute\n",
        steps__g_steps_py="import shop\n",
        shop_py="def sell():\n    return price\n\n\nsell()\n",
        steps__h_steps_py="import till\n",
        till_py="def f(:\n",
        steps__z_steps_py=define("then", TOTAL.text),
    )
    asked = query_registry(empty.root, steps="steps", queries=[TOTAL])
    answers, diagnostics = asked.answers, asked.diagnostics
    assert [answer.pattern for answer in answers] == [""]
    assert [
        (
            "steps/a_steps.py",
            2,
            f"ModuleNotFoundError: No module named 'no_such_module' (is it installed for {sys.executable}?)",
        ),
        ("steps/b_steps.py", 1, "SyntaxError: invalid syntax: `def f(:`"),
        ("steps/c_steps.py", 2, "RuntimeError: boom"),
        ("steps/d_steps.py", 2, "SystemExit: enough"),
        ("steps/e_steps.py", 2, diagnostics[4].message.removeprefix("cannot be loaded: ")),
        ("steps/f_steps.py", 5, "Mute: (its message cannot be printed)"),
        ("steps/g_steps.py", 1, "NameError: name 'price' is not defined at shop.py:2"),
        ("steps/h_steps.py", 1, "SyntaxError: invalid syntax (till.py, line 1) at till.py:1"),
    ] == [
        (diagnostic.path, diagnostic.line, diagnostic.message.removeprefix("cannot be loaded: "))
        for diagnostic in diagnostics
    ]
    assert {("step-import", Severity.ERROR)} == {(diagnostic.code, diagnostic.severity) for diagnostic in diagnostics}


def test_an_ambiguous_step_names_both_places(empty: Project) -> None:
    empty.write(
        steps__a_steps_py="# first\n" + define("then", "it is {what}"), steps__b_steps_py=define("then", "it is so")
    )
    (diagnostic,) = ask_diagnostics(empty)
    assert (diagnostic.path, diagnostic.line, diagnostic.code) == ("steps/b_steps.py", 1, "ambiguous-step")
    assert (
        diagnostic.message
    ) == "`@then('it is so')` and `@then('it is {what}')` (steps/a_steps.py:2) match the same step"


def test_a_bad_pattern_is_a_warning_at_its_definition(empty: Project) -> None:
    empty.write(steps__a_steps_py="use_step_matcher('re')\n\n" + define("then", "it (works"))
    (diagnostic,) = ask_diagnostics(empty)
    assert (diagnostic.path, diagnostic.line, diagnostic.code) == ("steps/a_steps.py", 3, "bad-step-pattern")
    assert diagnostic.severity == Severity.WARNING
    assert diagnostic.message.startswith("Behave ignores `@then('^it (works$')`: ")


def test_the_matcher_of_one_file_does_not_reach_into_the_next(empty: Project) -> None:
    empty.write(
        steps__a_steps_py="use_step_matcher('re')\n" + define("then", r"a \d"),
        steps__b_steps_py=define("then", "b {n:d}"),
    )
    queries = [StepQuery("then", text, (text,)) for text in ("a 1", "b 1")]
    assert ask_patterns(empty, *queries) == ["", ""]


def test_the_matcher_that_the_hooks_choose_is_the_default(empty: Project) -> None:
    empty.write(
        environment_py="from behave import use_step_matcher\nuse_step_matcher('re')\n",
        steps__a_steps_py=define("then", r"a \d"),
        steps__b_steps_py=define("then", r"b \d"),
    )
    queries = [StepQuery("then", text, (text,)) for text in ("a 1", "b 1")]
    assert ask_patterns(empty, *queries) == ["", ""]


def test_broken_hooks_are_an_error_and_the_steps_are_loaded(empty: Project) -> None:
    empty.write(environment_py="# first\nraise RuntimeError('boom')\n", steps__a_steps_py=define("then", TOTAL.text))
    asked = query_registry(empty.root, steps="steps", queries=[TOTAL])
    answers, (diagnostic,) = asked.answers, asked.diagnostics
    assert (diagnostic.path, diagnostic.line, diagnostic.code) == ("environment.py", 2, "environment-import")
    assert [answer.pattern for answer in answers] == [""]


def test_steps_below_features_are_loaded_with_their_own_hooks(empty: Project) -> None:
    empty.write(
        features__environment_py="from behave import use_step_matcher\nuse_step_matcher('re')\n",
        features__steps__a_steps_py=define("then", r"the total is \d euros"),
    )
    assert ask_patterns(empty, TOTAL, steps="features/steps") == [""]


def test_step_modules_import_from_the_steps_folder_and_from_the_root(empty: Project) -> None:
    empty.write(
        shop_py="WORD = 'euros'\n",
        steps__words_py="NUMBER = 5\n",
        steps__total_steps_py="from shop import WORD\nfrom words import NUMBER\n"
        "@then(f'the total is {NUMBER} {WORD}')\ndef f(context):\n    pass\n",
    )
    assert ask_patterns(empty, TOTAL) == [""]


def test_a_step_module_that_another_one_imports_is_no_ambiguity(empty: Project) -> None:
    definition = "from behave import then\n" + define("then", TOTAL.text)
    empty.write(steps__a_steps_py="import b_steps\n", steps__b_steps_py=definition)
    assert ask_patterns(empty, TOTAL) == [""]


def test_what_a_module_prints_or_reads_does_not_reach_the_answer(empty: Project) -> None:
    noise = "import os, sys\nprint('{\"patterns\": []}')\nos.write(1, b'[]')\nos.write(2, b'x')\nsys.stdin.read()\n"
    empty.write(steps__noise_steps_py=noise)
    assert ask_patterns(empty, TOTAL) == ["the total is {total:d} euros"]


def test_a_module_that_ends_python_is_named(empty: Project) -> None:
    empty.write(steps__a_steps_py="", steps__b_steps_py="import os\nos._exit(0)\n")
    with pytest.raises(RunError, match=r"Python exited with code 0") as caught:
        query_registry(empty.root, steps="steps", queries=[TOTAL])
    assert caught.value.path == "steps/b_steps.py"


@pytest.mark.usefixtures("new_processes")
def test_modules_of_the_project_that_are_named_like_ours_or_pythons_do_no_harm(empty: Project) -> None:
    trap = "raise RuntimeError('not me')\n"
    empty.write(random_py=trap, json_py=trap, parse_py=trap, behave_py=trap, spec2bdd_py=trap)
    assert ask_patterns(empty, TOTAL) == ["the total is {total:d} euros"]
