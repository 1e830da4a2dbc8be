"""Arguments that are passed to Behave, and those that are refused."""

from __future__ import annotations

import pytest
from behave_project import Project, list_statuses

from spec2bdd.adapters.behave.arguments import check_arguments
from spec2bdd.errors import UsageError

PASSED = [
    (),
    ("--tags", "@smoke", "--tags=not @slow"),
    ("-t", "a or b"),
    ("--tags", "@a,@b", "--tags", "~@c", "--tags", "not (@d or @e)"),
    ("--name", "login", "-n", "out"),
    ("-D", "browser=firefox", "-Dx"),
    ("--stop", "--no-capture", "--junit", "--wip"),
]

REFUSED = {
    ("features/one.feature",): "`features/one.feature` cannot be passed to Behave",
    ("features/one.feature", "features/two.feature"): (
        "`features/one.feature features/two.feature` cannot be passed to Behave"
    ),
    ("--tags", "a", "elsewhere"): "`elsewhere` cannot be passed to Behave",
    ("-f", "pretty"): "`--format` cannot be passed to Behave",
    ("--format=json",): "`--format` cannot be passed to Behave",
    ("-o", "out.txt"): "`--outfile` cannot be passed to Behave",
    ("--runner", "a.b:C"): "`--runner` cannot be passed to Behave",
    ("-r", "behave.runner:Runner"): "`--runner` cannot be passed to Behave",
    ("-j", "4"): "`--jobs` cannot be passed to Behave",
    ("--stage", "ci"): "`--stage` cannot be passed to Behave",
    ("--dry-run",): "`--dry-run` cannot be passed to Behave",
    ("--steps-catalog",): "`--steps-catalog` cannot be passed to Behave",
    ("--lang-list",): "`--lang-list` cannot be passed to Behave",
    ("--version",): "`--version` cannot be passed to Behave",
    ("--help",): "Behave would only print its help",
    ("--nonsense",): "invalid arguments for Behave: unrecognized arguments: --nonsense",
    ("--tags", "(("): "invalid tag expression `((`",
    ("--tags", "@a and"): "invalid tag expression `@a and`",
    ("--tags", "not"): "invalid tag expression `not`",
    ("--tags", "(@a"): "invalid tag expression `(@a`",
    ("--tags", "@a", "-t", "or @b"): "invalid tag expression `or @b`",
    ("--tags", ""): "invalid tag expression ``",
    ("--tags",): "invalid arguments for Behave: argument -t/--tags: expected one argument",
}


@pytest.mark.parametrize("arguments", PASSED, ids=" ".join)
def test_arguments_that_select_or_configure_scenarios_are_passed_on(arguments: tuple[str, ...]) -> None:
    check_arguments(arguments)


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_what_spec2bdd_has_to_decide_is_refused_with_a_hint(arguments: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as caught:
        check_arguments(arguments)
    assert REFUSED[arguments] == caught.value.message
    assert caught.value.hint


def test_all_errors_are_raised_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        check_arguments(["-f", "json", "elsewhere", "--dry-run"])
    assert len(caught.value.others) == 2


def test_arguments_reach_behave(project: Project) -> None:
    step = (
        "@then('the browser is {name}')\ndef f(context, name):\n    assert context.config.userdata['browser'] == name\n"
    )
    project.write_file("steps/more_steps.py", step)
    project.write(features__one_feature="Feature: F\n  Scenario: a\n    Then the browser is firefox\n")
    assert list_statuses(project.run("-D", "browser=firefox")) == {"a": "passed"}
