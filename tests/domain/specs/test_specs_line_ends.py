"""A file with CRLF or CR is read as the same file with LF: its criteria, their places, and what is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.text.source_file import parse_source_file

ROOT = Path(__file__).parents[3]
PAGES = sorted(
    path.relative_to(ROOT).as_posix() for folder in ("docs", "specs") for path in (ROOT / folder).glob("*.md")
)
FENCED = """\
# Lamp

## Acceptance Criteria

```gherkin
Scenario: It is lit
  When it is switched on
  Then it is lit
```

Some words.

```gherkin
Scenario: It is dark
  When it is switched off
  Then it is dark
```
"""
HEADED = """\
# Feature: Lamp ##

```sh
make
```

## Scenario: It is lit

* When it is switched on
* Then it is lit
"""


def read(path: str, text: str, line_end: str) -> tuple[object, ...]:
    """Read a text with these line ends: its criteria, and what is reported."""
    content = text.replace("\n", line_end)
    spec = parse_spec(path, content.encode())
    file = parse_source_file(path, content)
    criteria = [
        (item.tier, item.text, item.line, item.column, item.group, [block.text.splitlines() for block in item.nested])
        for item in spec.criteria
    ]
    assert [file.find_place(item.start)[0] for item in spec.criteria] == [item.line for item in spec.criteria]
    reported = [(item.line, item.column, item.code, item.message) for item in spec.diagnostics]
    return spec.dialect, spec.title, spec.purpose.splitlines(), criteria, reported


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_with_other_line_ends_is_read_as_with_lf(path: str, line_end: str) -> None:
    text = (ROOT / path).read_bytes().decode().replace("\r\n", "\n")
    assert read(path, text, line_end) == read(path, text, "\n")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("text", "names"), [(FENCED, ["It is lit", "It is dark"]), (HEADED, ["It is lit"])])
def test_scenarios_after_a_block_of_code_are_read_whatever_ends_the_lines(
    text: str, names: list[str], line_end: str
) -> None:
    spec = parse_spec("specs/lamp.md", text.replace("\n", line_end).encode())
    assert [criterion.name or criterion.text for criterion in spec.criteria] == names
    assert read("specs/lamp.md", text, line_end) == read("specs/lamp.md", text, "\n")


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85", "\x0b", "\x1c"])
def test_a_sign_that_ends_no_line_in_markdown_hides_nothing(sign: str) -> None:
    text = f"# Lamp\n\n## Must Have\n\n- [ ] It is{sign}```\n- [ ] It is dark\n- [] It is red\n"
    spec = parse_spec("specs/lamp.md", text.encode())
    assert [criterion.text for criterion in spec.criteria] == ["It is ```", "It is dark"]
    assert [(found.line, found.code) for found in spec.diagnostics if found.line > 1] == [(7, "unread-box")]
