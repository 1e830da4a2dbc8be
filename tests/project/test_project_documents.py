"""The documents that `prd` and `plan` name: files, folders and patterns, and what cannot be read of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_project import write_files

from spec2bdd.config import read_config
from spec2bdd.domain.lint.sections import check_sections
from spec2bdd.model import Field, Spec
from spec2bdd.model.trace import SectionKind
from spec2bdd.project.trace.documents import read_documents

FILES = {"docs/prd.md": "# 1 A\n", "docs/more/b.md": "# 2 B\n", "docs/more/c.txt": "# 3 C\n", "other.md": "# 4 D\n"}
PATTERNS = {
    '"docs/prd.md"': ["1"],
    '"docs"': ["2", "1"],
    '"docs/*.md"': ["1"],
    '"docs/**/*.md"': ["2", "1"],
    '["other.md", "docs/more"]': ["4", "2"],
    '"docs/more/c.txt"': ["3"],
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_files_folders_and_patterns_name_documents(tmp_path: Path, pattern: str) -> None:
    write_files(tmp_path, {**FILES, "spec2bdd.toml": f"prd = {pattern}\n"})
    documents = read_documents(read_config(tmp_path))
    assert [section.number for section in documents.sections[SectionKind.PRD]] == PATTERNS[pattern]
    assert (documents.diagnostics, SectionKind.PLAN in documents.sections) == ((), False)


UNREADABLE = {
    "nothing": ({}, "`prd` names `docs/x.md`, which matches no file"),
    "other bytes": ({"docs/x.md": b"\xff"}, "`prd` names this document, which cannot be read: not UTF-8"),
    "endless quotes": ({"docs/x.md": ">" * 100_000}, "cannot be read: too long or nested too deeply"),
}


@pytest.mark.parametrize(("files", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_document_that_cannot_be_read_is_a_warning_and_has_no_sections(
    tmp_path: Path, files: dict[str, str | bytes], message: str
) -> None:
    write_files(tmp_path, {**files, "spec2bdd.toml": 'prd = "docs/x.md"\n'})
    documents = read_documents(read_config(tmp_path))
    (diagnostic,) = documents.diagnostics
    assert message in diagnostic.message
    assert (diagnostic.code, documents.sections) == ("missing-document", {})


def make_spec(section: str) -> Spec:
    """Build a spec that names a section of the PRD."""
    return Spec("a.md", b"", (Field("prd_section", section, 3, 1),))


HINTS = {
    "9 (Ghosts)": ["no document of the PRD has a section `9 (Ghosts)`"],
    "1, 7": ["no document of the PRD has a section `7`"],
    "A": [],
    "2 (docs/prd.md)": ["no document of the PRD has a section `2 (docs/prd.md)`"],
    "n/a": [],
}


@pytest.mark.parametrize("section", HINTS)
def test_each_unknown_section_is_reported_at_its_field(tmp_path: Path, section: str) -> None:
    write_files(tmp_path, {**FILES, "spec2bdd.toml": 'prd = ["docs"]\n'})
    sections = read_documents(read_config(tmp_path)).sections
    found = list(check_sections(make_spec(section), sections))
    assert [diagnostic.message for diagnostic in found] == HINTS[section]
    assert {(diagnostic.path, diagnostic.line, diagnostic.column) for diagnostic in found} <= {("a.md", 3, 1)}
