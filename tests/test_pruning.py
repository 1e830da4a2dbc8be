"""What nobody needs any more is told, and removed on request only: never a line that somebody wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import (
    FEATURE_PATH,
    SPEC,
    SPEC_PATH,
    STEPS_PATH,
    generate,
    read_all,
    write_basket,
    write_files,
)

from spec2bdd.reporters.next_step.after_command import find_next
from spec2bdd.reporters.text.report import render_text

GONE = "- [ ] Baskets can be shared\n"
WITHOUT = SPEC.replace(GONE, "- [ ] Nothing is ever lost\n")
STUB = '''@then("Baskets can be shared")
def baskets_can_be_shared(context: Context) -> None:
    """Could: Baskets can be shared."""
    raise StepNotImplementedError("Baskets can be shared")
'''


def leave(root: Path, *, code: str = STUB, **others: str) -> dict[str, bytes]:
    """Return all files once the criterion of a stub is gone; `code` stands in the place of that stub."""
    write_basket(root)
    assert generate(root).exit_code == 0
    before = read_all(root)[STEPS_PATH].decode()
    assert STUB in before
    write_files(root, {SPEC_PATH: WITHOUT, STEPS_PATH: before.replace(STUB, code), **others})
    assert generate(root).exit_code == 0
    return read_all(root)


def test_an_unused_stub_is_told_with_its_place(tmp_path: Path) -> None:
    leave(tmp_path)
    (note,) = generate(tmp_path).details
    assert f"unused step definition `@then('Baskets can be shared')` in {STEPS_PATH}:" in note
    assert "`spec2bdd generate --prune` deletes the stub" in note


def test_an_untouched_stub_is_removed_and_not_one_other_byte_of_code(tmp_path: Path) -> None:
    before = leave(tmp_path)
    assert generate(tmp_path, prune=True).exit_code == 0
    after = read_all(tmp_path)
    assert before[STEPS_PATH].replace(f"\n\n\n{STUB}".encode(), b"\n") == after[STEPS_PATH]
    assert {**before, STEPS_PATH: b""} == {**after, STEPS_PATH: b""}
    assert generate(tmp_path, prune=True).changes == ()


def test_a_check_tells_what_would_be_removed_and_removes_nothing(tmp_path: Path) -> None:
    before = leave(tmp_path)
    report = generate(tmp_path, prune=True, check=True)
    assert report.exit_code == 1
    assert [change.path for change in report.changes] == [STEPS_PATH]
    assert read_all(tmp_path) == before
    assert generate(tmp_path, check=True).exit_code == 0


@pytest.mark.parametrize(
    "code",
    [
        STUB.replace("raise", "assert context.config\n    raise"),
        STUB.replace('    raise StepNotImplementedError("Baskets can be shared")', "    assert context.config"),
        STUB.replace("shared.", "shared, says Ana."),
        STUB.replace('shared")\ndef', 'shared")  # mine\ndef'),
        STUB.replace("    raise", "    # mine\n    raise"),
        f"# mine\n{STUB}",
        STUB.rstrip("\n") + "  # mine\n",
        STUB.replace('StepNotImplementedError("B', 'StepNotImplementedError("Our b'),
        STUB.replace("(context: Context)", "(context: Context, more: int = 1)"),
        f'@when("sharing")\n{STUB}',
        f"{STUB}\n\nmine = baskets_can_be_shared\n",
    ],
    ids=["code", "written", "docstring", "comment", "inside", "above", "behind", "reason", "more", "when", "name"],
)
def test_what_somebody_touched_stays_to_the_byte(tmp_path: Path, code: str) -> None:
    before = leave(tmp_path, code=code)
    report = generate(tmp_path, prune=True)
    assert read_all(tmp_path) == before
    (note,) = (note for note in report.notes if "Baskets can be shared" in note)
    assert note.startswith("kept: unused step definition `@then('Baskets can be shared')` in ")
    assert note.endswith(" (not an unmodified stub; delete it by hand)")


def test_more_kept_definitions_than_anyone_reads_are_counted(tmp_path: Path) -> None:
    leave(tmp_path, code="\n\n".join(STUB.replace("Baskets", f"{number} baskets") for number in range(21)))
    assert generate(tmp_path, prune=True).notes[-1] == "kept: 1 more unused step definition"


USES = {
    "scenario": ("features/own.feature", "Feature: O\n  Scenario: S\n    Then Baskets can be shared\n"),
    "background": (
        "features/own.feature",
        "Feature: O\n  Background:\n    Then Baskets can be shared\n  Scenario: S\n",
    ),
    "outline": (
        "features/own.feature",
        "Feature: O\n  Scenario Outline: S\n    Then Baskets can be <a>\n    Examples:\n     | a |\n     | shared |\n",
    ),
    "unreadable feature": ("features/own.feature", "Feature: O\n  Scenario: S\n    And it works\n"),
    "nested": ("steps/more_steps.py", 'def f(context):\n    context.execute_steps("Then Baskets can be shared")\n'),
    "lines": ("steps/more_steps.py", 'S = """\n    Given x\n    Then Baskets can be shared\n"""\n'),
    "f-string": ("steps/more_steps.py", 'def f(context, a):\n    context.execute_steps(f"Then {a} can be {a}")\n'),
    "joined": ("steps/more_steps.py", 'def f(context, a):\n    context.execute_steps("Then " + a)\n'),
}


@pytest.mark.parametrize("name", USES)
def test_what_may_be_used_is_neither_told_nor_removed(tmp_path: Path, name: str) -> None:
    path, content = USES[name]
    before = leave(tmp_path, **{path: content})
    report = generate(tmp_path, prune=True)
    assert read_all(tmp_path) == before
    assert not any("Baskets can be shared" in note for note in report.notes)


def test_a_step_file_with_nothing_but_unused_stubs_goes_as_a_whole(tmp_path: Path) -> None:
    write_files(
        tmp_path, {"specs/1.md": SPEC, "specs/2.md": SPEC.replace("3.10", "2.1").replace("Shop basket", "Till")}
    )
    write_files(
        tmp_path,
        {
            "specs/2.md": SPEC.replace("3.10", "2.1")
            .replace("Shop basket", "Till")
            .replace(GONE, "- [ ] A till rings\n")
        },
    )
    generate(tmp_path)
    assert "steps/till_steps.py" in read_all(tmp_path)
    (tmp_path / "specs/2.md").unlink()
    generate(tmp_path, prune=True)
    assert sorted(read_all(tmp_path)) == [FEATURE_PATH, "specs/1.md", STEPS_PATH]


def test_imports_that_only_the_stubs_needed_go_with_them(tmp_path: Path) -> None:
    before = leave(tmp_path, code=f"{STUB}\n\n@given('mine')\ndef mine(context):\n    assert context.config\n")
    write_files(tmp_path, {STEPS_PATH: b"from behave import given, then\n" + before[STEPS_PATH].partition(b"\n")[2]})
    write_files(tmp_path, {SPEC_PATH: SPEC.partition("### Must")[0] + "### Must Have\n- [ ] An item can be added\n"})
    generate(tmp_path)
    generate(tmp_path, prune=True)
    text = read_all(tmp_path)[STEPS_PATH].decode()
    assert "StepNotImplementedError" not in text
    assert text.startswith("from behave import given, then\n")
    assert "removing_is_refused" in text


def test_a_feature_whose_spec_is_gone_is_removed_if_nobody_edited_it(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"specs/2.md": SPEC.replace("3.10", "2.1").replace("Shop basket", "Till")})
    generate(tmp_path)
    (tmp_path / "specs/2.md").unlink()
    before = read_all(tmp_path)
    assert [diagnostic.code for diagnostic in generate(tmp_path).diagnostics] == ["orphan"]
    assert read_all(tmp_path) == before
    assert "Out of date: 1 file would be deleted" in render_text(
        generate(tmp_path, prune=True, check=True), width=80, color=False
    )
    report = generate(tmp_path, prune=True)
    assert report.diagnostics == ()
    assert render_text(report, width=80, color=False).splitlines() == [
        "- features/2_1_till.feature",
        "",
        "1 file deleted",
        "next: run `spec2bdd verify`",
    ]
    assert read_all(tmp_path) == {
        path: content for path, content in before.items() if path != "features/2_1_till.feature"
    }


def test_what_would_be_removed_is_removed_by_the_command_that_is_named(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"specs/2.md": SPEC.replace("3.10", "2.1").replace("Shop basket", "Till")})
    generate(tmp_path)
    (tmp_path / "specs/2.md").unlink()
    report = generate(tmp_path, prune=True, check=True)
    assert find_next(report) == "run `spec2bdd generate --prune`"


def test_a_feature_whose_spec_is_gone_stays_if_somebody_edited_it(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"specs/2.md": SPEC.replace("3.10", "2.1").replace("Shop basket", "Till")})
    generate(tmp_path)
    (tmp_path / "specs/2.md").unlink()
    path = "features/2_1_till.feature"
    write_files(tmp_path, {path: read_all(tmp_path)[path] + b"    And more\n"})
    before = read_all(tmp_path)
    (orphan,) = generate(tmp_path, prune=True).diagnostics
    assert read_all(tmp_path) == before
    assert orphan.hint == "restore the spec, or delete the file by hand: it was edited, so `--prune` keeps it"


def test_where_a_spec_cannot_be_read_no_step_is_called_unused(tmp_path: Path) -> None:
    leave(tmp_path)
    write_files(tmp_path, {"specs/2.md": b"\xff"})
    before = read_all(tmp_path)
    assert generate(tmp_path, prune=True).notes == ()
    assert read_all(tmp_path) == before
