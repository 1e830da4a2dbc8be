"""`spec2bdd lint` as users run it: which files it looks at, its exit codes, its formats, and its levels everywhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import program
import pytest
from small_project import SPEC, SPEC_PATH, generate, read_all, verify, write_basket, write_files

from spec2bdd.commands.explain_reading import explain_reading
from spec2bdd.commands.lint import lint
from spec2bdd.config import read_config
from spec2bdd.errors import ConfigError
from spec2bdd.model import Severity, Tier

WARNED = SPEC.replace("branch: feature/basket", "branch: [feature/branch]")
ADVISED = SPEC.replace("An item can be added", "An item can easily be added")
BOXLESS = SPEC.replace("- [ ] Baskets", "- Baskets")
MIXED = SPEC.replace("- [ ] Removing", "* [ ] Removing")
BARE = "\n---\n\n# T\n\n### Must Have\n- [ ] A thing is done\n"


def call(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `lint` in `root`, without a terminal."""
    return program.call(root, "lint", *arguments)


EXITS = [("sound", SPEC, 0), ("advice", ADVISED, 0), ("a warning", WARNED, 1), ("no UTF-8", b"\xff", 2)]


@pytest.mark.parametrize(("spec", "code"), [row[1:] for row in EXITS], ids=[row[0] for row in EXITS])
def test_the_exit_code_says_how_much_it_matters(tmp_path: Path, spec: str | bytes, code: int) -> None:
    write_basket(tmp_path, spec=spec)
    answer = call(tmp_path)
    assert (answer.returncode, answer.stderr) == (code, "")
    assert (answer.stdout == "All checks passed (1 spec)\n") == (spec == SPEC)


def test_a_finding_is_shown_with_its_line(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=WARNED)
    place, excerpt, mark, hint, count = call(tmp_path).stdout.splitlines()
    assert place.startswith(f"{SPEC_PATH}:5:1: warning: `branch` still contains")
    assert excerpt == "    5 | branch: [feature/branch]"
    assert mark == "      | ^"
    assert hint.startswith("    hint: ")
    assert count == "1 warning"


SET_ASIDE = {
    "a-draft": (SPEC.replace("- [ ] An item", "- [~] An item"), Severity.SUGGESTION),
    "a-must-of-a-review": (
        SPEC.replace("- [ ] An item", "- [~] An item").replace("status: Draft", "status: review"),
        Severity.WARNING,
    ),
    "a-must-of-a-complete-spec": (
        SPEC.replace("- [ ] An item", "- [~] An item").replace("status: Draft", "status: Complete"),
        Severity.WARNING,
    ),
    "a-could-of-a-review": (
        SPEC.replace("- [ ] Baskets", "- [~] Baskets").replace("status: Draft", "status: Review"),
        Severity.SUGGESTION,
    ),
}


@pytest.mark.parametrize(("spec", "expected"), SET_ASIDE.values(), ids=SET_ASIDE)
def test_a_box_that_is_set_aside_is_a_warning_where_the_status_says_that_it_is_proved(
    tmp_path: Path, spec: str, expected: Severity
) -> None:
    write_basket(tmp_path, spec=spec)
    found = [item.severity for item in lint(tmp_path).diagnostics if item.code == "set-aside"]
    assert found == [expected]


@pytest.mark.parametrize("spec", [SPEC, WARNED, BOXLESS])
def test_looking_changes_nothing(tmp_path: Path, spec: str) -> None:
    write_basket(tmp_path, spec=spec)
    before = read_all(tmp_path)
    for arguments in ((), ("--diff",), ("--check",), ("--format", "sarif"), ("--explain-reading", SPEC_PATH)):
        call(tmp_path, *arguments)
    assert read_all(tmp_path) == before


def test_a_diff_is_a_patch_on_stdout_and_the_findings_are_on_stderr(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=BOXLESS)
    answer = call(tmp_path, "--diff")
    assert answer.stdout.startswith(f"diff --git a/{SPEC_PATH} b/{SPEC_PATH}\n")
    assert "\n-- Baskets can be shared\n+- [ ] Baskets can be shared\n" in answer.stdout
    assert "[criteria-without-boxes]" in answer.stderr
    assert "Would fix: " in answer.stderr


