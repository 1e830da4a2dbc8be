"""`--format NAME[:FILE]`: every command offers the formats that fit its answer, on stdout and in files."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result
from program import call
from small_project import SPEC, SPEC_PATH, read_all, write_basket

from spec2bdd.cli.formats import Output, OutputType
from spec2bdd.cli.main import main
from spec2bdd.errors import UsageError
from spec2bdd.reporters.registry import REPORTERS, Answer, AnswerKind, RenderOptions, list_formats

# With a criterion that has no box, a warning, and a vague word, advice.
FAULTY = SPEC + "- [ ] It is easy to use\n* It has no box\n"
CHECKED = SPEC[: SPEC.index("- [ ] Removing")]


@pytest.fixture
def basket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a project, and go there."""
    root = write_basket(tmp_path / "basket", spec=FAULTY)
    monkeypatch.chdir(root)
    return root


def invoke(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, arguments)


ALL = "`text`, `json`, `diff`, `github`, `sarif`, `gitlab`, `markdown`"
EXCHANGED = (
    ", `csv`, `junit`, `junit-strict`, `badge-svg`, `badge-json`, `cucumber-messages`, `cucumber-json`, `allure`"
)
CHANGES = "`text`, `json`, `diff`"
COMMANDS = [
    ("generate", [], ALL),
    ("mark", [], ALL + EXCHANGED),
    ("verify", [], ALL + EXCHANGED),
    ("run", [], ALL.replace("`diff`, ", "") + EXCHANGED),
    ("lint", [], ALL.removesuffix(", `markdown`")),
    ("lint", ["--explain-reading", SPEC_PATH], ALL.removesuffix(", `markdown`")),
    ("explain", ["3.10"], "`text`, `json`"),
    ("history", ["3.10"], "`text`, `json`"),
    ("history", ["--rebuild", "records"], "`text`, `json`"),
    ("accept", ["3.10#1"], CHANGES),
    ("eject", ["3.10#1"], CHANGES),
    ("waive", ["3.10#1", "--reason", "x"], CHANGES),
    ("unwaive", ["3.10#1"], CHANGES),
    ("manual", ["3.10#1"], CHANGES),
    ("tick", ["3.10#1"], CHANGES),
]


