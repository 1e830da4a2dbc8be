"""One bad file among good ones: its diagnostic, what still runs, and which steps are unknown then."""

from __future__ import annotations

import pytest
from behave_project import STEPS, Project, find_record, list_statuses

from spec2bdd.diagnostics.levels import add_default_hint
from spec2bdd.model import Diagnostic, TestRun

GOOD = "Feature: Good\n  @ac_good\n  Scenario: good\n    Then it works\n  Scenario: bad\n    Then it fails\n"


@pytest.fixture
def good(project: Project) -> Project:
    """Return a project without errors."""
    return project.write(features__good_feature=GOOD)


def write_steps(project: Project, text: str) -> Project:
    """Write a scenario named `judged` with the steps of a text, one a line."""
    lines = "".join(f"    {line.strip()}\n" for line in text.strip().splitlines())
    return project.write(features__judged_feature=f"Feature: Judged\n  Scenario: judged\n{lines}")


def read_step(run: TestRun, number: int = 0) -> tuple[str, str]:
    """Return the status and the error of a step of the scenario `judged`."""
    step = find_record(run, "judged").steps[number]
    return step.status, step.error


def find_diagnostic(run: TestRun) -> Diagnostic:
    """Return the only diagnostic of a run."""
    (diagnostic,) = run.diagnostics
    return diagnostic


def list_places(run: TestRun) -> list[tuple[str, int, str]]:
    """Return the locations and codes of the diagnostics of a run."""
    return [(diagnostic.path, diagnostic.line, diagnostic.code) for diagnostic in run.diagnostics]


# --- features ---------------------------------------------------------------------------------------------------------


BAD_FEATURES = {
    "and": ("Feature: A\n  Scenario: a\n    And so on\n", 3, "feature-syntax", "AND-STEP REQUIRES"),
    "late": (
        "Feature: A\n  Scenario: a\n    Given it works\n    Nonsense\n",
        4,
        "feature-syntax",
        "`Nonsense` is not a step",
    ),
    "headless": ("Scenario: a\n  Given it works\n", 1, "feature-syntax", "`Scenario: a` is not expected here"),
    "language": ("# language: xx\nFeature: A\n", 0, "feature-syntax", "the language 'xx' is unknown"),
    "table": ("Feature: A\n  Scenario: a\n    Given it works\n    | a |\n    | a | b |\n", 5, "feature-syntax", ""),
    "latin": ("Feature: A\n\n  Scenario: caf\udce9\n", 3, "feature-encoding", "byte 0xE9 is not valid UTF-8"),
}


def write_bytes(project: Project, path: str, content: str) -> None:
    """Write one file with whatever bytes."""
    target = project.root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.encode("utf-8", "surrogateescape"))


@pytest.fixture(scope="module")
def bad_features(tmp_path_factory: pytest.TempPathFactory) -> TestRun:
    """Return one run of a good feature among many bad ones."""
    project = Project(tmp_path_factory.mktemp("features")).write(
        steps__common_steps_py=STEPS, features__good_feature=GOOD
    )
    for name, case in BAD_FEATURES.items():
        write_bytes(project, f"features/{name}.feature", case[0])
    return project.run()


@pytest.mark.parametrize("name", BAD_FEATURES)
def test_a_feature_that_cannot_be_read_is_named(bad_features: TestRun, name: str) -> None:
    _, line, code, message = BAD_FEATURES[name]
    (diagnostic,) = [
        diagnostic for diagnostic in bad_features.diagnostics if diagnostic.path == f"features/{name}.feature"
    ]
    assert (line, code) == (diagnostic.line, diagnostic.code)
    assert message in diagnostic.message
    assert add_default_hint(diagnostic).hint
    assert diagnostic.path in bad_features.digests


def test_the_other_features_run(bad_features: TestRun) -> None:
    assert (True, ("features/good.feature",)) == (bad_features.complete, bad_features.features)
    assert list_statuses(bad_features) == {"good": "passed", "bad": "failed"}