def test_a_fix_is_written_and_what_is_left_is_told(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=BOXLESS.replace("updated: 2026", "updated: 2025"))
    answer = call(tmp_path, "--fix")
    assert SPEC.replace("updated: 2026", "updated: 2025") == (tmp_path / SPEC_PATH).read_text()
    assert (answer.returncode, "[updated-before-created]" in answer.stdout) == (1, True)
    assert answer.stdout.endswith(f"Fixed: {SPEC_PATH}\n1 fixed, 1 left\n")


def test_a_diagnostic_that_a_fix_resolves_is_marked_and_no_other_one(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=BOXLESS.replace("updated: 2026", "updated: 2025"))
    answer = call(tmp_path)
    heads = [line for line in answer.stdout.splitlines() if line.startswith(SPEC_PATH)]
    assert [line.endswith(" [*]") for line in heads] == ["[criteria-without-boxes]" in line for line in heads]
    assert "\n[*] 1 fixable with `spec2bdd lint --fix`; `--diff` shows the changes\n" in answer.stdout


def test_as_many_are_marked_as_a_fix_then_resolves(tmp_path: Path) -> None:
    # Without a box there is no criterion, which is reported too, and which the boxes resolve.
    body = "\n## Acceptance Criteria\n\n### Must Have\n\n- An item can be added\n* [] An item can be removed\n"
    write_files(tmp_path, {"specs/1.md": f"---\nfeature_id: 1.1\nname: A\nstatus: Draft\n---\n{body}"})
    shown = call(tmp_path).stdout
    marked = sum(line.endswith(" [*]") for line in shown.splitlines())
    assert "[no-criteria] [*]\n" in shown
    assert f"[*] {marked} fixable with `spec2bdd lint --fix`" in shown
    assert f"\n{marked} fixed, " in call(tmp_path, "--fix").stdout


@pytest.mark.parametrize(
    "items", ["- An item can be added\n", "- [ ] An item can be added\n* [] It can be removed\n1. It is kept\n"]
)
def test_a_malformed_heading_is_fixed_whatever_is_under_it(tmp_path: Path, items: str) -> None:
    body = f"\n## Acceptance Criteria\n\n###Must Have\n\n{items}"
    write_files(tmp_path, {"specs/1.md": f"---\nfeature_id: 1.1\nname: A\nstatus: Draft\n---\n{body}"})
    call(tmp_path, "--fix")
    text = (tmp_path / "specs/1.md").read_text()
    assert "\n### Must Have\n" in text
    assert text.count("[ ] ") == items.count("\n")


def test_one_error_is_counted_as_several_are(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=SPEC.replace("name: Shop basket", "name: [Shop"))
    assert "\n1 error\n" in call(tmp_path, "--quiet").stdout


def test_a_fix_that_cannot_be_written_is_told_and_exits_2(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=BOXLESS)
    (tmp_path / SPEC_PATH).chmod(0o444)
    answer = call(tmp_path, "--fix")
    assert (answer.returncode, "[write-failed]" in answer.stdout) == (2, True)
    assert (tmp_path / SPEC_PATH).read_text() == BOXLESS


def test_ids_are_judged_over_the_project_and_told_for_the_files_that_were_named(tmp_path: Path) -> None:
    front = "---\nfeature_id: 1.1\nname: {}\nstatus: Draft" + BARE
    write_files(tmp_path, {f"specs/{name}.md": front.format(name) for name in "abc"})
    report = lint(read_config(tmp_path), paths=(tmp_path / "specs" / "b.md",))
    (found,) = [diagnostic for diagnostic in report.diagnostics if diagnostic.code == "duplicate-id"]
    assert (found.path, found.line) == ("specs/b.md", 2)
    assert "`specs/a.md`, `specs/c.md`" in found.message
    assert {diagnostic.path for diagnostic in report.diagnostics} == {"specs/b.md"}


def test_generate_says_the_same_of_ids(tmp_path: Path) -> None:
    front = "---\nfeature_id: 1.1\nname: {}\nstatus: Draft" + BARE
    write_files(tmp_path, {f"specs/{name}.md": front.format(name) for name in "ab"})
    found = [[one for one in report.diagnostics if one.code == "duplicate-id"] for report in (
        lint(read_config(tmp_path)), generate(tmp_path)
    )]  # fmt: skip
    assert found[0] == found[1] != []


