"""The README and the pages in docs/: what they name exists, what they show happens, and nothing is missing."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from itertools import takewhile
from pathlib import Path

import click
import pytest

from spec2bdd import errors
from spec2bdd.cli.main import main
from spec2bdd.commands.generate import generate
from spec2bdd.config import KEYS, Config, read_config
from spec2bdd.diagnostics.codes import load_codes
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.domain.expressions.patterns import build_patterns
from spec2bdd.domain.gherkin.phrasing.phrasing import list_criterion_steps
from spec2bdd.domain.specs.headings.classifier import classify_heading
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.model import Box, Criterion, Tier

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]

FENCE = re.compile(r"^```.*?^```$|^~~~.*?^~~~$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CALL_IN_BLOCK = re.compile(r"^(?:.*(?:\$ |run: |bin/))?spec2bdd (.*)$", re.MULTILINE)
CALL_IN_PROSE = re.compile(r"`spec2bdd ([^`]*)`")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
CONTEXT = click.Context(main)
COMMANDS = {name: command for name in main.list_commands(CONTEXT) if (command := main.get_command(CONTEXT, name))}
OPTIONS = {name: {text for param in command.params for text in param.opts} for name, command in COMMANDS.items()}


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
    """Yield the code of every diagnostic that the program can tell, as the source has it."""
    places = {"Diagnostic": 4, "derive_error": 1, "derive_warning": 1, "_derive_warning": 2}
    places |= {"build_error": 0, "build_warning": 0, "build_diagnostic": 0}
    for path in sorted((ROOT / "spec2bdd").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found: list[ast.expr] = []
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                found = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
                found += node.args[places[name] : places[name] + 1] if name in places else []
            elif isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                found = [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "code"]
            yield from (str(value.value) for value in found if isinstance(value, ast.Constant))
    for error in errors.Spec2bddError.__subclasses__():
        yield diagnose_error(error("")).code


@pytest.mark.parametrize("name", NAMES)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    page = ROOT / name
    for link in LINK.findall(FENCE.sub("", read_page(name))):
        path, _, anchor = link.partition("#")
        if not path.startswith(("http:", "https:")):
            target = (page.parent / path).resolve() if path else page
            assert target.exists(), link
            assert not anchor or anchor in derive_anchors(target.read_text(encoding="utf-8")), link


@pytest.mark.parametrize("name", NAMES)
def test_every_command_and_option_that_a_page_names_exists(name: str) -> None:
    text = read_page(name)
    calls = CALL_IN_PROSE.findall(text) + CALL_IN_BLOCK.findall("\n".join(FENCE.findall(text)))
    for command, *words in map(str.split, calls):
        assert command in OPTIONS, words
        # What stands behind `--` is for Behave.
        ours = takewhile(lambda word: word != "--", words)
        assert {word for word in ours if word.startswith("-")} <= OPTIONS[command], command
    alone = set(re.findall(r"`(--[a-z][a-z-]*)[^`]*`", text))
    assert alone <= set().union(*OPTIONS.values())


@pytest.mark.parametrize("name", OPTIONS)
def test_the_help_of_a_command_ends_with_examples_that_it_takes(name: str) -> None:
    examples = re.findall(r"^  spec2bdd (.*)$", COMMANDS[name].epilog or "", re.MULTILINE)
    assert examples
    for example in examples:
        command, *words = shlex.split(example, comments=True)
        assert name == command
        assert {word for word in takewhile(lambda word: word != "--", words) if word.startswith("-")} <= OPTIONS[name]
        # Wrapped nowhere in a terminal of 80 columns.
        assert len(example) <= 68


def test_the_readme_names_every_command_and_option() -> None:
    text = read_page("README.md")
    assert [] == [name for name in OPTIONS if f"`spec2bdd {name}`" not in text]
    options = {option for options in OPTIONS.values() for option in options if option.startswith("--")}
    assert set() == options - set(OPTION.findall(text)) - {"--help"}


def test_every_diagnostic_code_is_in_the_table_and_no_other() -> None:
    assert sorted(set(find_codes())) == sorted(load_codes())


def test_the_page_of_phrasing_is_what_the_cases_of_its_tests_say() -> None:
    command = [sys.executable, str(ROOT / "docs" / "phrasing.py"), "--check"]
    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (0, "") == (played.returncode, played.stdout + played.stderr), "`make picture` brings it up to date"


def test_the_page_of_findings_is_up_to_date() -> None:
    command = [sys.executable, str(ROOT / "docs" / "findings.py"), "--check"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (0, "") == (made.returncode, made.stdout + made.stderr), "`make picture` brings it up to date"


@pytest.mark.parametrize("name", ["README.md", "docs/configuration.md"])
def test_every_configuration_key_is_documented_with_its_default(name: str) -> None:
    defaults = {field.name.replace("line_", "line-"): getattr(Config(Path()), field.name) for field in fields(Config)}
    rows = {key.strip("`"): tomllib.loads(f"x = {text.strip('`')}")["x"] for key, text, _ in read_rows(name, "key")}
    # What TOML writes as a list or a table, the program may hold as a tuple.
    assert {key: defaults[key] for key in KEYS} == {
        key: tuple(value) if isinstance(defaults[key], tuple) else value for key, value in rows.items()
    }


@pytest.mark.parametrize(("text", "steps"), read_rows("docs/generating.md", "criterion"))
def test_a_criterion_becomes_the_steps_that_the_table_shows(text: str, steps: str) -> None:
    found = list_criterion_steps(Criterion(Tier.MUST, text, Box(" ", 0), 1, 1))
    assert steps.split("<br>") == [f"{step.keyword} {step.text}" for step in found]


@pytest.mark.parametrize(("step", "pattern"), read_rows("docs/generating.md", "step"))
def test_a_step_becomes_the_pattern_that_the_table_shows(step: str, pattern: str) -> None:
    assert pattern.strip("`") == build_patterns(step)[0]


@pytest.mark.parametrize(("names", "meaning"), read_rows("docs/reading.md", "heading"))
def test_a_heading_means_what_the_table_says(names: str, meaning: str) -> None:
    known = {classify_heading(name) for name in names.split(", ")}
    assert len(known) == 1
    assert None not in known
    assert "of the tier" not in meaning or meaning.split()[-1] in known


@pytest.mark.parametrize(("item", "text", "given_id", "tier"), read_rows("docs/reading.md", "item"))
def test_an_item_reads_as_the_table_says(item: str, text: str, given_id: str, tier: str) -> None:
    spec = parse_spec("specs/a.md", f"### Must Have\n{item.strip('`')}\n".encode())
    assert [(text, given_id, tier)] == [(found.text, found.given_id, found.tier) for found in spec.criteria]


def test_the_readme_shows_what_is_generated_from_its_criterion(tmp_path: Path) -> None:
    blocks = dict(re.findall(r"```(markdown|gherkin|python)\n(.*?)```", read_page("README.md"), re.DOTALL))
    (tmp_path / "specs").mkdir()
    front = "---\nfeature_id: 2.4\nname: Book returns\nstatus: Draft\n---\n\n"
    (tmp_path / "specs" / "2.4.md").write_text(front + blocks["markdown"], encoding="utf-8")
    assert generate(read_config(tmp_path)).exit_code == 0
    assert blocks["gherkin"] in (tmp_path / "features" / "2_4_book_returns.feature").read_text(encoding="utf-8")
    assert blocks["python"] in (tmp_path / "steps" / "book_returns_steps.py").read_text(encoding="utf-8")


def test_the_tutorial_shows_what_its_commands_print() -> None:
    command = [sys.executable, str(ROOT / "docs" / "replay.py"), "--check"]
    played = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (0, "") == (played.returncode, played.stdout + played.stderr), "`make picture` brings it up to date"


def test_the_picture_shows_what_the_command_prints() -> None:
    command = [sys.executable, str(ROOT / "docs" / "picture.py"), "--check"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (0, "") == (made.returncode, made.stdout + made.stderr), "`make picture` brings it up to date"


def test_the_picture_asks_the_net_for_nothing_and_names_no_machine() -> None:
    picture = read_page("docs/verify.svg")
    assert re.findall(r"https?:[^\"')]*", picture) == ["http://www.w3.org/2000/svg"]
    assert re.findall(r"@import|@font-face|href|url\((?!#)|<script|/(?:home|tmp|root|Users|usr)\b", picture) == []


def test_the_page_of_traps_has_every_trap_and_ours_is_the_truth() -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import traps; print('\\n'.join(traps.TRAPS))"
    command = [sys.executable, "-c", code, str(ROOT / "docs")]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [
        line.strip("| \n").split(" | ") for line in read_page("docs/traps.md").splitlines() if line.startswith("| ")
    ]
    assert names == [row[0] for row in rows[1:]]
    assert {"truth"} == {row[-1] for row in rows[1:]}


def test_every_file_that_contributing_names_exists() -> None:
    text = read_page("CONTRIBUTING.md")
    tables = [row for row in text.splitlines() if row.startswith("| ")]
    paths = {path for row in tables for path in re.findall(r"`([a-z_0-9/]+(?:/|\.(?:py|toml)))`", row)}
    rooms = [ROOT / "spec2bdd", *(path for path in (ROOT / "spec2bdd").rglob("*") if path.is_dir())]
    assert len(paths) > 60
    assert sorted(path for path in paths if not any((room / path).exists() for room in rooms)) == []