@pytest.mark.parametrize(("command", "arguments", "formats"), COMMANDS)
def test_an_unknown_format_exits_2_and_lists_those_that_fit(
    command: str, arguments: list[str], formats: str, basket: Path
) -> None:
    before = read_all(basket)
    result = invoke(command, *arguments, "--format", "xml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"error: unknown format `xml` [usage]\n    hint: use one of {formats}\n" in result.stderr
    assert read_all(basket) == before


def test_a_misspelt_format_is_answered_with_the_nearest_one() -> None:
    result = invoke("lint", "--format", "jsn")
    assert result.stderr == "error: unknown format `jsn` [usage]\n    hint: did you mean `json`?\n"


@pytest.mark.parametrize(("command", "arguments", "formats"), COMMANDS)
def test_the_help_lists_the_formats_that_fit(command: str, arguments: list[str], formats: str) -> None:
    # A line may be broken after any hyphen.
    text = "".join(invoke(command, "--help").stdout.split())
    limit = ";with`--explain-reading`:`text`,`json`" if command == "lint" else ""
    assert f"--formatFORMAT[:FILE]{formats.replace(' ', '')}{limit}.WithFILE," in text


def test_the_help_of_report_lists_the_formats_of_what_a_branch_changes(basket: Path) -> None:
    text = "".join(invoke("report", "--help").stdout.split())
    formats = ", ".join(f"`{name}`" for name in list_formats("branch"))
    assert f"`allure`;with`--since`:{formats.replace(' ', '')}.WithFILE," in text
    result = invoke("report", "--since", "main", "--format", "csv:x")
    error = f"error: `report --since` has no format `csv` [usage]\n    hint: use one of {formats}\n"
    assert (result.exit_code, result.stderr, (basket / "x").exists()) == (2, error, False)


REFUSED = [
    (["run", "--format", "diff"], "this command has no format `diff`"),
    (["explain", "3.10", "--format", "sarif"], "this command has no format `sarif`"),
    (["lint", "--explain-reading", SPEC_PATH, "--format", "github"], "`lint --explain-reading` has no format `github`"),
    (["history", "3.10", "--format", "sarif:x"], "this command has no format `sarif`"),
    (["waive", "3.10#1", "--reason", "x", "--format", "github"], "this command has no format `github`"),
    (["verify", "--format", "json", "--format", "text"], "only one format can be written to stdout"),
    (["verify", "--format", "json", "--format", "json"], "only one format can be written to stdout"),
    (["verify", "--format", "json:"], "missing file name after `json:`"),
    (["verify", "--format", "json:out", "--format", "text:./out"], "two formats cannot be written to one file: `out`"),
    (["verify", "--format", "json:out", "--format", "text:specs/../out"], "two formats cannot be written to one file"),
    (["verify", "--format", "junit:specs"], "`specs` is a folder"),
    (["verify", "--format", "junit:new/"], "`new/` is a folder"),
    (["verify", "--format", "json:-"], "`-` in `json:-` names no file"),
    (["mark", "--patch", "-"], "`-` names no file"),
    (["verify", "--format", ""], "unknown format ``"),
    (["verify", "--format", ":out"], "unknown format ``"),
    (["verify", "--format", "allure"], "the format `allure` is a folder of files, and needs the name of one"),
]


def test_a_file_in_the_home_folder_is_written_there(basket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(basket / "home"))
    assert invoke("status", "--format", "json:~/out.json").exit_code == 0
    assert [path.name for path in (basket / "home").iterdir()] == ["out.json"]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_formats_that_do_not_fit_exit_2_before_anything_is_done(
    arguments: list[str], message: str, basket: Path
) -> None:
    before = read_all(basket)
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert read_all(basket) == before


def test_a_page_is_not_printed_on_a_terminal(basket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = OutputType("documentation")
    monkeypatch.setattr("sys.stdout", SimpleNamespace(isatty=lambda: True))
    with pytest.raises(UsageError) as refused:
        output.convert("html", None, None)
    assert (refused.value.message, refused.value.hint) == (
        "a page is not printed on a terminal",
        "name a file: `html:report.html`",
    )
    assert output.convert("html:page.html", None, None) == Output("html", "page.html")
    assert output.convert("csv", None, None) == Output("csv")
    monkeypatch.setattr("sys.stdout", SimpleNamespace(isatty=lambda: False))
    assert output.convert("html", None, None) == Output("html")


def test_a_format_whose_library_is_missing_exits_2_before_anything_is_done(
    basket: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gherkin", None)
    before = read_all(basket)
    result = invoke("verify", "--format", "cucumber-json:out.json")
    assert (result.exit_code, result.stdout, read_all(basket)) == (2, "", before)
    assert "error: the format `cucumber-json` needs the library gherkin-official [usage]\n" in result.stderr
    assert "hint: install it next to spec2bdd: `python -m pip install gherkin-official`\n" in result.stderr


def test_one_format_on_stdout_and_another_in_a_file(basket: Path) -> None:
    result = call(basket, "lint", "--format", "json", "--format", "github:out.txt")
    assert (result.returncode, result.stderr) == (1, "")
    assert json.loads(result.stdout)["command"] == "lint"
    assert call(basket, "lint", "--format", "github").stdout == (basket / "out.txt").read_text()


def test_all_formats_at_once(basket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    files = [f"{name}:reports/{name}.out" for name in ("json", "diff", "github", "sarif", "text")]
    result = call(basket, "verify", *(part for file in files for part in ("--format", file)))
    written = {path.name: path.read_text() for path in (basket / "reports").iterdir()}
    assert written.keys() == {"json.out", "diff.out", "github.out", "sarif.out", "text.out"}
    assert 1 == result.returncode == json.loads(written["json.out"])["exit_code"]
    assert json.loads(written["sarif.out"])["runs"][0]["invocations"][0]["exitCode"] == 1
    assert written["text.out"] == result.stdout
    assert "diff --git a/features/" in written["diff.out"]
    # Diagnostics of a report that is printed as text go to stderr, as without any file.
    assert "::warning file=specs/" in written["github.out"]
    assert "warning: " in result.stderr


def test_files_alone_leave_the_text_on_stdout(basket: Path) -> None:
    plain = call(basket, "lint")
    assert call(basket, "lint", "--format", "json:lint.json").stdout == plain.stdout
    assert json.loads((basket / "lint.json").read_text())["command"] == "lint"


def test_a_file_may_be_outside_of_the_project_in_folders_that_are_created(basket: Path) -> None:
    assert call(basket, "generate", "--check", "--format", "json:../far/away/report.json").returncode == 1
    assert json.loads((basket / "../far/away/report.json").read_text())["command"] == "generate"


def test_a_file_has_no_color_and_the_same_width_everywhere(basket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    assert "\x1b" in call(basket, "lint", "--format", "text:wide.txt").stdout
    monkeypatch.delenv("FORCE_COLOR")
    monkeypatch.delenv("COLUMNS")
    assert call(basket, "lint").stdout == (basket / "wide.txt").read_text()


def test_a_patch_in_a_file_has_every_byte(tmp_path: Path) -> None:
    spec = CHECKED.replace("\n", "\r\n").encode().replace(b"People", b"Caf\xc3\xa9s")
    root = write_basket(tmp_path)
    (root / SPEC_PATH).write_bytes(spec)
    call(root, "run")
    call(root, "generate")
    call(root, "run")
    assert call(root, "mark", "--check", "--format", "diff:marks.patch").returncode == 1
    patch = subprocess.run(
        [sys.executable, "-m", "spec2bdd", "mark", "--diff"], cwd=root, capture_output=True, check=False
    ).stdout
    times = (b"-updated", b"+updated")
    lines = [line for line in patch.split(b"\n") if not line.startswith(times)]
    written = (root / "marks.patch").read_bytes().split(b"\n")
    assert lines == [line for line in written if not line.startswith(times)]
    assert b"\r" in patch


def test_a_patch_on_stdout_is_of_what_was_written(basket: Path) -> None:
    result = call(basket, "generate", "--format", "diff")
    assert "+++ b/features/3_10_shop_basket.feature" in result.stdout
    assert (basket / "features/3_10_shop_basket.feature").exists()
    assert call(basket, "generate", "--format", "diff").stdout == ""


def test_the_findings_of_lint_are_on_stderr_where_a_patch_has_stdout(basket: Path) -> None:
    result = call(basket, "lint", "--check", "--fix", "--format", "diff")
    assert result.stdout.startswith(f"diff --git a/{SPEC_PATH}")
    assert "[vague-word]" in result.stderr


def test_an_explanation_in_a_file_leaves_the_text_on_stdout(basket: Path) -> None:
    plain = call(basket, "explain", "3.10")
    both = call(basket, "explain", "3.10", "--format", "json:explained.json")
    assert (plain.stdout, plain.stderr, 0) == (both.stdout, both.stderr, both.returncode)
    assert json.loads((basket / "explained.json").read_text())["command"] == "explain"


def test_a_rebuilt_history_is_a_report(basket: Path) -> None:
    call(basket, "verify")
    result = call(basket, "history", "--rebuild", ".spec2bdd/records.ndjson", "--format", "json")
    assert (json.loads(result.stdout)["command"], result.returncode) == ("history", 0)


def test_an_older_file_is_replaced(basket: Path) -> None:
    (basket / "lint.json").write_text("old")
    assert call(basket, "lint", "--format", "json:lint.json").returncode == 1
    assert json.loads((basket / "lint.json").read_text())


def lock(folder: Path) -> None:
    """Create a folder in which no file can be created, also by root: it is none."""
    folder.write_text("")


def test_a_file_that_cannot_be_written_is_a_located_error_and_keeps_no_other_back(basket: Path) -> None:
    lock(basket / "locked")
    result = call(basket, "lint", "--format", "json:locked/lint.json", "--format", "github:out.txt")
    assert result.returncode == 2
    assert "locked/lint.json: error: cannot write: " in result.stderr
    assert call(basket, "lint").stdout == result.stdout
    assert "::warning" in (basket / "out.txt").read_text()


def test_a_read_only_file_stays_as_it_is(basket: Path) -> None:
    path = basket / "lint.json"
    path.write_text("mine")
    path.chmod(0o444)
    result = call(basket, "lint", "--format", "json:lint.json")
    assert (result.returncode, path.read_text()) == (2, "mine")
    assert "lint.json: error: cannot write: the file is read-only" in result.stderr


@pytest.mark.skipif(not Path("/dev/stderr").exists(), reason="there are no such devices here")
def test_a_device_is_written_to_and_not_replaced(basket: Path) -> None:
    command = [sys.executable, "-m", "spec2bdd", "lint", "--format", "json:/dev/stderr"]
    result = subprocess.run(command, cwd=basket, capture_output=True, text=True, check=False, timeout=60)
    assert json.loads(result.stderr)["command"] == "lint"
    assert call(basket, "lint", "--format", "json:/dev/null").returncode == 1


class Double:
    """A format that the command line has never heard of."""

    name = "double"
    kinds: Mapping[AnswerKind, bool] = {"report": True, "judgement": True, "lint": True}
    verbatim = False

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error

    def render(self, answer: Answer, options: RenderOptions) -> str:
        if self._error:
            raise self._error
        return f"{answer.kind}: {len(answer.diagnostics)}\n"


def test_another_reporter_needs_no_change_of_the_command_line(basket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REPORTERS, "double", Double())
    result = invoke("lint", "--format", "double", "--format", "double:out.txt")
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout == (basket / "out.txt").read_text()
    assert result.stdout.startswith("lint: ")
    assert ", `double`. With FILE" in " ".join(invoke("verify", "--help").stdout.split())
    assert "double" not in invoke("run", "--help").stdout


def test_a_reporter_that_fails_leaves_no_file_and_exits_2(basket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REPORTERS, "double", Double(ValueError("no such color")))
    result = invoke("lint", "--format", "double:out.txt", "--format", "json")
    assert result.exit_code == 2
    assert (
        "out.txt: error: cannot render the format `double`: ValueError: no such color [write-failed]" in result.stderr
    )
    assert json.loads(result.stdout)
    assert not (basket / "out.txt").exists()


def test_a_reporter_that_fails_keeps_an_older_file(basket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REPORTERS, "double", Double(ValueError("no")))
    (basket / "out.txt").write_text("old")
    assert invoke("generate", "--check", "--format", "double:out.txt").exit_code == 2
    assert (basket / "out.txt").read_text() == "old"


def test_a_reporter_that_fails_on_stdout_exits_2(basket: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REPORTERS, "double", Double(ValueError("no")))
    result = invoke("lint", "--format", "double")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: cannot render the format `double`: ValueError: no")


def test_the_formats_of_programs_have_no_progress_on_stderr(tmp_path: Path) -> None:
    root = write_basket(tmp_path)
    progress = "features/3_10_shop_basket.feature"
    assert progress in call(root, "verify").stderr
    assert progress not in call(root, "verify", "--format", "github").stderr
    assert progress in call(root, "verify", "--format", "github:out.txt").stderr


def test_the_help_of_a_command_loads_no_reporter() -> None:
    code = "import sys; sys.argv = ['spec2bdd', 'verify', '--help']\nfrom spec2bdd.cli.main import main\n"
    code += "try:\n    main()\nexcept SystemExit:\n    print('\\n' + ' '.join(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = {name for name in answer.splitlines()[-1].split() if name.startswith("spec2bdd.reporters")}
    assert loaded == {"spec2bdd.reporters", "spec2bdd.reporters.registry"}
