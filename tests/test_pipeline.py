"""The loop as a whole, on small projects in temporary folders, with a real Behave."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from small_project import (
    FEATURE_PATH,
    SPEC,
    SPEC_PATH,
    STEPS,
    STEPS_PATH,
    generate,
    list_verdicts,
    mark,
    read_all,
    run,
    verify,
    write_basket,
    write_files,
)
from tree_repository import run_git

from spec2bdd.errors import ConfigError, RecordError
from spec2bdd.model import Report
from spec2bdd.reporters.next_step.after_command import find_next

ADDED = "- [ ] An item can be added"


def codes(report: Report) -> list[str]:
    """Return the codes of a report's diagnostics."""
    return [diagnostic.code for diagnostic in report.diagnostics]


def test_verify_marks_what_was_proved_and_nothing_else(tmp_path: Path) -> None:
    write_basket(tmp_path)
    report = verify(tmp_path)
    expected = SPEC.replace(ADDED, "- [x] An item can be added").replace("status: Draft", "status: In Progress")
    expected = expected.replace("updated: 2026-05-04T09:00:00-04:00", "updated: 2026-11-23T14:30:15-04:00")
    assert (tmp_path / SPEC_PATH).read_text() == expected
    assert list(list_verdicts(report).values()) == ["passed", "failed", "pending", "pending"]
    assert report.exit_code == 1