@pytest.mark.parametrize("content", ["", "# only a comment\n", "\n\n"])
def test_a_feature_file_without_a_feature_is_no_error(good: Project, content: str) -> None:
    run = good.write_file("features/empty.feature", content).run()
    assert ((), {"good": "passed", "bad": "failed"}) == (run.diagnostics, list_statuses(run))


def test_a_run_of_nothing_but_bad_features_is_whole_and_proves_nothing(project: Project) -> None:
    run = project.write(features__bad_feature="Feature: A\n  Scenario: a\n    And so on\n").run()
    assert (True, (), ()) == (run.complete, run.features, run.results)
    assert {"feature-syntax"} == {diagnostic.code for diagnostic in run.diagnostics}


# --- step modules -----------------------------------------------------------------------------------------------------

BROKEN = {
    "import": "import no_such_module\n",
    "syntax": "def f(:\n",
    "error": "raise RuntimeError('boom')\n",
    "exit": "import sys\nsys.exit(0)\n",
    "pytest": "import pytest\npytest.skip('not here')\n",
    "mute": "class Mute(Exception):\n    def __str__(self):\n        raise TypeError\n\nraise Mute\n",
    "nul": "\0",
    "latin": "word = 'caf\udce9'\n",
}


@pytest.fixture(scope="module")
def broken_modules(tmp_path_factory: pytest.TempPathFactory) -> TestRun:
    """Return one run with a good step module among many broken ones."""
    project = Project(tmp_path_factory.mktemp("modules")).write(
        steps__common_steps_py=STEPS, features__good_feature=GOOD
    )
    for name, content in BROKEN.items():
        write_bytes(project, f"steps/{name}_steps.py", content)
    return project.run()


@pytest.mark.parametrize("name", BROKEN)
def test_a_step_module_that_cannot_be_loaded_is_named(broken_modules: TestRun, name: str) -> None:
    (diagnostic,) = [
        diagnostic for diagnostic in broken_modules.diagnostics if diagnostic.path == f"steps/{name}_steps.py"
    ]
    assert diagnostic.code == "step-import"
    assert diagnostic.message.startswith("cannot be loaded: ")


def test_the_steps_of_the_other_modules_run(broken_modules: TestRun) -> None:
    assert (True, {"good": "passed", "bad": "failed"}) == (broken_modules.complete, list_statuses(broken_modules))


def test_each_bad_file_is_named(good: Project) -> None:
    good.write(steps__a_steps_py="import nothing\n", steps__z_steps_py="# later\nimport nothing\n")
    good.write(features__bad_feature="Feature: A\n  Scenario: a\n    And so on\n")
    assert list_places(good.run()) == [
        ("steps/a_steps.py", 1, "step-import"),
        ("steps/z_steps.py", 2, "step-import"),
        ("features/bad.feature", 3, "feature-syntax"),
    ]


def test_a_step_without_a_definition_is_unknown_while_a_module_is_broken(good: Project) -> None:
    good.write(steps__bad_steps_py="import nothing\n")
    run = write_steps(good, "Then it is defined nowhere\nThen it works\nThen it is not either").run()
    unknown = ("unknown", "undefined step, but `steps/bad_steps.py` cannot be loaded")
    assert [unknown, ("skipped", ""), unknown] == [read_step(run, number) for number in range(3)]


def test_a_step_without_a_definition_is_undefined_if_all_modules_are_loaded(good: Project) -> None:
    run = write_steps(good, "Then it is defined nowhere").run()
    assert read_step(run) == ("undefined", "")


def test_a_step_within_a_step_is_unknown_as_well(good: Project) -> None:
    part = "@then('it has a part')\ndef f(context):\n    context.execute_steps('Then it is defined nowhere')\n"
    write_steps(good, "Then it has a part").write(steps__part_steps_py=part)
    assert read_step(good.run())[0] == "failed"
    good.write(steps__bad_steps_py="import nothing\n")
    assert read_step(good.run())[0] == "unknown"


def test_a_step_that_swallows_the_error_of_a_missing_part_is_unknown_too(good: Project) -> None:
    part = """
        @then('it tries a part')
        def f(context):
            try:
                context.execute_steps('Then it is defined nowhere')
            except AssertionError:
                pass
        """
    write_steps(good, "Then it tries a part").write(steps__part_steps_py=part)
    run = good.write(steps__bad_steps_py="import nothing\n").run()
    assert read_step(run)[0] == "unknown"


