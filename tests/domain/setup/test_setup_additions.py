"""Additions to files that exist: what is added, that every byte of the rest stays, and what is left alone."""

from __future__ import annotations

import tomllib

import pytest
import yaml

from spec2bdd.domain.setup.additions import add_block, add_config_table, add_hooks, add_ignored, add_section

TABLE = '[tool.spec2bdd]\nspecs = ["a", "b"]\nfeatures = "features"\n'
OWN = {"specs": ["a", "b"], "features": "features"}

TOML_CHANGED = {
    "empty": b"",
    "only blank lines": b"\n\n",
    "a table": b"[project]\nname = 'a'\n",
    "no final line end": b"[tool.ruff]\nline-length = 100",
    "Windows": b"[project]\r\nname = 'a'\r\n# end\r\n",
    "a byte order mark": b"\xef\xbb\xbf[project]\nname = 'a'\n",
    "an array of tables at the end": b"[[tool.mypy.overrides]]\nmodule = 'a'\n",
    "dotted keys": b"[tool]\nruff.line-length = 100\n",
    "a table of the same name in another one": b"[tool.x.spec2bdd]\na = 1\n",
    "a string over several lines": b'x = """\n[tool.spec2bdd]\n"""\n',
    "a comment that names it": b"# [tool.spec2bdd]\n",
}
TOML_LEFT = {
    "no TOML": b"[project\n",
    "no text": b"\xff\n",
    "an inline table": b"tool = { ruff = { line-length = 100 } }\n",
    "a table that has it": b"[tool.spec2bdd]\n",
    "a key that has it": b"tool.spec2bdd.specs = 'a'\n",
    "a value of that name": b"tool = 1\n",
    "an open string": b'x = """\n',
}


@pytest.mark.parametrize("content", TOML_CHANGED.values(), ids=TOML_CHANGED)
def test_a_table_is_added_below_all_bytes_of_the_file(content: bytes) -> None:
    added = add_config_table(content, TABLE)
    assert added is not None
    assert added.startswith(content)
    before, after = (tomllib.loads(text.decode("utf-8-sig")) for text in (content, added))
    assert after == {**before, "tool": {**before.get("tool", {}), "spec2bdd": OWN}}
    assert b"\r\n" not in content or b"\n" not in added.replace(b"\r\n", b"")


@pytest.mark.parametrize("content", TOML_LEFT.values(), ids=TOML_LEFT)
def test_a_file_that_a_table_would_change_is_left_alone(content: bytes) -> None:
    assert add_config_table(content, TABLE) is None


ENTRY = "- repo: local\n  hooks:\n    - id: a\n"
HOOKS_CHANGED = {
    "indented": b"repos:\n  - repo: x\n    hooks: []\n",
    "not indented": b"# hooks\nrepos:\n- repo: x\n  hooks:\n  - id: y\n",
    "no final line end": b"repos:\n- repo: x\n  hooks: []",
    "keys above": b"fail_fast: true\nrepos: # all\n\n# first\n    - repo: x\n      hooks: []\n",
    "Windows": b"repos:\r\n  - repo: x\r\n    hooks: []\r\n",
    "text over several lines": b"repos:\n  - repo: x\n    hooks:\n      - files: |\n          a\n\n          b\n",
    "a comment at the end": b"repos:\n  - repo: x\n    hooks: []\n# end\n",
}
HOOKS_LEFT = {
    "no list": b"repos: []\n",
    "no repositories": b"fail_fast: true\n",
    "an empty list": b"repos:\n",
    "a key below": b"repos:\n  - repo: x\n    hooks: []\nfail_fast: true\n",
    "another document": b"repos:\n- repo: x\n  hooks: []\n---\na: 1\n",
    "an end of the document": b"repos:\n- repo: x\n  hooks: []\n...\n",
    "tabs": b"repos:\n\t- repo: x\n",
    "less indentation below": b"repos:\n    - repo: x\n      hooks: []\n  - repo: y\n",
    "no text": b"repos:\n- \xff\n",
}


@pytest.mark.parametrize("content", HOOKS_CHANGED.values(), ids=HOOKS_CHANGED)
def test_hooks_are_added_below_all_bytes_of_the_file(content: bytes) -> None:
    added = add_hooks(content, ENTRY)
    assert added is not None
    assert added.startswith(content)
    before, after = (yaml.safe_load(text) for text in (content, added))
    assert after.pop("repos") == [*before.pop("repos"), {"repo": "local", "hooks": [{"id": "a"}]}]
    assert after == before
    assert b"\r\n" not in content or b"\n" not in added.replace(b"\r\n", b"")


@pytest.mark.parametrize("content", HOOKS_LEFT.values(), ids=HOOKS_LEFT)
def test_a_file_of_hooks_in_another_form_is_left_alone(content: bytes) -> None:
    assert add_hooks(content, ENTRY) is None


def test_a_block_and_a_line_have_the_line_ends_of_the_file() -> None:
    assert add_block(b"", "a\nb\n") == b"a\nb\n"
    assert add_block(b"x\r\n", "a\nb\n") == b"x\r\n\r\na\r\nb\r\n"
    assert add_block(b"x", "a\n") == b"x\n\na\n"
    contents = (b"", b"x", b"x\r\n")
    assert [add_ignored(content, ["a"]) for content in contents] == [b"a/\n", b"x\na/\n", b"x\r\na/\r\n"]


@pytest.mark.parametrize("line", [b"a", b"/a/", b"a/", b"**/a", b"!a/", b"  a  \r"])
def test_a_folder_with_a_line_in_a_gitignore_is_not_added_again(line: bytes) -> None:
    assert add_ignored(line + b"\n", ["a"]) == line + b"\n"


@pytest.mark.parametrize("line", [b"# a is not ignored", b"x/a/y", b"a-old", b"*.a"])
def test_a_line_that_only_has_the_name_of_a_folder_in_it_does_not_ignore_the_folder(line: bytes) -> None:
    assert add_ignored(line + b"\n", ["a"]) == line + b"\na/\n"


@pytest.mark.parametrize("content", [b"```sh\nmake\n", b"# A\n<!-- x\n", "# A\n".encode("utf-16")])
def test_a_section_is_not_added_to_code_or_a_comment_that_is_open_or_to_another_encoding(content: bytes) -> None:
    assert add_section(content, "## B\n") is None


def test_a_section_is_added_at_the_end() -> None:
    assert add_section(b"# A\n```\nx\n```\n", "## B\n") == b"# A\n```\nx\n```\n\n## B\n"
    assert add_ignored("a\n".encode("utf-16"), ["b"]) is None


@pytest.mark.parametrize("content", [b"[[tool]]\na = 1\n", b"tool = 'x'\n", b"[a]\nb = nan\n"])
def test_a_pyproject_whose_tools_are_no_table_or_that_cannot_be_compared_is_left_alone(content: bytes) -> None:
    assert add_config_table(content, "[tool.spec2bdd]\n") is None


@pytest.mark.parametrize(
    "content", [b"repos:\n- repo: a\n  hooks: [\n", b"repos:\n- repo: a\n\t\n", b"repos:\n- 'a\n  b\n"]
)
def test_hooks_are_not_added_to_yaml_that_is_broken(content: bytes) -> None:
    assert add_hooks(content, ENTRY) is None