def test_a_second_verify_writes_no_byte_and_touches_no_file(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    before = read_all(tmp_path)
    times = {path: (tmp_path / path).stat().st_mtime_ns for path in before}
    report = verify(tmp_path)
    assert report.changes == ()
    assert read_all(tmp_path) == before
    assert {path: (tmp_path / path).stat().st_mtime_ns for path in before} == times


def test_a_second_generate_writes_nothing(tmp_path: Path) -> None:
    write_basket(tmp_path)
    assert generate(tmp_path).changes
    assert generate(tmp_path).changes == ()


def test_generate_is_the_same_in_every_folder(tmp_path: Path) -> None:
    for name in ("one", "two"):
        generate(write_basket(tmp_path / name))
    assert read_all(tmp_path / "one") == read_all(tmp_path / "two")


def test_check_writes_nothing_and_says_no(tmp_path: Path) -> None:
    write_basket(tmp_path)
    before = read_all(tmp_path)
    report = verify(tmp_path, check=True)
    assert read_all(tmp_path) == before
    assert {FEATURE_PATH, STEPS_PATH} <= {change.path for change in report.changes}
    assert report.exit_code == 1
    assert not (tmp_path / ".spec2bdd").exists()


def test_check_says_yes_when_everything_is_true(tmp_path: Path) -> None:
    spec = SPEC[: SPEC.index("- [ ] Removing")]
    write_basket(tmp_path, spec=spec)
    assert verify(tmp_path).exit_code == 0
    report = verify(tmp_path, check=True)
    assert (report.exit_code, report.changes) == (0, ())


def test_run_and_mark_do_in_two_what_verify_does_in_one(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_basket(tmp_path / name)
    verify(tmp_path / "one")
    generate(tmp_path / "two")
    before = (tmp_path / "two" / SPEC_PATH).read_bytes()
    run(tmp_path / "two")
    assert (tmp_path / "two" / SPEC_PATH).read_bytes() == before
    mark(tmp_path / "two")
    assert read_all(tmp_path / "one") == read_all(tmp_path / "two")


def test_mark_without_a_run_marks_nothing_and_says_what_to_type(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    before = read_all(tmp_path)
    with pytest.raises(RecordError, match="no results yet") as caught:
        mark(tmp_path)
    assert read_all(tmp_path) == before
    assert caught.value.hint == "run `spec2bdd verify`"


@pytest.mark.parametrize("path", [STEPS_PATH, FEATURE_PATH, "steps/other_steps.py", "environment.py"])
def test_mark_keeps_every_box_when_a_file_has_changed_since_the_run(tmp_path: Path, path: str) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    run(tmp_path)
    content = (tmp_path / path).read_text() if (tmp_path / path).exists() else ""
    write_files(tmp_path, {path: content + "\n# a remark\n"})
    before = (tmp_path / SPEC_PATH).read_bytes()
    report = mark(tmp_path)
    assert (tmp_path / SPEC_PATH).read_bytes() == before
    assert set(list_verdicts(report).values()) == {"stale"}


def test_a_spec_that_changed_since_generate_is_not_marked(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    run(tmp_path)
    reworded = SPEC.replace("An item can be added", "An item can be added twice")
    write_basket(tmp_path, spec=reworded, steps=(tmp_path / STEPS_PATH).read_text())
    report = mark(tmp_path)
    assert list_verdicts(report)["An item can be added twice"] == "stale"
    assert "- [ ] An item can be added twice" in (tmp_path / SPEC_PATH).read_text()


def test_a_hand_edited_scenario_is_refused_and_proves_nothing(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    feature = tmp_path / FEATURE_PATH
    edited = feature.read_text().replace("    Then the basket survives a restart", "    Then an item can be added")
    feature.write_text(edited)
    report = verify(tmp_path)
    assert feature.read_text() == edited
    assert list_verdicts(report)["The basket survives a restart"] == "stale"
    assert "- [ ] The basket survives a restart" in (tmp_path / SPEC_PATH).read_text()
    assert (report.exit_code, codes(report)) == (2, ["edited-by-hand"])


def test_a_scenario_of_ones_own_with_the_tag_takes_the_place_of_the_generated_one(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    tag = next(word for word in (tmp_path / FEATURE_PATH).read_text().split() if word.startswith("@ac_"))
    own = f"Feature: Mine\n\n  {tag}\n  Scenario: Better words\n    Then an item can be added\n"
    write_files(tmp_path, {"features/mine.feature": own})
    report = verify(tmp_path)
    generated = (tmp_path / FEATURE_PATH).read_text()
    assert "Scenario: An item can be added" not in generated
    assert f'# kept: {tag[1:]} must "An item can be added"' in generated
    assert list_verdicts(report)["An item can be added"] == "passed"
    assert (tmp_path / "features/mine.feature").read_text() == own


def test_the_id_of_a_deleted_criterion_is_remembered_and_given_back(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    before = (tmp_path / FEATURE_PATH).read_bytes()
    write_files(tmp_path, {SPEC_PATH: SPEC.replace(ADDED + "\n", "")})
    generate(tmp_path)
    assert b'retired "An item can be added"' in (tmp_path / FEATURE_PATH).read_bytes()
    write_files(tmp_path, {SPEC_PATH: SPEC})
    generate(tmp_path)
    assert (tmp_path / FEATURE_PATH).read_bytes() == before


def test_a_renamed_spec_file_keeps_its_feature_file(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    (tmp_path / SPEC_PATH).rename(tmp_path / "specs/basket.md")
    report = generate(tmp_path)
    assert [change.path for change in report.changes] == [FEATURE_PATH]
    assert [path for path in read_all(tmp_path) if path.endswith(".feature")] == [FEATURE_PATH]


def test_a_box_that_was_ticked_before_is_on_trust_until_its_first_result(tmp_path: Path) -> None:
    spec = SPEC.replace("- [ ] The basket", "- [x] The basket").replace("Draft", "In Progress")
    write_basket(tmp_path, spec=spec)
    text = "The basket survives a restart"
    report = verify(tmp_path)
    assert list_verdicts(report)[text] == "unverified"
    assert f"- [x] {text}" in (tmp_path / SPEC_PATH).read_text()
    steps = (tmp_path / STEPS_PATH).read_text()
    stub = '    raise StepNotImplementedError("the basket survives a restart")'
    write_files(tmp_path, {STEPS_PATH: steps.replace(stub, "    assert context.config")})
    assert list_verdicts(verify(tmp_path))[text] == "passed"
    assert "unverified" not in (tmp_path / FEATURE_PATH).read_text()
    write_files(tmp_path, {STEPS_PATH: steps})
    assert list_verdicts(verify(tmp_path))[text] == "pending"
    assert f"- [ ] {text}" in (tmp_path / SPEC_PATH).read_text()


def test_strict_trusts_no_tick(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC.replace("- [ ] The basket", "- [x] The basket"))
    report = verify(tmp_path, strict=True)
    assert list_verdicts(report)["The basket survives a restart"] == "pending"
    assert "- [ ] The basket survives a restart" in (tmp_path / SPEC_PATH).read_text()


def test_a_reworded_criterion_does_not_bring_its_tick_along(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    spec = tmp_path / SPEC_PATH
    spec.write_text(spec.read_text().replace("[x] An item can be added", "[x] Any number of items can be added"))
    report = verify(tmp_path)
    assert list_verdicts(report)["Any number of items can be added"] == "stale"
    assert [found for spec in report.specs for found in spec.verdicts if found.ticked] == []


def test_a_criterion_of_other_words_altogether_is_a_new_one_whose_tick_is_not_trusted(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    spec = tmp_path / SPEC_PATH
    spec.write_text(spec.read_text().replace("[x] An item can be added", "[x] Goods are put together"))
    report = verify(tmp_path)
    assert list_verdicts(report)["Goods are put together"] == "pending"
    assert "- [ ] Goods are put together" in spec.read_text()


def test_two_specs_with_one_id_are_named_both_and_touched_neither(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"specs/other.md": SPEC, "specs/good.md": SPEC.replace("3.10 #", "4.1 #")})
    report = generate(tmp_path)
    duplicates = [diagnostic for diagnostic in report.diagnostics if diagnostic.code == "duplicate-id"]
    assert sorted(diagnostic.path for diagnostic in duplicates) == [SPEC_PATH, "specs/other.md"]
    assert all(diagnostic.line == 2 for diagnostic in duplicates)
    assert [path for path in read_all(tmp_path) if path.endswith(".feature")] == ["features/4_1_shop_basket.feature"]
    assert report.exit_code == 2


def test_one_unreadable_spec_does_not_hide_the_others(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"specs/bad.md": b"---\nname: caf\xe9\n---\n"})
    report = verify(tmp_path)
    assert ("specs/bad.md", 2) in [(diagnostic.path, diagnostic.line) for diagnostic in report.diagnostics]
    assert "- [x] An item can be added" in (tmp_path / SPEC_PATH).read_text()
    assert report.exit_code == 2


def test_a_step_module_that_does_not_load_is_named_and_hides_no_other(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC.replace("- [ ] The basket", "- [x] The basket"))
    verify(tmp_path)
    write_files(tmp_path, {"steps/broken_steps.py": "import no_such_module\n", STEPS_PATH: STEPS})
    report = verify(tmp_path, strict=True)
    assert [(diagnostic.path, diagnostic.line) for diagnostic in report.diagnostics] == [("steps/broken_steps.py", 1)]
    assert list(list_verdicts(report).values()) == ["passed", "failed", "not run", "not run"]
    assert "- [x] The basket" in (tmp_path / SPEC_PATH).read_text()
    assert report.exit_code == 2


def test_hooks_that_do_not_load_are_named_and_nothing_is_run(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"environment.py": "\nimport no_such_module\n"})
    report = verify(tmp_path)
    assert [(diagnostic.path, diagnostic.line) for diagnostic in report.diagnostics] == [("environment.py", 2)]
    assert set(list_verdicts(report).values()) == {"not run"}
    assert {found.reason for spec in report.specs for found in spec.verdicts} == {
        "nothing was run: `environment.py` cannot be loaded"
    }


def test_two_definitions_of_one_step_cost_only_the_steps_that_they_match(tmp_path: Path) -> None:
    again = 'from behave import then\n\n\n@then("an item can be added")\ndef again(context):\n    pass\n'
    write_basket(tmp_path, spec=SPEC.replace("- [ ] An item", "- [x] An item"))
    generate(tmp_path)
    write_files(tmp_path, {"steps/twice_steps.py": again})
    report = run(tmp_path)
    assert (report.exit_code, codes(report)) == (2, ["ambiguous-step"])
    assert list(list_verdicts(report).values()) == ["not run", "failed", "pending", "pending"]
    assert not any(found.unticked for found in report.specs[0].verdicts)


def test_a_step_module_that_ends_python_itself_is_named_after_the_run(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    write_files(tmp_path, {"steps/ending_steps.py": "import os\n\nos._exit(0)\n"})
    report = run(tmp_path)
    assert (report.exit_code, [diagnostic.path for diagnostic in report.diagnostics]) == (2, ["steps/ending_steps.py"])
    assert set(list_verdicts(report).values()) == {"not run"}


def test_a_step_module_that_ends_python_itself_does_not_keep_back_the_feature_files(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"steps/ending_steps.py": "import os\n\nos._exit(0)\n"})
    report = generate(tmp_path)
    assert (report.exit_code, [diagnostic.path for diagnostic in report.diagnostics]) == (2, ["steps/ending_steps.py"])
    assert [change.path for change in report.changes] == [FEATURE_PATH]
    (tmp_path / "steps/ending_steps.py").unlink()
    assert [change.path for change in generate(tmp_path).changes] == [STEPS_PATH]


def test_a_step_that_cannot_fail_makes_its_criterion_pending_and_takes_the_tick(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    body = '    basket = [context.scenario.name and "apple"]\n    assert basket == ["apple"]'
    write_files(tmp_path, {STEPS_PATH: (tmp_path / STEPS_PATH).read_text().replace(body, "    pass")})
    report = verify(tmp_path)
    reason = f"vacuous step: {STEPS_PATH}:4 cannot fail: it checks nothing"
    assert (report.specs[0].verdicts[0].verdict, report.specs[0].verdicts[0].reason) == ("pending", reason)
    assert "- [ ] An item can be added" in (tmp_path / SPEC_PATH).read_text()


def test_no_specs_is_an_error_that_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no folder `specs/`") as caught:
        generate(tmp_path)
    assert "`spec2bdd init`" in caught.value.hint
    write_files(tmp_path, {"spec2bdd.toml": ""})
    with pytest.raises(ConfigError, match="no folder `specs/`") as caught:
        generate(tmp_path)
    assert "specs =" in caught.value.hint


def test_a_hand_written_file_is_never_written_over(tmp_path: Path) -> None:
    write_basket(tmp_path)
    mine = "Feature: Mine\n\n  Scenario: Mine\n    Then an item can be added\n"
    write_files(tmp_path, {FEATURE_PATH: mine})
    report = generate(tmp_path)
    assert (tmp_path / FEATURE_PATH).read_text() == mine
    assert (report.exit_code, codes(report)) == (2, ["path-conflict"])


def test_the_done_list_decides_between_review_and_complete(tmp_path: Path) -> None:
    spec = SPEC[: SPEC.index("- [ ] Removing")]
    write_basket(tmp_path, spec=spec)
    assert verify(tmp_path).specs[0].status_after == "Review"
    ticked = (tmp_path / SPEC_PATH).read_text().replace("- [ ] All functional", "- [x] All functional")
    write_files(tmp_path, {SPEC_PATH: ticked})
    assert verify(tmp_path).specs[0].status_after == "Complete"
    assert "status: Complete" in (tmp_path / SPEC_PATH).read_text()


def test_a_regression_takes_tick_and_status_back(tmp_path: Path) -> None:
    spec = SPEC[: SPEC.index("- [ ] Removing")]
    write_basket(tmp_path, spec=spec)
    verify(tmp_path)
    write_files(tmp_path, {STEPS_PATH: STEPS.replace('assert basket == ["apple"]', "assert not basket")})
    report = verify(tmp_path)
    assert (report.specs[0].status_before, report.specs[0].status_after) == ("Review", "In Progress")
    assert spec.replace("Draft", "In Progress")[:150] == (tmp_path / SPEC_PATH).read_text()[:150]
    assert "- [ ] An item can be added" in (tmp_path / SPEC_PATH).read_text()
    assert report.exit_code == 1


def test_generate_counts_the_stubs_that_are_to_be_filled_in(tmp_path: Path) -> None:
    write_basket(tmp_path)
    assert generate(tmp_path).notes == (f"2 new stubs in `{STEPS_PATH}`",)
    assert generate(tmp_path).notes == ()


def test_run_without_features_is_an_error_and_not_a_yes(tmp_path: Path) -> None:
    write_basket(tmp_path)
    report = run(tmp_path)
    assert (report.exit_code, codes(report)) == (2, ["no-features"])


def test_an_unfinished_run_marks_what_it_proved_and_says_that_it_is_not_whole(tmp_path: Path) -> None:
    dying = STEPS.replace(
        '    basket = [context.scenario.name and "apple"]\n    assert "pear"',
        '    import os\n\n    os.kill(os.getppid(), 9)\n    os._exit(0)\n    assert "pear"',
    )
    write_basket(tmp_path, steps=dying)
    generate(tmp_path)
    assert codes(run(tmp_path)) == ["run-crashed"]
    report = mark(tmp_path)
    assert (report.exit_code, codes(report)) == (2, ["run-unfinished"])
    assert list(list_verdicts(report).values()) == ["passed", "not run", "not run", "not run"]
    assert "- [x] An item can be added" in (tmp_path / SPEC_PATH).read_text()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"event": "run", "version": 4, "optimize": 0, "id": "other"}', "another run has replaced these results"),
        ("notes", "not a spec2bdd record file"),
    ],
)
def test_records_that_something_else_replaced_during_the_run_are_named_and_no_spec_changes(
    tmp_path: Path, content: str, message: str
) -> None:
    write_basket(tmp_path)
    path = ".spec2bdd/records.ndjson"
    hooks = f"import os\n\ndef before_all(context):\n    os.unlink({path!r})\n"
    write_files(tmp_path, {"environment.py": f"{hooks}    open({path!r}, 'w').write({content!r})\n"})
    report = verify(tmp_path)
    (error,) = report.diagnostics
    assert (report.exit_code, error.path, error.code, error.message) == (2, path, "record", message)
    assert (tmp_path / SPEC_PATH).read_text() == SPEC


def test_a_feature_that_does_not_parse_is_named_with_its_line(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"features/mine.feature": "Feature: Mine\n\n  Scenario: Mine\n    And so on\n"})
    report = verify(tmp_path)
    assert [(diagnostic.path, diagnostic.line) for diagnostic in report.diagnostics] == [("features/mine.feature", 4)]
    assert (report.exit_code, codes(report)) == (2, ["feature-syntax"])
    assert list(list_verdicts(report).values()) == ["passed", "failed", "pending", "pending"]


def test_a_criterion_whose_own_feature_does_not_parse_is_not_run_and_keeps_its_box(tmp_path: Path) -> None:
    write_basket(tmp_path)
    verify(tmp_path)
    (tag,) = re.findall(r"@(ac_\w+) @must\n  Scenario: An item", (tmp_path / FEATURE_PATH).read_text())
    broken = f"Feature: Mine\n\n  @{tag}\n  Scenario: Mine\n    And so on\n"
    write_files(tmp_path, {"features/mine.feature": broken})
    report = verify(tmp_path)
    assert (
        report.specs[0].verdicts[0].verdict,
        report.specs[0].verdicts[0].reason,
    ) == ("not run", "`features/mine.feature` cannot be read; see its error")
    assert "- [x] An item can be added" in (tmp_path / SPEC_PATH).read_text()


def test_a_feature_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"features/mine.feature": b"Feature: Mine\n\n  Scenario: caf\xe9\n    Given nothing\n"})
    report = verify(tmp_path)
    assert ("features/mine.feature", 3, "feature-encoding") in [
        (diagnostic.path, diagnostic.line, diagnostic.code) for diagnostic in report.diagnostics
    ]
    assert list(list_verdicts(report).values()) == ["passed", "failed", "pending", "pending"]


def test_run_names_the_step_module_that_does_not_load(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    write_files(tmp_path, {"steps/broken_steps.py": "\nimport no_such_module\n"})
    report = run(tmp_path)
    assert [(diagnostic.path, diagnostic.line) for diagnostic in report.diagnostics] == [("steps/broken_steps.py", 2)]


def test_a_hook_that_calls_a_failed_step_passed_is_not_believed(tmp_path: Path) -> None:
    hook = "from behave.model_core import Status\n\n\ndef after_step(context, step):\n    step.status = Status.passed\n"
    write_basket(tmp_path)
    write_files(tmp_path, {"environment.py": hook})
    report = verify(tmp_path)
    assert list(list_verdicts(report).values())[:2] == ["passed", "failed"]
    assert "- [ ] Removing an item" in (tmp_path / SPEC_PATH).read_text()


def test_records_that_contradict_themselves_are_not_believed(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    run(tmp_path)
    records = tmp_path / ".spec2bdd" / "records.ndjson"
    records.write_text(records.read_text().replace('"failed"', '"passed"'))
    assert "- [ ] Removing an item" in (tmp_path / SPEC_PATH).read_text()
    assert list(list_verdicts(mark(tmp_path)).values())[1] == "failed"


def test_a_file_in_the_place_of_the_records_is_an_error_and_no_crash(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {".spec2bdd": "mine"})
    report = verify(tmp_path)
    assert (report.exit_code, codes(report)) == (2, ["run-not-started"])


@pytest.mark.parametrize(("line", "lacking"), [("tags = not @must", 2), ("name = nothing", 4)])
def test_a_setting_of_behave_that_leaves_criteria_out_is_named_with_its_place(
    tmp_path: Path, line: str, lacking: int
) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"behave.ini": f"[behave]\n{line}\n"})
    diagnostic = next(one for one in verify(tmp_path).diagnostics if one.code == "behave-setting")
    assert (diagnostic.path, diagnostic.line) == ("behave.ini", 2)
    assert diagnostic.message == f"`{line}` limits what Behave runs, and {lacking} criteria have no result"
    assert "behave-setting" in codes(run(tmp_path))
    assert "behave-setting" not in codes(mark(tmp_path))


def test_a_dry_run_is_blamed_alone_and_not_offered_on_the_command_line(tmp_path: Path) -> None:
    write_basket(tmp_path)
    generate(tmp_path)
    write_files(tmp_path, {"behave.ini": "[behave]\ndry_run = true\ntags = @must\n"})
    (diagnostic,) = [one for one in run(tmp_path).diagnostics if one.code == "behave-setting"]
    assert diagnostic.message == "`dry_run = true` runs no step, and 4 criteria have no result"
    assert diagnostic.hint == "remove the setting"


def test_a_setting_that_behave_cannot_read_is_an_error_of_its_file(tmp_path: Path) -> None:
    generate(write_basket(tmp_path))
    write_files(tmp_path, {"pyproject.toml": '[tool.behave]\ntags = "@smoke"\n'})
    report = run(tmp_path)
    (diagnostic,) = report.diagnostics
    assert (diagnostic.path, report.exit_code) == ("pyproject.toml", 2)
    assert diagnostic.message.startswith("Behave cannot read its settings: config_tags = '@smoke'")
    assert find_next(report) == "fix the error in `pyproject.toml`"


def test_results_that_a_step_removes_are_an_error_that_says_so(tmp_path: Path) -> None:
    generate(write_basket(tmp_path))
    hooks = "import shutil\n\ndef before_all(context):\n    shutil.rmtree('.spec2bdd')\n"
    write_files(tmp_path, {"environment.py": hooks})
    report = run(tmp_path)
    (diagnostic,) = report.diagnostics
    assert diagnostic.message == "the folder `.spec2bdd` was removed during the run, and the results with it"
    assert report.exit_code == 2


def test_a_behave_that_cannot_begin_is_not_run_again(tmp_path: Path) -> None:
    generate(write_basket(tmp_path))
    write_files(tmp_path, {"behave.ini": "[behave]\nstage = dev\n"})
    report = run(tmp_path)
    (diagnostic,) = report.diagnostics
    assert diagnostic.message == "the folder `dev_steps/` does not exist, so nothing was run"
    assert diagnostic.hint == "create it, or remove the setting `stage = dev` of Behave"
    assert find_next(report) == ""


@pytest.mark.parametrize(
    ("setting", "folder"),
    [("", "steps"), ('steps = "steps"\n', "steps"), ('steps = "features/steps"\n', "features/steps")],
)
def test_a_missing_folder_of_steps_is_named_and_generate_creates_it(tmp_path: Path, setting: str, folder: str) -> None:
    generate(write_files(tmp_path, {SPEC_PATH: SPEC, "spec2bdd.toml": f'features = "features"\n{setting}'}))
    shutil.rmtree(tmp_path / folder)
    for report in (run(tmp_path), verify(tmp_path, check=True)):
        (diagnostic,) = report.diagnostics
        message = f"the folder `{folder}/` does not exist, so nothing was run"
        hint = "restore it, or run `spec2bdd generate` to write new stubs"
        assert (report.exit_code, diagnostic.code) == (2, "run-not-started")
        assert (diagnostic.message, diagnostic.hint) == (message, hint)
    generate(tmp_path)
    assert run(tmp_path).diagnostics == ()


@pytest.mark.parametrize("path", ["steps/all_steps.py", "environment.py"])
def test_no_steps_or_hooks_of_a_folder_above_the_project_are_loaded(tmp_path: Path, path: str) -> None:
    project = tmp_path / "own"
    project.mkdir()
    generate(write_files(project, {SPEC_PATH: SPEC}))
    shutil.rmtree(project / "steps")
    write_files(tmp_path, {path: "from pathlib import Path\n\nPath(__file__).with_name('loaded').touch()\n"})
    report = run(project)
    (diagnostic,) = report.diagnostics
    assert (report.exit_code, diagnostic.code) == (2, "run-not-started")
    assert diagnostic.message == "the folder `steps/` does not exist, so nothing was run"
    assert list(tmp_path.rglob("loaded")) == []


@pytest.mark.parametrize(
    ("added", "hint"), [([], "restore it, or"), (["."], "restore it, such as with `git restore steps`, or")]
)
def test_a_missing_folder_of_steps_is_restored_from_git_only_if_git_has_it(
    tmp_path: Path, added: list[str], hint: str
) -> None:
    generate(write_files(tmp_path, {SPEC_PATH: SPEC}))
    run_git(tmp_path, "init", "--quiet")
    run_git(tmp_path, "add", SPEC_PATH, *added)
    shutil.rmtree(tmp_path / "steps")
    (diagnostic,) = run(tmp_path).diagnostics
    assert diagnostic.hint == f"{hint} run `spec2bdd generate` to write new stubs"


def test_a_folder_of_steps_that_behave_does_not_find_is_named(tmp_path: Path) -> None:
    generate(write_files(tmp_path, {SPEC_PATH: SPEC, "spec2bdd.toml": 'steps = "checks/steps"\n'}))
    report = run(tmp_path)
    (diagnostic,) = report.diagnostics
    looks = "Behave looks for steps in `features/steps/` and `steps/`, and not in `checks/steps/`, so nothing was run"
    assert (report.exit_code, diagnostic.code, diagnostic.message) == (2, "run-not-started", looks)
    assert diagnostic.hint == "move the steps to `steps/`, and set `steps` in the configuration to it"


def test_a_merge_conflict_in_the_settings_of_behave_is_named(tmp_path: Path) -> None:
    generate(write_basket(tmp_path))
    write_files(tmp_path, {"behave.ini": "[behave]\n<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> other\n"})
    (diagnostic,) = run(tmp_path).diagnostics
    assert diagnostic.message == "Behave cannot read its settings: `<<<<<<<` is a conflict marker"
    assert (diagnostic.path, diagnostic.line, diagnostic.hint) == ("behave.ini", 2, "resolve the merge conflict")
