"""The README and the pages in docs/: what they name exists, what they show is true, and nothing is missing."""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from itertools import takewhile
from pathlib import Path

import click
import pytest

from generate import PAGES as GENERATED
from generate import update_page
from spec2bdd import errors
from spec2bdd.cli.main import main
from spec2bdd.commands.generate import generate
from spec2bdd.commands.verify import verify
from spec2bdd.config import KEYS, Config, read_config
from spec2bdd.diagnostics.codes import load_codes
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.domain.expressions.patterns import build_patterns
from spec2bdd.domain.gherkin.phrasing.phrasing import list_criterion_steps
from spec2bdd.domain.specs.headings.classifier import classify_heading
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Box, Criterion, Tier
from spec2bdd.reporters.terminal.theme import GLYPHS

ROOT = Path(__file__).resolve().parents[1]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [*(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")), *DOCS]
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
# Every Markdown file of the repository that is not input of a test.
LINKING = [*PAGES, *sorted((ROOT / "specs").glob("*.md")), *sorted((ROOT / "examples").rglob("*.md"))]

FENCE = re.compile(r"^```.*?^```$|^~~~.*?^~~~$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`[^`]*`")
TOML_BLOCK = re.compile(r"^```toml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CALL_IN_BLOCK = re.compile(r"^(?:.*(?:\$ |run: |bin/))?spec2bdd ([a-z-].*)$", re.MULTILINE)
CALL_IN_PROSE = re.compile(r"`spec2bdd ([^`]*)`")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
CONTEXT = click.Context(main, help_option_names=main.context_settings["help_option_names"])
COMMANDS = {name: command for name in main.list_commands(CONTEXT) if (command := main.get_command(CONTEXT, name))}
# The command group itself has the name "", and options such as `--version`.
OPTIONS = {
    name: {
        text
        for param in command.get_params(click.Context(command, CONTEXT))
        if isinstance(param, click.Option)
        for text in param.opts
    }
    for name, command in {"": main, **COMMANDS}.items()
}


def read_page(name: str) -> str:
    """Return the text of a page."""
    return (ROOT / name).read_text(encoding="utf-8")


def read_rows(name: str, heading: str) -> list[list[str]]:
    """Return the cells of the rows of the first table that begins with that heading."""
    table = read_page(name).split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in row.strip("|").split(" |")] for row in table.splitlines()[2:]]


def derive_anchors(text: str) -> set[str]:
    """Return the anchors that GitHub makes of the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def find_codes() -> Iterator[str]:
    """Yield the code of every diagnostic in the source has it."""
    places = {"Diagnostic": 4, "build_error": 0, "build_warning": 0, "build_diagnostic": 0}
    # As methods of `SourceFile` and `SpecBuilder`, they take an offset first.
    methods = {"build_error": 1, "build_warning": 1, "warn": 1}
    for path in sorted((ROOT / "spec2bdd").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found: list[ast.expr] = []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                found = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
                place = methods.get(name, -1) if isinstance(node.func, ast.Attribute) else places.get(name, -1)
                found += node.args[place : place + 1] if place >= 0 else []
            elif isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                found = [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "code"]
            yield from (str(value.value) for value in found if isinstance(value, ast.Constant))
    kinds = [errors.Spec2bddError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    yield from (diagnose_error(kind("")).code for kind in kinds[1:])


@pytest.mark.parametrize("page", LINKING, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(CODE.sub("", FENCE.sub("", page.read_text(encoding="utf-8")))):
        path, _, anchor = link.partition("#")
        if not path.startswith(("http:", "https:")):
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), link
            assert not anchor or anchor in derive_anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("page", DOCS, ids=lambda page: page.name)
def test_every_page_of_the_site_is_in_its_navigation_and_on_its_first_page(page: Path) -> None:
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert re.findall(rf": {page.name}$", config, re.MULTILINE) == [f": {page.name}"]
    assert page.name == "index.md" or f"({page.name})" in read_page("docs/index.md")


@pytest.mark.parametrize("name", NAMES)
def test_every_command_and_option_that_a_page_names_exists(name: str) -> None:
    text = read_page(name)
    calls = CALL_IN_PROSE.findall(text) + CALL_IN_BLOCK.findall("\n".join(FENCE.findall(text)))
    for call in calls:
        command, *words = call.split() if call[0] != "-" else ["", *call.split()]
        # As `--help`, it takes the name of any command.
        command = "" if command == "help" else command
        assert command in OPTIONS, call
        # What follows `--` is for Behave.
        ours = takewhile(lambda word: word != "--", words)
        assert {word for word in ours if word.startswith("-")} <= OPTIONS[command], command
    alone = set(re.findall(r"`(--[a-z][a-z-]*)[^`]*`", text))
    assert alone <= set().union(*OPTIONS.values())


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_ends_with_examples_that_it_takes(name: str) -> None:
    examples = re.findall(r"^  spec2bdd (.*)$", COMMANDS[name].epilog or "", re.MULTILINE)
    assert examples
    for example in examples:
        command, *words = shlex.split(example, comments=True)
        assert name == command
        assert {word for word in takewhile(lambda word: word != "--", words) if word.startswith("-")} <= OPTIONS[name]
        # Wrapped nowhere in a terminal of 80 columns.
        assert len(example) <= 68


def test_the_page_of_commands_has_every_command_with_all_its_options() -> None:
    sections = read_page("docs/commands.md").split("\n## ")
    by_name = {name: rest for name, _, rest in (section.partition("\n") for section in sections)}
    documented = {
        name: set(re.findall(r"`(--?[a-z][a-z-]*)`", by_name[name].split("| option |")[1])) for name in COMMANDS
    }
    # `--only` is the name of names in scripts, `--most` a former name: neither is shown.
    assert documented == {name: OPTIONS[name] - {"--only", "--most"} for name in COMMANDS}


def test_every_diagnostic_code_is_in_the_table_and_no_other() -> None:
    assert sorted(set(find_codes())) == sorted(load_codes())


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert not update_page(name, check=True), "run `make generated`"


GENERATED_WORDS = [
    ("commands.md", "| value |"),
    ("configuration.md", "| default |"),
    ("codes.md", "| level |"),
    ("records.md", "| type |"),
    ("phrasing.md", "becomes"),
]


@pytest.mark.parametrize(("name", "words"), GENERATED_WORDS)
def test_an_edit_of_a_generated_page_is_noticed_and_undone(
    name: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    edited = text.replace(words, "|")
    (tmp_path / name).write_text(edited, encoding="utf-8")
    monkeypatch.setattr("generate.DOCS", tmp_path)
    assert update_page(name, check=True)
    assert (tmp_path / name).read_text(encoding="utf-8") == edited
    assert update_page(name, check=False)
    assert (tmp_path / name).read_text(encoding="utf-8") == text


def test_every_configuration_key_is_documented_with_its_default() -> None:
    defaults = {field.name.replace("_", "-"): getattr(Config(Path()), field.name) for field in fields(Config)}
    rows = read_rows("docs/configuration.md", "key")
    documented = {key.strip("`"): tomllib.loads(f"x = {text.strip('`')}")["x"] for key, _, text, _ in rows}
    # What TOML writes as a list or a table, the program may hold as a tuple.
    assert {key: tuple(value) if isinstance(defaults[key], tuple) else value for key, value in documented.items()} == {
        key: defaults[key] for key in KEYS
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_configuration_that_a_page_shows_is_valid(name: str, tmp_path: Path) -> None:
    blocks = [block for block in TOML_BLOCK.findall(read_page(name)) if "[tool.spec2bdd" in block]
    for number, block in enumerate(blocks):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "pyproject.toml").write_text(block, encoding="utf-8")
        read_config(folder)


@pytest.mark.parametrize(("text", "steps"), read_rows("docs/generating.md", "criterion"))
def test_a_criterion_becomes_the_steps_that_the_table_shows(text: str, steps: str) -> None:
    found = list_criterion_steps(Criterion(Tier.MUST, text, Box(" ", 0), 1, 1))
    assert steps.split("<br>") == [f"{step.keyword} {step.text}" for step in found]


@pytest.mark.parametrize(("step", "pattern"), read_rows("docs/generating.md", "step"))
def test_a_step_becomes_the_pattern_that_the_table_shows(step: str, pattern: str) -> None:
    assert pattern.strip("`") == build_patterns(step)[0]


def test_the_table_of_verdicts_has_the_sign_of_each() -> None:
    rows = read_rows("docs/verdicts.md", "sign")
    assert {verdict: sign.strip("`") for sign, verdict, *_ in rows} == dict(GLYPHS)


@pytest.mark.parametrize(("names", "meaning"), read_rows("docs/reading.md", "heading"))
def test_a_heading_means_what_the_table_says(names: str, meaning: str) -> None:
    known = {classify_heading(name) for name in names.split(", ")}
    assert len(known) == 1
    assert None not in known
    assert "of the tier" not in meaning or meaning.split()[-1] in known


@pytest.mark.parametrize(("item", "text", "given_id", "tier"), read_rows("docs/reading.md", "item"))
def test_an_item_reads_as_the_table_says(item: str, text: str, given_id: str, tier: str) -> None:
    spec = parse_spec("specs/a.md", f"### Must Have\n{item.strip('`')}\n".encode())
    assert [(found.text, found.given_id, found.tier) for found in spec.criteria] == [(text, given_id, tier)]


def test_the_readme_shows_what_is_generated_from_its_criterion_and_ticked(tmp_path: Path) -> None:
    page = read_page("README.md")
    blocks = dict(re.findall(r"```(markdown|gherkin|python|diff)\n(.*?)```", page, re.DOTALL))
    # Of the stub, before anybody has written the check.
    assert re.findall(r"and a (\w+) for each .*:\n\n```python", page) == ["stub"]
    spec, steps = tmp_path / "specs" / "2.4.md", tmp_path / "steps" / "book_returns_steps.py"
    spec.parent.mkdir()
    front = "---\nfeature_id: 2.4\nname: Book returns\nstatus: Draft\n---\n\n"
    spec.write_text(front + blocks["markdown"], encoding="utf-8")
    assert generate(read_config(tmp_path)).exit_code == 0
    assert blocks["gherkin"] in (tmp_path / "features" / "2_4_book_returns.feature").read_text(encoding="utf-8")
    assert blocks["python"] in steps.read_text(encoding="utf-8")
    # Any check that can fail.
    implemented = re.sub(
        r"raise StepNotImplementedError\(.*\)", "assert context.scenario.steps", steps.read_text(encoding="utf-8")
    )
    steps.write_text(implemented, encoding="utf-8")
    assert verify(read_config(tmp_path)).exit_code == 0
    removed, added = blocks["diff"].splitlines()
    assert removed.removeprefix("-") in blocks["markdown"].splitlines()
    assert added.removeprefix("+") in spec.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_a_page_that_is_read_first_fits_two_screens(name: str) -> None:
    assert len(read_page(name).splitlines()) <= 100


def test_the_picture_loads_nothing_from_the_network_and_contains_no_path() -> None:
    picture = read_page("docs/verify.svg")
    assert re.findall(r"https?:[^\"')]*", picture) == ["http://www.w3.org/2000/svg"]
    assert re.findall(r"@import|@font-face|href|url\((?!#)|<script|/(?:home|tmp|root|Users|usr)\b", picture) == []


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Git repository with the package as it is now."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "spec2bdd", folder / "spec2bdd", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    author = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "--quiet"], ["add", "."], [*author, "commit", "--quiet", "--message=all"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


def run_install(script: str, folder: Path) -> str:
    """Run the commands of a page, installing into `folder/site` without the network; return where the package is."""
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_QUIET": "1"}
    site = folder / "site"
    environment = {
        **os.environ,
        **offline,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PIP_TARGET": str(site),
    }
    subprocess.run(["bash", "-euc", script], cwd=folder, env=environment, check=True)
    environment["PYTHONPATH"] = str(site)
    command = [sys.executable, "-c", "import spec2bdd; print(spec2bdd.__file__)"]
    found = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return found.stdout.strip()


@pytest.mark.parametrize("number", [0, 1], ids=["clone", "wheel"])
def test_the_commands_of_the_page_on_installing_install_it(clone: Path, tmp_path: Path, number: int) -> None:
    scripts = re.findall(r"```sh\n(.*?)```", read_page("docs/installing.md"), re.DOTALL)
    assert "path/to/clone" in scripts[number]
    found = run_install(scripts[number].replace("path/to/clone", str(clone)), tmp_path)
    assert found == str(tmp_path / "site" / "spec2bdd" / "__init__.py")


@pytest.mark.parametrize("number", range(4), ids=["https", "git", "wheel", "folder"])
def test_the_requirements_of_the_page_on_installing_install_it(clone: Path, tmp_path: Path, number: int) -> None:
    page = read_page("docs/installing.md")
    line = re.findall(r"```text\n(.*?)\n```", page, re.DOTALL)[number]
    if "wheels/" in line:
        build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
        subprocess.run([*build, "--wheel-dir", "wheels", str(clone)], cwd=tmp_path, check=True)
        (wheel,) = (tmp_path / "wheels").iterdir()
        line = line.replace("VERSION", wheel.name.split("-")[1])
        assert line == f"./wheels/{wheel.name}"
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=clone, check=True, capture_output=True, text=True)
    # The server of the page is only an example: a clone on this machine takes its place.
    line = line.replace("git+https://git.example.org/team/spec2bdd", "git+file:///path/to/clone")
    line = line.replace("/path/to/clone", clone.as_posix()).replace("COMMIT", head.stdout.strip())
    (tmp_path / "requirements.txt").write_text(f"{line}\n", encoding="utf-8")
    (script,) = re.findall(r"```sh\n(.*requirements.txt)\n```", page)
    assert run_install(script, tmp_path) == str(tmp_path / "site" / "spec2bdd" / "__init__.py")


def test_every_file_that_the_pages_for_contributors_name_exists() -> None:
    text = read_page("CONTRIBUTING.md") + read_page("docs/architecture.md")
    tables = [row for row in text.splitlines() if row.startswith("| ")]
    paths = {path for row in tables for path in re.findall(r"`([a-z_0-9/]+(?:/|\.(?:py|toml)))`", row)}
    rooms = [ROOT / "spec2bdd", *(path for path in (ROOT / "spec2bdd").rglob("*") if path.is_dir())]
    assert len(paths) > 60
    assert sorted(path for path in paths if not any((room / path).exists() for room in rooms)) == []
