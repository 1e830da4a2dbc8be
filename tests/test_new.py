"""`new`: the spec that it writes, from its own template, the user's, or an issue, and what it refuses."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from small_project import SPEC_PATH, write_basket, write_files
from tree_repository import run_git

from spec2bdd.cli.main import main
from spec2bdd.commands.generate import generate
from spec2bdd.commands.lint import lint
from spec2bdd.commands.setup.new import new
from spec2bdd.config import read_config
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.domain.templates.sandbox import render_spec_template
from spec2bdd.errors import ConfigError, Spec2bddError, SpecError, TemplateError, UsageError
from spec2bdd.model import Report, Spec, Status
from spec2bdd.project.spec_files import list_specs

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=timezone(timedelta(hours=-4)))
PATH = "specs/3.2-book-returns.md"


@pytest.fixture(autouse=True)
def _no_git_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let git know no name, and find no repository above the folder of a test."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))


def create(root: Path, feature_id: str = "3.2", name: str = "Book returns", **options: Any) -> Report:
    """Run `new` on a project."""
    return new(read_config(root), feature_id, name, now=NOW, **options)


def read_fields(root: Path, path: str = PATH) -> dict[str, str]:
    """Return the front matter of a spec as it is written."""
    lines = (root / path).read_text(encoding="utf-8").split("---\n")[1].splitlines()
    return dict(line.split(": ", 1) for line in lines)


def parse(root: Path, path: str = PATH) -> Spec:
    """Return a spec as it reads."""
    return parse_spec(path, (root / path).read_bytes())


def invoke(*arguments: str, stdin: str = "") -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["new", *arguments], prog_name="spec2bdd", input=stdin)


# --- front matter -----------------------------------------------------------------------------------------------------


def test_a_new_spec_has_its_front_matter_filled_in(tmp_path: Path) -> None:
    assert create(tmp_path).exit_code == 0
    assert read_fields(tmp_path) == {
        "feature_id": "3.2",
        "name": "Book returns",
        "owner": "[Agent ID or Developer Name]",
        "branch": "feature/3.2-book-returns",
        "status": "Draft",
        "created": "2026-05-04T09:00:00-04:00",
        "updated": "2026-05-04T09:00:00-04:00",
        "prd_section": "[Reference to PRD section number]",
        "implementation_plan_section": "[Reference to implementation plan section]",
    }


def test_the_owner_and_the_branch_are_those_of_git(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "--quiet", "--initial-branch", "login")
    run_git(tmp_path, "config", "user.name", "Ana: the first")
    create(tmp_path)
    fields = read_fields(tmp_path)
    assert (fields["owner"], fields["branch"]) == ('"Ana: the first"', "login")


@pytest.mark.parametrize("branch", ["main", "master", "develop"])
def test_a_shared_branch_is_not_the_branch_of_a_feature(tmp_path: Path, branch: str) -> None:
    run_git(tmp_path, "init", "--quiet", "--initial-branch", branch)
    create(tmp_path)
    assert read_fields(tmp_path)["branch"] == "feature/3.2-book-returns"


def test_an_owner_can_be_given(tmp_path: Path) -> None:
    create(tmp_path, owner="Ben")
    assert read_fields(tmp_path)["owner"] == "Ben"


def test_the_first_status_has_the_name_that_the_project_gives_it(tmp_path: Path) -> None:
    write_files(tmp_path, {"spec2bdd.toml": 'statuses = { draft = "Idea" }\n'})
    create(tmp_path)
    assert read_fields(tmp_path)["status"] == "Idea"


NAMES = [
    "Quotes \"and\" 'more': of \\ them #1",
    "Größe & Maß",
    "图书归还",
    "- a list?",
    "{{ 7 * 7 }} {% raw %}",
    "yes",
    "3.10",
    "a # b",
    "[Feature Name]s",
    "C:\\x",
]


@pytest.mark.parametrize("name", NAMES)
def test_any_name_reads_back_as_it_was_given(tmp_path: Path, name: str) -> None:
    report = create(tmp_path, "3.10", name, owner=name)
    spec = parse(tmp_path, report.changes[0].path)
    assert [spec.find_value(key) for key in ("feature_id", "name", "owner", "status")] == ["3.10", name, name, "Draft"]
    assert (tmp_path / report.changes[0].path).parent == tmp_path / "specs"


# --- the file ---------------------------------------------------------------------------------------------------------

PATHS = {
    ("3.2", "Book returns"): "specs/3.2-book-returns.md",
    ("AUTH-2", "Größe ändern"): "specs/AUTH-2-groesse-aendern.md",
    ("../../x", "../etc/passwd"): "specs/x-etc-passwd.md",
    ("3/2", "a\\b:c"): "specs/3-2-a-b-c.md",
    (".git", "x"): "specs/git-x.md",
}


@pytest.mark.parametrize(("identity", "path"), PATHS.items())
def test_the_path_is_made_of_id_and_name_and_is_never_outside(
    tmp_path: Path, identity: tuple[str, str], path: str
) -> None:
    report = create(tmp_path, *identity)
    assert [change.path for change in report.changes] == [
        path.replace("groesse", "grosse").replace("aendern", "andern")
    ]


PLACES = {
    'specs = "docs/specs"\n': "docs/specs/3.2-book-returns.md",
    'specs = ["docs/*/spec.md"]\n': "docs/3.2-book-returns/spec.md",
    'specs = ["docs/spec-*.md"]\n': "docs/spec-3.2-book-returns.md",
    'specs = ["docs/[0-9]*.md"]\n': "docs/3.2-book-returns.md",
    'specs = ["a.md", "more"]\n': "more/3.2-book-returns.md",
}


@pytest.mark.parametrize(("config", "path"), PLACES.items())
def test_the_file_is_where_the_project_has_its_specs(tmp_path: Path, config: str, path: str) -> None:
    write_files(tmp_path, {"spec2bdd.toml": config})
    create(tmp_path)
    assert (tmp_path / path).exists()
    assert [spec.spec.path for spec in lint(read_config(tmp_path)).specs] == [path]


def test_what_is_left_to_fill_in_is_what_lint_lists_and_nothing_else_is_wrong(tmp_path: Path) -> None:
    create(tmp_path)
    codes = {diagnostic.code for diagnostic in lint(read_config(tmp_path)).diagnostics}
    assert codes == {"placeholder-field", "placeholder-criterion", "no-criteria"}
    assert generate(read_config(tmp_path)).changes == ()


def test_every_section_of_the_template_is_in_the_spec(tmp_path: Path) -> None:
    create(tmp_path)
    text = (tmp_path / PATH).read_text(encoding="utf-8")
    sections = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert sections == [
        "Overview",
        "Requirements",
        "Technical Specification",
        "Implementation Plan",
        "Quality Assurance",
        "Documentation",
        "Deployment",
        "Acceptance Criteria",
        "Notes and Decisions",
    ]
    assert "\n\n\n" not in text
    assert len(parse(tmp_path).done_items) == 7


@pytest.mark.parametrize("options", [["--check"], ["--diff"], ["--dry-run"]])
def test_a_preview_writes_nothing_and_only_a_dry_run_is_no_check(
    tmp_path: Path, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke("3.2", "Book", "returns", *options)
    assert (result.exit_code, list(tmp_path.iterdir())) == (int(options != ["--dry-run"]), [])
    assert PATH in result.stdout
    word = "" if options == ["--dry-run"] else "Out of date: "
    assert f"\n\n{word}1 file would be written\n" in result.output
    assert "next: run `spec2bdd new 3.2 Book returns`" in result.output


def test_a_new_spec_names_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke("3.2", "Book returns").stdout.splitlines() == [
        f"+ {PATH}",
        "",
        "1 file written",
        f"next: fill in `{PATH}`, then `spec2bdd generate`",
    ]


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("feature_id", "words"), [("3.10", ""), ("3-10", ", as `3.10`")])
def test_an_id_that_another_spec_has_is_refused_at_its_place(tmp_path: Path, feature_id: str, words: str) -> None:
    write_basket(tmp_path)
    with pytest.raises(UsageError) as caught:
        create(tmp_path, feature_id)
    error = caught.value
    assert (error.path, error.line, error.message) == (
        SPEC_PATH,
        2,
        f"this spec already has the id `{feature_id}`{words}",
    )


def test_an_id_that_a_path_gives_is_taken_as_well(tmp_path: Path) -> None:
    write_files(tmp_path, {"specs/login.md": "# Login\n"})
    with pytest.raises(UsageError, match="this spec already has the id `login`"):
        create(tmp_path, "login")


def test_a_file_that_exists_is_not_overwritten(tmp_path: Path) -> None:
    write_files(tmp_path, {PATH: "---\nfeature_id: 9\n---\n"})
    with pytest.raises(UsageError, match="the file exists") as caught:
        create(tmp_path)
    assert (caught.value.path, (tmp_path / PATH).read_text()) == (PATH, "---\nfeature_id: 9\n---\n")


def test_a_link_to_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / PATH).symlink_to(tmp_path / "elsewhere.md")
    with pytest.raises(UsageError, match="the file exists"):
        create(tmp_path)


INVALID = {"no letter": ("3.2", "!?"), "two lines": ("3.2", "a\nb"), "an id without letters": ("..", "a")}


@pytest.mark.parametrize(("feature_id", "name"), INVALID.values(), ids=INVALID)
def test_an_id_or_name_that_cannot_be_written_is_refused(tmp_path: Path, feature_id: str, name: str) -> None:
    with pytest.raises(UsageError, match="invalid"):
        create(tmp_path, feature_id, name)
    assert list(tmp_path.iterdir()) == []


def test_a_project_with_places_of_other_tools_only_has_no_place_for_a_new_spec(tmp_path: Path) -> None:
    write_files(tmp_path, {"spec2bdd.toml": 'specs = ["docs/a.md", "x/**/*/b*.md", "docs/*/specs"]\n'})
    with pytest.raises(UsageError) as raised:
        create(tmp_path)
    assert str(raised.value) == "no place for a new spec in `docs/a.md`, `x/**/*/b*.md`, `docs/*/specs`"


def test_the_hint_keeps_the_specs_of_another_tool_beside_a_new_place(tmp_path: Path) -> None:
    spec = "# Timer\n\n## Requirements\n\n### Requirement: A\n\n#### Scenario: B\n\n- **WHEN** c\n- **THEN** d\n"
    write_files(tmp_path, {"openspec/specs/timer/spec.md": spec})
    with pytest.raises(UsageError) as raised:
        create(tmp_path)
    tool, _, setting = raised.value.hint.rstrip("`").partition(", or add a folder to the configuration: `")
    assert tool == "create it with the tool that these specs are of"
    write_files(tmp_path, {"spec2bdd.toml": f"{setting}\n"})
    create(tmp_path)
    assert len(list_specs(read_config(tmp_path))) == 2


# --- templates of users -----------------------------------------------------------------------------------------------


def write_template(root: Path, text: str | bytes) -> None:
    """Write a template of the project, with the key that names it."""
    write_files(root, {"spec2bdd.toml": 'template = "docs/spec.md"\n', "docs/spec.md": text})


OWN = "---\r\nfeature_id: {{ id | yaml }}\r\nname: {{ name | yaml }}\r\nstatus: Draft\r\n---\r\n# {{ name }}\r\n"


def test_a_template_of_the_project_is_used_with_its_line_ends(tmp_path: Path) -> None:
    write_template(tmp_path, OWN)
    create(tmp_path)
    expected = OWN.replace("{{ id | yaml }}", "3.2").replace("{{ name | yaml }}", "Book returns")
    assert (tmp_path / PATH).read_bytes() == expected.replace("{{ name }}", "Book returns").encode()


def test_a_template_gets_the_values_that_the_page_lists(tmp_path: Path) -> None:
    page = (Path(__file__).parents[1] / "docs/creating.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)
    write_template(tmp_path, "".join(f"{name}: {{{{ {name} }}}}\n" for name in listed))
    create(tmp_path)
    write_template(tmp_path, "{{ missing }}\n")
    with pytest.raises(TemplateError) as caught:
        create(tmp_path, "4", "Other")
    assert caught.value.hint == f"its values are {', '.join(f'`{name}`' for name in listed)}"


FAULTS: Mapping[str, tuple[str, int, str]] = {
    "syntax": ("# a\n{% if %}\n", 2, "Expected an expression"),
    "an unknown value": ("# a\n\n{{ nmae }}\n", 3, "'nmae' is undefined"),
    "an unknown filter": ("{{ name | shout }}\n", 1, "No filter named 'shout'"),
    "an operation": ("\n{{ 1 / 0 }}\n", 2, "division by zero"),
    "an attribute that leads out": ("\n{{ name.__class__.__mro__ }}\n", 2, "access to attribute '__class__'"),
    "a call that leads out": ("{{ cycler.__init__.__globals__ }}\n", 1, "access to attribute '__init__'"),
    "another file": ("\n{% include '/etc/passwd' %}\n", 2, "/etc/passwd"),
    "too large a range": ("{% for i in range(10 ** 9) %}{% endfor %}\n", 1, "Range too big"),
}


@pytest.mark.parametrize(("text", "line", "message"), FAULTS.values(), ids=FAULTS)
def test_what_is_wrong_with_a_template_is_located_in_it(tmp_path: Path, text: str, line: int, message: str) -> None:
    write_template(tmp_path, text)
    with pytest.raises(TemplateError) as caught:
        create(tmp_path)
    assert (caught.value.path, caught.value.line) == ("docs/spec.md", line)
    assert message in caught.value.message
    assert not (tmp_path / "specs").exists()


def test_bytes_that_are_no_text_are_located_in_a_template(tmp_path: Path) -> None:
    write_template(tmp_path, b"# a\n\xff\n")
    with pytest.raises(TemplateError) as caught:
        create(tmp_path)
    assert (caught.value.path, caught.value.line, caught.value.column) == ("docs/spec.md", 2, 1)


@pytest.mark.parametrize("line", ["feature_id: 9", "name: Other"])
def test_a_template_that_gives_another_id_or_name_is_refused(tmp_path: Path, line: str) -> None:
    write_template(tmp_path, f"---\n{line}\n---\n")
    with pytest.raises(TemplateError, match="the new spec has"):
        create(tmp_path)


def test_a_template_in_the_form_of_another_tool_needs_no_front_matter(tmp_path: Path) -> None:
    write_template(tmp_path, "# {{ name }}\n\n## Acceptance Criteria\n\n- [ ] [what must work]\n")
    assert create(tmp_path).exit_code == 0


def test_a_template_that_does_not_exist_or_is_outside_is_an_error(tmp_path: Path) -> None:
    write_files(tmp_path, {"spec2bdd.toml": 'template = "docs/spec.md"\n'})
    with pytest.raises(ConfigError, match="the template does not exist"):
        create(tmp_path)
    for name in ("../spec.md", "/etc/passwd", "", 3):
        write_files(tmp_path, {"spec2bdd.toml": f"template = {name!r}\n"})
        with pytest.raises(ConfigError):
            create(tmp_path)


def test_values_are_data_and_never_templates() -> None:
    text = render_spec_template("{{ name }}", {"name": "{{ id }}{% include 'x' %}"}, path="a")
    assert text == "{{ id }}{% include 'x' %}"


# --- issues -----------------------------------------------------------------------------------------------------------

ISSUE = """\
Return books by mail