def test_folders_and_files_outside_the_specs_folder_can_be_named(tmp_path: Path) -> None:
    write_files(tmp_path, {"notes/a.md": WARNED, "notes/deep/b.md": WARNED, "c.md": WARNED, "notes/d.txt": WARNED})
    for paths, expected in (
        (["notes"], ["notes/a.md", "notes/deep/b.md"]),
        (["c.md", "notes/deep"], ["c.md", "notes/deep/b.md"]),
    ):
        report = lint(read_config(tmp_path), paths=tuple(tmp_path / path for path in paths))
        assert sorted({one.path for one in report.diagnostics if one.code == "placeholder-field"}) == expected


def test_nothing_to_look_at_exits_2_with_a_hint(tmp_path: Path) -> None:
    for arguments in ((), (".",), ("..",), ("gone.md",)):
        answer = call(write_files(tmp_path, {"pyproject.toml": "[tool.spec2bdd]\n"}), *arguments)
        assert (answer.returncode, answer.stdout) == (2, "")
        assert "Traceback" not in answer.stderr


def test_what_hides_specs_is_told_to_whoever_asks_for_all_of_them(tmp_path: Path) -> None:
    write_basket(tmp_path)
    (tmp_path / "specs" / "circle.md").symlink_to("circle.md")
    (tmp_path / "specs" / "again").symlink_to(".")
    (tmp_path / "specs" / "folder.md").mkdir()
    answer = call(tmp_path)
    assert (answer.returncode, answer.stdout.count("[unreadable]")) == (2, 1)
    assert "specs/circle.md: error: cannot read: the link leads nowhere [unreadable]" in answer.stdout
    assert ((one := call(tmp_path, SPEC_PATH)).returncode, one.stdout) == (0, "All checks passed (1 spec)\n")


def test_one_unreadable_spec_does_not_hide_the_others(tmp_path: Path) -> None:
    write_files(tmp_path, {"specs/a.md": b"\xff", "specs/b.md": WARNED})
    report = lint(read_config(tmp_path))
    assert [diagnostic.code for diagnostic in report.diagnostics] == ["spec-encoding", "placeholder-field"]
    assert report.exit_code == 2


@pytest.mark.parametrize("output", ["json", "sarif"])
def test_what_is_for_programs_is_one_document(tmp_path: Path, output: str) -> None:
    write_basket(tmp_path, spec=WARNED)
    answer = call(tmp_path, "--format", output)
    assert "placeholder-field" in json.dumps(json.loads(answer.stdout))
    assert (answer.returncode, answer.stderr) == (1, "")


@pytest.mark.parametrize(
    ("arguments", "wrote"), [((), False), (("--diff",), False), (("--check",), False), (("--fix",), True)]
)
def test_a_program_is_told_whether_something_was_written(
    tmp_path: Path, arguments: tuple[str, ...], *, wrote: bool
) -> None:
    write_basket(tmp_path, spec=BOXLESS)
    before = read_all(tmp_path)
    document = json.loads(call(tmp_path, "--format", "json", *arguments).stdout)
    assert (document["wrote"], before != read_all(tmp_path)) == (wrote, wrote)


FIXED = {
    # A line that is no criterion yet has nothing else to be found.
    "without boxes": (
        SPEC.replace("- [ ] An item can be added", "- An item can easily be added"),
        ["1 warning", "1 fixed, 1 left, 1 of them found after the fixes"],
    ),
    "with others": (ADVISED.replace("- [ ] Baskets", "- Baskets"), ["1 warning, 1 suggestion", "1 fixed, 1 left"]),
    "all": (BOXLESS, ["1 warning", "1 fixed, 0 left"]),
}


@pytest.mark.parametrize(("spec", "expected"), FIXED.values(), ids=FIXED)
def test_what_is_fixed_and_what_is_left_add_up_to_what_was_found(
    tmp_path: Path, spec: str, expected: list[str]
) -> None:
    write_basket(tmp_path, spec=spec)
    before = next(line for line in call(tmp_path).stdout.splitlines() if re.match(r"\d+ (warning|suggestion)", line))
    fixed = next(line for line in call(tmp_path, "--fix").stdout.splitlines() if " fixed, " in line)
    assert [before, fixed] == expected


