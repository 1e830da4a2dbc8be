"""`report`: the whole project as one page, by the last records and without a run."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from page_documentation import unpack_data
from small_project import SPEC, SPEC_PATH, STEPS, STEPS_PATH, generate, read_all, run, write_basket, write_files

import spec2bdd
from spec2bdd.cli.main import main
from spec2bdd.reporters.registry import list_formats


def report(*arguments: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(main, ["report", *arguments], prog_name="spec2bdd")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a project that has run twice, the second time with a failure less."""
    root = tmp_path_factory.mktemp("basket")
    write_basket(root)
    generate(root)
    run(root)
    write_files(root, {STEPS_PATH: STEPS.replace('"pear" in basket', '"apple" in basket')})
    generate(root)
    run(root)
    return root


@pytest.fixture
def basket(ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the project, and go there."""
    root = shutil.copytree(ran, tmp_path / "basket")
    monkeypatch.chdir(root)
    return root


def test_the_page_is_written_and_nothing_else(basket: Path) -> None:
    before = read_all(basket)
    result = report("--format", "html:out/report.html")
    assert (result.exit_code, result.stderr, read_all(basket)) == (0, "", before)
    # The width is that of the terminal.
    assert " ".join(result.stdout.split()) == (
        "The spec is not complete yet. All its musts are proved; 1 item of the definition of done is not ticked. "
        "2 of 2 musts proved "
        f"1 criterion fixed since the previous run Removing an item that is not there is refused with "
        f'"no such item" {SPEC_PATH}'
        " the page is in `out/report.html`"
    )
    page = (basket / "out/report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>\n")
    assert "The spec is not complete yet" in page


def test_the_page_has_the_document_with_each_criterion_at_its_line_and_the_code_of_its_steps(basket: Path) -> None:
    index, specs = unpack_data(report("--format", "html").stdout)
    (spec,) = specs.values()
    lines = {criterion["line"] for criterion in spec["criteria"]} | {item["line"] for item in spec["done"]}
    assert lines == {int(line) for line in re.findall(r'<span data-line="(\d+)"></span>', spec["html"])}
    assert "<p>People collect what they want to buy.</p>" in spec["html"]
    first = spec["criteria"][0]
    assert (first["state"], first["results"], index[0]["criteria"][0][3]) == ("proved", "pp", "pp")
    (location,) = {step["location"] for step in first["scenario"]["steps"]}
    assert spec["source"][location].splitlines()[0] == '@then("an item can be added")'
    assert spec["source"][location].splitlines()[-1] == '    assert basket == ["apple"]'


def test_a_link_to_a_criterion_survives_rewording(basket: Path) -> None:
    def find_id(text: str) -> str:
        """Find the id of the criterion with that text in the page."""
        index, _ = unpack_data(report("--format", "html").stdout)
        return next(str(entry[0]) for entry in index[0]["criteria"] if entry[1] == text)

    before = find_id("An item can be added")
    write_files(basket, {SPEC_PATH: SPEC.replace("An item can be added", "An item can be added twice")})
    generate(basket)
    assert find_id("An item can be added twice") == before


def test_the_json_has_the_history_the_changes_and_every_spec(basket: Path) -> None:
    document = json.loads(report("--format", "json").stdout)
    assert (document["version"], document["command"], document["name"]) == (1, "report", basket.name)
    assert [(run["passed"], run["failed"], run["pending"]) for run in document["history"]] == [(1, 1, 2), (2, 0, 2)]
    assert [(change["path"], change["change"]) for change in document["changes"]] == [(SPEC_PATH, "fixed")]
    (spec,) = document["specs"]
    assert (spec["key"], spec["stage"], spec["proved"], len(spec["criteria"])) == ("3_10", "Review", True, 4)


def test_all_formats_are_written_at_once_and_the_project_stays_as_it_is(
    basket: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before, folder = read_all(basket), tmp_path_factory.mktemp("out")
    names = [name for name in list_formats("documentation") if name != "text"]
    options = [part for name in names for part in ("--format", f"{name}:{folder}/{name}")]
    result = report(*options, "--junit-pending", "failure")
    assert (result.exit_code, result.stderr, read_all(basket)) == (0, "", before)
    assert {path.name for path in folder.iterdir()} == {*names}
    written = {name: (folder / name).read_text(encoding="utf-8") for name in names if name != "allure"}
    with_text = {"json", "csv", "junit", "junit-strict", "cucumber-messages", "cucumber-json"}
    assert {name for name, text in written.items() if "An item can be added" in text} == with_text
    assert [re.findall(r'(?:failures|skipped)="(\d)"', written[name]) for name in ("junit", "junit-strict")] == [
        # All, the criteria, and the done items, which are apart.
        ["2", "2", "0", "0", "1"],
        ["2", "2", "0", "0", "1"],
    ]
    # What needs attention is annotated, and there is nothing.
    assert {name for name, text in written.items() if not text.strip("[]\n")} == {"github", "gitlab"}
    assert len([*(folder / "allure").glob("*-result.json")]) == 5


def test_annotations_of_a_report_come_with_a_step_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_basket(tmp_path))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    assert report("--format", "github").exit_code == 0
    assert (tmp_path / "summary.md").read_text(encoding="utf-8").startswith("## spec2bdd report\n")


def test_a_spec_that_cannot_be_read_is_named_in_the_page_and_ends_with_2(basket: Path) -> None:
    write_files(basket, {"specs/9.9-bad.md": b"---\nname: \xff\n---\n"})
    result = report("--format", "html:report.html")
    assert result.exit_code == 2
    page = (basket / "report.html").read_text(encoding="utf-8")
    assert "<strong>1 error:</strong>" in page
    assert "<code>specs/9.9-bad.md:2</code>" in page


def test_a_project_that_never_ran_has_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_basket(tmp_path)
    monkeypatch.chdir(tmp_path)
    result = report("--format", "html:report.html")
    assert (result.exit_code, (tmp_path / "report.html").exists()) == (0, True)
    assert "0 of 2 musts proved" in result.stdout


def test_records_cannot_name_a_file_to_be_shown(basket: Path) -> None:
    write_files(basket, {"secret.py": "def secret(context):\n    pass\n"})
    (path,) = (basket / ".spec2bdd").rglob("*.ndjson")
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"steps/shop_basket_steps\.py:\d+", "secret.py:1", text), encoding="utf-8")
    _, specs = unpack_data(report("--format", "html").stdout)
    assert [spec["source"] for spec in specs.values()] == [{}]


def test_without_texts_no_document_is_rendered(basket: Path) -> None:
    assert [document.html for document in spec2bdd.report(basket).specs] == [""]
    assert "data-line" in spec2bdd.report(basket, texts=True).specs[0].html


@pytest.mark.usefixtures("basket")
def test_the_summary_ends_with_the_command_that_writes_the_page() -> None:
    step = "next: write the page with `spec2bdd report --format html:report.html`"
    assert report().stdout.splitlines()[-1] == step
    assert step not in report("--format", "text").stdout


@pytest.mark.parametrize(
    ("status", "head", "failed"), [("Review", "Failed", ["### What is not proved"]), ("Draft", "Nothing failed", [])]
)
def test_stale_results_have_the_words_of_the_other_commands(
    basket: Path, status: str, head: str, failed: list[str]
) -> None:
    spec = (basket / SPEC_PATH).read_text(encoding="utf-8")
    written = re.sub(r"(?m)^status: .*$", f"status: {status}", spec)
    write_files(
        basket, {SPEC_PATH: written, STEPS_PATH: f"{(basket / STEPS_PATH).read_text(encoding='utf-8')}\n# more\n"}
    )
    lines = report("--format", "markdown").stdout.splitlines()
    step = "run `spec2bdd verify` again: the results are stale"
    assert lines[2].startswith(f"**{head}**: 0 of 2 musts proved; ")
    assert "stale (outdated)" in lines[2]
    assert [line for line in lines if line.startswith("### What")] == failed
    text = report().stdout.splitlines()
    assert (lines[-1], text[-1]) == (f"**Next:** {step}", f"next: {step}")
    assert "stale." in text[0]