TWICE = "from behave import then\n\n\n@then('{}')\ndef again(context, **words):\n    pass\n"

HALF = """
from behave import then

@then("it is half there")
def half(context):
    pass

@then("it is {what} there")
def entirely(context, what):
    pass

import nothing
"""


def test_the_definitions_of_a_module_that_failed_later_are_out_of_use(good: Project) -> None:
    good.write(steps__half_steps_py=HALF)
    run = write_steps(good, "Then it is half there\nThen it is entirely there").run()
    unknown = ("unknown", "a step may be defined in `steps/half_steps.py`, which cannot be loaded")
    assert read_step(run) == unknown
    assert read_step(write_steps(good, "Then it is entirely there").run()) == unknown


# Decorators of a module that cannot be loaded, and whether their step is left alone.
SEEMING = {
    "@then('case 1 is three')": "unknown",
    '@then("case {n} is three, 2")': "unknown",
    "@Then(r'case 3 is three')": "unknown",
    "@step('case 4 is three')": "unknown",
    "@behave.then('case 5 is three')": "unknown",
    "@then(\n    'case 6 is three'\n)": "unknown",
    "@then('case 77 is three')": "passed",
    "@given('case 8 is three')": "passed",
    "# @then('case 9 is three')": "passed",
    "@then('case {n:Nope} is three, 10')": "passed",
}


@pytest.mark.parametrize("start", ["import nothing\n", "def f(:\n"])
def test_a_step_that_a_broken_module_seems_to_define_is_run_with_no_other_definition(good: Project, start: str) -> None:
    lost = "".join(f"\n{decorator}\ndef f(context):\n    pass\n" for decorator in SEEMING)
    good.write(steps__a_steps_py=start + lost, steps__z_steps_py=TWICE.format("case {which}"))
    texts = ["1 is three", "2 is three, 2", *(f"{n} is three" for n in range(3, 10)), "10 is three, 10"]
    good.write(features__cases_feature="Feature: C\n" + "".join(f"  Scenario: {t}\n    Then case {t}\n" for t in texts))
    records = [record for record in good.run().results if "three" in record.name]
    assert list(SEEMING.values()) == [record.steps[0].status for record in records]


def test_definitions_that_a_broken_module_has_imported_whole_stay(good: Project) -> None:
    shared = "from behave import then\n\n@then('it is shared')\ndef f(context):\n    pass\n"
    good.write(
        shared_py=shared, steps__a_steps_py="import shared\nimport nothing\n", steps__b_steps_py="import shared\n"
    )
    assert read_step(write_steps(good, "Then it is shared").run())[0] == "passed"


def test_definitions_of_an_import_that_failed_itself_are_out_of_use(good: Project) -> None:
    shared = "from behave import then\n\n@then('it is shared')\ndef f(context):\n    pass\n\nimport nothing\n"
    good.write(shared_py=shared, steps__a_steps_py="import shared\n")
    run = write_steps(good, "Then it is shared").run()
    assert list_places(run) == [("steps/a_steps.py", 1, "step-import")]
    assert read_step(run)[0] == "unknown"


def test_a_bad_pattern_is_a_warning_of_the_run(good: Project) -> None:
    good.write(steps__bad_steps_py="use_step_matcher('re')\n\n@then('it (works')\ndef f(context):\n    pass\n")
    assert list_places(good.run()) == [("steps/bad_steps.py", 3, "bad-step-pattern")]


# --- two definitions of one step --------------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", ["it is {what}", "it is so"])
@pytest.mark.parametrize("text", ["it is so", "it is {what}"])
def test_steps_that_either_of_two_clashing_definitions_matches_are_not_run(
    good: Project, pattern: str, text: str
) -> None:
    good.write(steps__a_steps_py=TWICE.format("it is {what}"), steps__b_steps_py=TWICE.format(pattern))
    run = write_steps(good, f"Then {text}").run()
    assert list_places(run) == [("steps/b_steps.py", 4, "ambiguous-step")]
    assert read_step(run) == ("ambiguous", "two step definitions match: steps/a_steps.py:4 and steps/b_steps.py:4")
    other = f"`@then('{pattern}')` and `@then('it is {{what}}')` (steps/a_steps.py:4) match the same step"
    again = "`@then('it is {what}')` is already defined in steps/a_steps.py:4"
    assert find_diagnostic(run).message == (again if pattern == "it is {what}" else other)