def test_a_fix_with_nothing_to_mend_wrote_nothing(tmp_path: Path) -> None:
    write_basket(tmp_path)
    assert json.loads(call(tmp_path, "--fix", "--format", "json").stdout)["wrote"] is False


def test_annotations_are_for_github(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=WARNED)
    assert call(tmp_path, "--format", "github").stdout.startswith(f"::warning file={SPEC_PATH},line=5,col=1,title=")


def test_quiet_leaves_out_advice(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=ADVISED)
    assert "[vague-word]" in call(tmp_path).stdout
    assert call(tmp_path, "--quiet").stdout == "All checks passed (1 spec); 1 suggestion hidden\n"


def test_quiet_does_not_explain_the_mark_of_suggestions_that_are_hidden(tmp_path: Path) -> None:
    write_basket(tmp_path, spec=MIXED)
    assert "[*] 1 fixable" in call(tmp_path).stdout
    assert call(tmp_path, "--quiet").stdout == "All checks passed (1 spec); 1 suggestion hidden\n"


@pytest.mark.parametrize("option", ["--check", "--diff"])
@pytest.mark.parametrize(
    ("spec", "quiet", "last"),
    [
        (MIXED, (), "Out of date: 1 file would be fixed"),
        (MIXED, ("-q",), "Out of date: 1 file would be fixed; 1 suggestion hidden"),
        (SPEC, ("-q",), "All checks passed (1 spec)"),
        (ADVISED, ("-q",), "All checks passed (1 spec); 1 suggestion hidden"),
        # The count of warnings above says why.
        (BOXLESS, ("-q",), f"Would fix: {SPEC_PATH}"),
    ],
)
def test_a_check_that_fails_never_says_that_all_passed(
    tmp_path: Path, option: str, spec: str, quiet: tuple[str, ...], last: str
) -> None:
    write_basket(tmp_path, spec=spec)
    answer = call(tmp_path, option, *quiet)
    shown = answer.stderr if option == "--diff" else answer.stdout
    assert (shown.splitlines()[-1], answer.returncode) == (last, int("passed" not in last))


def test_reading_is_explained_box_by_box(tmp_path: Path) -> None:
    write_basket(tmp_path)
    reading = explain_reading(read_config(tmp_path), tmp_path / SPEC_PATH)
    assert (reading.path, reading.dialect) == (SPEC_PATH, "template")
    assert [box.tier for box in reading.checkboxes] == [None, Tier.MUST, Tier.MUST, Tier.SHOULD, Tier.COULD]
    answer = call(tmp_path, "--explain-reading", SPEC_PATH).stdout
    assert "not a criterion: in the definition of done" in answer
    assert answer.endswith("4 criteria, 1 other checkbox\n")
    document = json.loads(call(tmp_path, "--explain-reading", SPEC_PATH, "--format", "json").stdout)
    assert [box["criterion"] for box in document["checkboxes"]] == [False, True, True, True, True]


def test_the_reading_of_a_file_that_is_no_spec_is_refused(tmp_path: Path) -> None:
    write_basket(tmp_path)
    answer = call(tmp_path, "--explain-reading", "steps/shop_basket_steps.py")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("steps/shop_basket_steps.py: error: not a Markdown file [usage]\n")


def test_a_report_is_written_to_a_device_also_where_it_leads_to_a_file(tmp_path: Path) -> None:
    write_basket(tmp_path)
    with (tmp_path / "log").open("wb") as log:
        command = [sys.executable, "-m", "spec2bdd", "lint", "-q", "--format", "json:/dev/stdout"]
        subprocess.run(command, cwd=tmp_path, stdout=log, check=False, timeout=60)
    assert '"command": "lint"' in (tmp_path / "log").read_text(encoding="utf-8")


def set_level(root: Path, code: str, level: str) -> None:
    """Give a code a level."""
    write_files(root, {"spec2bdd.toml": f'[lint]\n{code} = "{level}"\n'})