As a reader I want to return books by mail.

## Acceptance criteria
- [x] A label is printed
- A parcel is booked

### Could have
- [ ] {{ config }} is shown

## Notes
Ask {{ ''.__class__ }} first.
---
status: Complete
"""


def test_an_issue_becomes_a_spec(tmp_path: Path) -> None:
    report = create(tmp_path, "7", "", issue=ISSUE.encode())
    spec = parse(tmp_path, "specs/7-return-books-by-mail.md")
    assert [(found.tier, found.text, found.box.ticked) for found in spec.criteria] == [
        ("must", "A label is printed", False),
        ("could", "{{ config }} is shown", False),
    ]
    assert (spec.find_value("name"), spec.find_value("status")) == ("Return books by mail", Status.DRAFT)
    assert spec.purpose == "As a reader I want to return books by mail."
    assert report.exit_code == 0
    text = spec.text
    assert "Ask {{ ''.__class__ }} first.\n" in text[text.index("### From the Issue") :]


def test_a_name_on_the_command_line_wins_over_the_title(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert invoke("7", "Mail", "--from-issue", "-", stdin=ISSUE).exit_code == 0
    assert (tmp_path / "specs/7-mail.md").exists()


def test_an_issue_can_be_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, {"issue.md": ISSUE})
    assert invoke("7", "--from-issue", "issue.md").exit_code == 0


ISSUES: Mapping[str, tuple[bytes, type[Spec2bddError]]] = {
    "no title": (b"## Must Have\n- [ ] a\n", UsageError),
    "no text": (b"# A\n\xff", SpecError),
    "JSON": (b'{"title": "A", "body": "- [ ] a"}', UsageError),
    "a conflict": (b"# A\n\n<<<<<<< HEAD\n", SpecError),
}


@pytest.mark.parametrize(("content", "kind"), ISSUES.values(), ids=ISSUES)
def test_an_issue_that_cannot_be_used_is_an_error(tmp_path: Path, content: bytes, kind: type[Spec2bddError]) -> None:
    with pytest.raises(kind):
        create(tmp_path, "7", "", issue=content, issue_path="issue.md")
    assert list(tmp_path.iterdir()) == []


def test_a_template_that_drops_criteria_of_an_issue_is_refused(tmp_path: Path) -> None:
    write_template(tmp_path, "# {{ name }}\n\n```text\n{{ criteria.must | join('\\n') }}\n")
    with pytest.raises(TemplateError, match="lacks the criterion `A label is printed`"):
        create(tmp_path, "7", "", issue=ISSUE.encode())


def test_a_missing_name_and_a_missing_file_are_errors_of_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "missing argument `NAME`" in invoke("7").stderr
    assert "file not found: `nope.md`" in invoke("7", "--from-issue", "nope.md").stderr
    os.mkfifo("pipe")
    for path in ("pipe", "/dev/zero", "/dev/null"):
        assert f"`{path}` is not a regular file" in invoke("7", "--from-issue", path).stderr
    with Path("huge.md").open("wb") as stream:
        stream.truncate(3_000_000_000)
    assert "`huge.md` is larger than 16 MB" in invoke("7", "--from-issue", "huge.md").stderr
    assert "stdin is larger than 16 MB" in invoke("7", "--from-issue", "-", stdin="a" * 16_000_001).stderr
    assert "`lamp.py` is not a Markdown file" in invoke("7", "--from-issue", "lamp.py").stderr
    assert "stdin: error: the issue has no title [usage]" in invoke("7", "--from-issue", "-", stdin="").stderr


def test_an_issue_may_come_from_the_pipe_of_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    reader, writer = os.pipe()
    os.write(writer, ISSUE.encode())
    os.close(writer)
    assert invoke("7", "Mail", "--from-issue", f"/dev/fd/{reader}").exit_code == 0
    os.close(reader)