def test_all_other_steps_are_run_and_what_follows_in_the_module_is_defined(good: Project) -> None:
    more = "\n@then('it is more')\ndef more(context):\n    assert False, 'it is run'\n"
    good.write(steps__a_steps_py=TWICE.format("it is so"), steps__b_steps_py=TWICE.format("it is so") + more)
    run = write_steps(good, "Then it is more").run()
    assert read_step(run) == ("failed", "it is run")
    assert find_record(run, "good").status == "passed"


def test_a_step_within_a_step_is_ambiguous_as_well(good: Project) -> None:
    part = "@then('it has a part')\ndef f(context):\n    context.execute_steps('Then it is so')\n"
    good.write(steps__a_steps_py=TWICE.format("it is so"), steps__b_steps_py=TWICE.format("it is so"))
    run = write_steps(good, "Then it has a part\nThen it works").write(steps__part_steps_py=part).run()
    assert ["ambiguous", "skipped"] == [step.status for step in find_record(run, "judged").steps]


@pytest.mark.parametrize(
    ("first", "second"), [("it is so", "it is {what}"), ("it is so", "it is so too"), ("it is {n:d}", "it is so")]
)
def test_definitions_that_behave_can_tell_apart_are_no_error(good: Project, first: str, second: str) -> None:
    good.write(steps__a_steps_py=TWICE.format(first), steps__b_steps_py=TWICE.format(second))
    run = write_steps(good, "Then it is so").run()
    errors = [diagnostic for diagnostic in run.diagnostics if diagnostic.code != "several-definitions"]
    assert ([], "passed") == (errors, read_step(run)[0])


def test_the_same_text_for_another_kind_of_step_is_no_error(good: Project) -> None:
    good.write(
        steps__a_steps_py=TWICE.format("it is so"), steps__b_steps_py=TWICE.format("it is so").replace("then", "given")
    )
    assert write_steps(good, "Given it is so\nThen it is so").run().diagnostics == ()


# --- hooks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["import", "syntax", "exit"])
def test_hooks_that_cannot_be_loaded_are_named_and_nothing_is_run(good: Project, name: str) -> None:
    write_bytes(good, "environment.py", BROKEN[name])
    run = good.run()
    assert ("environment.py", "environment-import") == (find_diagnostic(run).path, find_diagnostic(run).code)
    assert (True, {"ac_good": 1}) == (run.complete, run.expected)
    assert list_statuses(run) == {"good": "untested", "bad": "untested"}


def test_hooks_without_steps_are_loaded_and_every_step_is_undefined(good: Project) -> None:
    (good.root / "steps/common_steps.py").unlink()
    (good.root / "steps").rmdir()
    run = good.write(environment_py="def before_all(context):\n    pass\n").run()
    assert [("undefined",), ("undefined",)] == [tuple(step.status for step in record.steps) for record in run.results]


def test_modules_of_nested_folders_are_loaded_where_the_project_asks_for_it(good: Project) -> None:
    good.write(behave_ini="[behave]\nuse_nested_step_modules = true\n")
    good.write(steps__more__bad_steps_py="import nothing\n", steps__more__so_steps_py=TWICE.format("it is so"))
    run = write_steps(good, "Then it is so").run()
    assert list_places(run) == [("steps/more/bad_steps.py", 1, "step-import")]
    assert read_step(run)[0] == "passed"


def test_the_search_path_is_the_projects_own_again_when_the_features_run(good: Project) -> None:
    step = """
        import sys

        @then("it looks around")
        def step(context):
            assert not [path for path in sys.path if path.endswith("steps")]
        """
    assert read_step(write_steps(good.write(steps__look_steps_py=step), "Then it looks around").run()) == ("passed", "")