@pytest.mark.parametrize(("level", "code"), [("error", 1), ("warning", 1), ("suggestion", 0), ("off", 0)])
def test_a_level_decides_what_lint_answers(tmp_path: Path, level: str, code: int) -> None:
    set_level(write_basket(tmp_path, spec=ADVISED), "vague-word", level)
    report = lint(read_config(tmp_path))
    assert report.exit_code == code
    assert ([] if level == "off" else [Severity(level)]) == [diagnostic.severity for diagnostic in report.diagnostics]


@pytest.mark.parametrize(("level", "code"), [("error", 1), ("warning", 0), ("suggestion", 0), ("off", 0)])
def test_a_level_holds_for_the_other_commands_which_give_no_advice(tmp_path: Path, level: str, code: int) -> None:
    set_level(write_basket(tmp_path, spec=WARNED), "placeholder-field", level)
    report = generate(tmp_path)
    assert report.exit_code == code
    told = [diagnostic.severity for diagnostic in report.diagnostics]
    assert ([Severity(level)] if level in ("error", "warning") else []) == told


def test_a_comment_holds_for_the_other_commands(tmp_path: Path) -> None:
    ignored = WARNED.replace("# Feature Spec", "<!-- spec2bdd: ignore placeholder-field -->\n\n# Feature Spec")
    write_basket(tmp_path, spec=ignored)
    assert verify(tmp_path).diagnostics == ()


@pytest.mark.parametrize(
    ("code", "message", "hint"),
    [
        ("vague-words", "unknown code `vague-words` in `lint`", "did you mean `vague-word`?"),
        (
            "xyz",
            "unknown code `xyz` in `lint`",
            "use a code such as `vague-word`; it is in brackets after each message",
        ),
        (
            "duplicate-id",
            "the level of `duplicate-id` cannot be changed",
            "delete the line; this error is always reported",
        ),
    ],
)
def test_a_level_of_what_has_none_is_refused(tmp_path: Path, code: str, message: str, hint: str) -> None:
    set_level(tmp_path, code, "off")
    with pytest.raises(ConfigError, match=message) as caught:
        read_config(tmp_path)
    assert (caught.value.hint, caught.value.path) == (hint, "spec2bdd.toml")


@pytest.mark.parametrize("key", ["created", "updated"])
@pytest.mark.parametrize("value", ["yesterday", "2026-05-04"])
def test_the_hint_for_a_time_names_its_own_key(tmp_path: Path, key: str, value: str) -> None:
    write_files(tmp_path, {SPEC_PATH: f"---\nfeature_id: 1.1\nname: A\nstatus: Draft\n{key}: {value}\n---\n# A\n"})
    hints = [one.hint for one in lint(read_config(tmp_path)).diagnostics if one.line == 5]
    assert [hint.endswith(f"`{key}: 2026-05-04T09:00:00-04:00`") for hint in hints] == [True]


TABLES = [
    ("spec2bdd.toml", "", "`[headings]` of `spec2bdd.toml`", "`[done]` of `spec2bdd.toml`"),
    ("pyproject.toml", "[tool.spec2bdd]\n", "`[tool.spec2bdd.headings]`", "`[tool.spec2bdd.done]`"),
]


@pytest.mark.parametrize(("name", "table", "headings", "done"), TABLES, ids=[row[0] for row in TABLES])
@pytest.mark.parametrize("arguments", [("lint",), ("generate",), ("explain", SPEC_PATH)], ids=lambda row: row[0])
def test_a_hint_names_the_table_of_the_file_that_the_project_has(
    tmp_path: Path, name: str, table: str, headings: str, done: str, arguments: tuple[str, ...]
) -> None:
    write_basket(tmp_path, spec=f"{SPEC}\n## Ideas\n- [ ] Baskets can be sold\n")
    write_files(tmp_path, {name: f'{table}done."Never there" = {{ criteria = "must" }}\n'})
    result = program.call(tmp_path, *arguments)
    output = result.stdout + result.stderr
    assert f'add `criteria = ["Ideas"]` or `leave-out = ["Ideas"]` to {headings}' in output
    assert (f"matches `Never there` in {done}" in output) == (arguments == ("lint",))


def test_a_file_that_is_no_markdown_is_refused(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"lamp.py": "lamp = None\n"})
    answer = call(tmp_path, "lamp.py")
    assert (answer.returncode, answer.stderr.partition("\n")[0]) == (2, "lamp.py: error: not a Markdown file [usage]")
