"""What the formats of Cucumber's need besides the results is read from the project, and from nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import write_files

from spec2bdd.commands.reporting.sources import read_gherkin_sources
from spec2bdd.config import read_config
from spec2bdd.model import ScenarioResult, StepResult, TestRun
from spec2bdd.model.feature import GherkinSources

GOOD = "Feature: A\n\n  Scenario: B\n    Given a\n"
STEPS = """from behave import given, use_step_matcher

@given("a")
@given("an a")
def a(context):
    pass

use_step_matcher("re")

@given("b+")
def b(context):
    pass
"""


def test_a_feature_that_the_official_parser_refuses_is_an_error_at_its_line_and_the_others_are_read(
    tmp_path: Path,
) -> None:
    files = {"features/a.feature": GOOD, "features/b.feature": GOOD + "    And: b\n", "features/c.feature": GOOD}
    write_files(tmp_path, files)
    run = TestRun("r", complete=True, features=tuple(sorted(files)))
    sources, (error,) = read_gherkin_sources(read_config(tmp_path), [run])
    assert (error.path, error.line, error.code) == ("features/b.feature", 5, "write-failed")
    assert [(feature.path, len(feature.pickles)) for feature in sources.features] == [
        ("features/a.feature", 1),
        ("features/b.feature", 0),
        ("features/c.feature", 1),
    ]


@pytest.mark.parametrize("path", ["../a.feature", "features/../a.feature", "a.feature", "/a.feature", "features/a.txt"])
def test_records_cannot_name_a_file_elsewhere(path: str, tmp_path: Path) -> None:
    write_files(tmp_path, {"a.feature": GOOD, "../a.feature": GOOD, "features/a.txt": GOOD})
    run = TestRun("r", complete=True, features=(path,))
    assert read_gherkin_sources(read_config(tmp_path), [run]) == (GherkinSources(), [])


def test_a_pattern_is_found_by_the_first_decorator_and_only_below_the_folder_of_steps(tmp_path: Path) -> None:
    write_files(tmp_path, {"steps/a_steps.py": STEPS, "secret.py": STEPS})
    locations = ("steps/a_steps.py:3", "steps/a_steps.py:10", "secret.py:3", "steps/../secret.py:3")
    steps = tuple(StepResult("Given", "given", "a", 4, "passed", 0.0, location) for location in locations)
    record = ScenarioResult("features/a.feature", 3, "B", (), steps=steps)
    run = TestRun("r", complete=True, results=(record,))
    sources, errors = read_gherkin_sources(read_config(tmp_path), [run])
    assert errors == []
    assert sources.patterns == {"steps/a_steps.py:3": ("parse", "a"), "steps/a_steps.py:10": ("re", "b+")}
