"""Messages, docstrings, comments, help texts, pages and generated files use none of the words that read oddly.

The words are those of a translation, of a metaphor, or second words for one idea: a diagnostic is no "advice", and an
unverified tick is not "on trust". A text that needs one of them in another sense is worded differently.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from small_project import write_files

from spec2bdd.cli.main import main
from spec2bdd.commands.generate import generate
from spec2bdd.config import read_config

ROOT = Path(__file__).resolve().parents[1]

WORDS = (
    "advice",
    "afresh",
    "all the same",
    "amiss",
    "anew",
    "as a rule",
    "behind",
    "beside",
    "beyond doubt",
    "exit status",
    "for ever",
    "gate must",
    "gating criteri(?:a|on)",
    "handed to",
    "hands? over",
    "is meant by",
    "is no (?:box|check|list marker|message|state)",
    "itself with exit code",
    "kin",
    "mend(?:s|ed|ing)?",
    "no more",
    "nobody",
    "nothing is left to",
    "nothing is remembered",
    "notes? of trust",
    "on the word of",
    "on trust",
    "ought",
    "somebody",
    "required criteri(?:a|on)",
    "signed off",
    "speaks? of",
    "stands?",
    "stood",
    "takes? `[^`]*` for",
    "takes? back",
    "takes? its word",
    "tells?",
    "the answer is",
    "told",
    "type `(?:spec2bdd|behave|unset)",
    "whoever",
    "without counting",
    "wholly",
)
BANNED = re.compile(rf"\b(?:{'|'.join(WORDS)})\b", re.IGNORECASE)

SOURCES = sorted((ROOT / "spec2bdd").rglob("*.py"))
# Pages that still have to be reworded; a page that is clean must not be in this set.
PAGES = sorted(
    [*(ROOT / "docs").rglob("*.md"), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))]
)
CONTEXT = click.Context(main)

SPEC = """---
feature_id: 2.4
name: Book returns
status: Draft
---
# Book returns

## Purpose

Books come back.

## Acceptance Criteria

### Must Have
- [ ] A returned book can be lent again
- [ ] The fine for 3 days is "30 cents"
- [x] The desk is staffed (manual)
"""


# A criterion keeps its wording, by which it is known, and what its feature file records of an earlier one.
OWN = sorted(
    [ROOT / "environment.py", *(ROOT / "steps").glob("*.py"), *(ROOT / "specs").glob("*.md")]
    + [path for path in (ROOT / "examples").rglob("*") if path.suffix in (".md", ".py")]
    + [ROOT / "kit" / "README.md", *(ROOT / "kit").glob("*.py"), *(ROOT / "kit" / "adapters").glob("*.py")]
)


def find_words(name: str, text: str, *, first_line: int = 1) -> list[str]:
    """List the banned words in a text, each with its file and line."""
    return [
        f"{name}:{first_line + text.count(chr(10), 0, match.start())}: {match[0]}" for match in BANNED.finditer(text)
    ]


def find_texts(source: str) -> Iterator[tuple[int, str]]:
    """Yield the strings, docstrings and comments of a module, each with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


@pytest.mark.parametrize("word", ["Told", "it stands", "a tick on\ntrust", "mended"])
def test_a_banned_word_is_found_in_any_case(word: str) -> None:
    text = f"a\n{word} here"
    assert len(find_words("a.md", text.replace("on\ntrust", "on trust"))) == 1


@pytest.mark.parametrize("text", ["understand", "a standard", "amend", "foretold", "kind", "behindhand"])
def test_a_part_of_a_word_is_not_banned(text: str) -> None:
    assert find_words("a.md", text) == []


def test_a_word_is_reported_with_its_file_and_line() -> None:
    assert find_words("a.md", "one\ntwo\nis told here") == ["a.md:3: told"]


def test_strings_docstrings_and_comments_are_searched() -> None:
    source = '"""Told."""\nx = f"{x} stands"\n# nobody\n'
    words = [word for line, text in find_texts(source) for word in find_words("a.py", text, first_line=line)]
    assert sorted(words) == ["a.py:1: Told", "a.py:2: stands", "a.py:3: nobody"]


def test_the_source_has_no_banned_word() -> None:
    words = []
    for path in SOURCES:
        name = path.relative_to(ROOT).as_posix()
        for line, text in find_texts(path.read_text(encoding="utf-8")):
            words += find_words(name, text, first_line=line)
    assert words == []


def test_the_table_of_codes_has_no_banned_word() -> None:
    path = ROOT / "spec2bdd" / "diagnostics" / "codes.toml"
    assert find_words(path.name, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_has_no_banned_word(page: Path) -> None:
    name = page.relative_to(ROOT).as_posix()
    words = find_words(name, page.read_text(encoding="utf-8"))
    assert words == []


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_our_own_specs_steps_and_examples_have_no_banned_word(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").split("\n")
    text = "\n".join("" if line.startswith("- [") else line for line in lines)
    assert find_words(path.name, text) == []


@pytest.mark.parametrize("name", ["", *main.list_commands(CONTEXT)])
def test_the_help_has_no_banned_word(name: str) -> None:
    result = CliRunner().invoke(main, [*([name] if name else []), "--help"])
    assert result.exit_code == 0
    assert find_words(f"spec2bdd {name} --help", result.stdout) == []


def test_the_generated_files_have_no_banned_word(tmp_path: Path) -> None:
    write_files(tmp_path, {"specs/2.4-returns.md": SPEC, "spec2bdd.toml": ""})
    report = generate(read_config(tmp_path))
    assert sorted(change.path for change in report.changes) == [
        "features/2_4_book_returns.feature",
        "steps/book_returns_steps.py",
    ]
    words = [word for change in report.changes for word in find_words(change.path, (change.after or b"").decode())]
    assert words == []
