"""Every real spec that we have goes through the loop: reading, generating, loading in Behave, marking."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from planned_project import parse_with_behave, parse_with_gherkin
from small_project import generate, mark, read_all, run, write_files

from spec2bdd.commands.lint import lint
from spec2bdd.config import read_config
from spec2bdd.domain.gherkin.manifest.manifest import parse_manifest
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.errors import SpecError
from spec2bdd.model import BoxKind, Verdict

ROOT = Path(__file__).parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
TEMPLATE = CORPUS.parent / "spec-template.md"
FILES = sorted(CORPUS.glob("*/*.md"))

needs_corpus = pytest.mark.skipif(
    not FILES, reason="skipped, not passed: the corpus of real specs (../shared/corpus) is not on this machine"
)


@needs_corpus
def test_every_real_spec_is_read(tmp_path: Path) -> None:
    criteria = 0
    for path in FILES:
        try:
            spec = parse_spec(path.name, path.read_bytes())
        except SpecError:
            continue
        criteria += len(spec.criteria)
        boxes = [found.box for found in spec.criteria if found.box.kind is BoxKind.BOX]
        assert all(spec.text[box.offset] == box.mark for box in boxes)
    assert criteria > 500


def name_specs() -> dict[str, bytes]:
    """Return all real specs by the path that they get in one project, each with an id of its own."""
    named = {f"specs/{path.parent.name}_{n}.md": path.read_bytes() for n, path in enumerate(FILES)}
    return {
        path: re.sub(rb"(?m)^feature_id:.*$", b"feature_id: %d" % n, content, count=1)
        for n, (path, content) in enumerate(named.items())
    }


@needs_corpus
def test_every_real_spec_generates_runs_dry_and_is_marked_without_losing_a_byte(tmp_path: Path) -> None:
    contents = name_specs()
    write_files(tmp_path, contents)
    write_files(tmp_path, {"pyproject.toml": "[tool.spec2bdd]\n[tool.behave]\ndry_run = true\n"})
    generate(tmp_path)
    features = [path for path in read_all(tmp_path) if path.endswith(".feature")]
    assert len(features) > 50
    second = generate(tmp_path)
    assert second.changes == ()
    report = run(tmp_path)
    assert report.run is not None
    assert report.run.complete
    steps = [step.status for record in report.run.results for step in record.steps]
    assert len(steps) > 500
    # A dry run says `untested` of a step that has a definition, and `undefined` of one that has none.
    assert set(steps) == {"untested"}
    verdicts = {found.verdict for spec in report.specs for found in spec.verdicts}
    assert Verdict.PASSED not in verdicts
    mark(tmp_path)
    assert contents == {path: content for path, content in read_all(tmp_path).items() if path in contents}


@needs_corpus
def test_what_real_specs_generate_is_as_others_want_it(tmp_path: Path) -> None:
    write_files(tmp_path, name_specs())
    generate(tmp_path)
    assert count_checked(tmp_path / "features") > 900


def test_what_our_own_specs_generate_is_as_others_want_it() -> None:
    assert count_checked(ROOT / "features") > 10


def test_what_the_specs_of_the_example_generate_is_as_others_want_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "chat" / "specs", tmp_path / "specs")
    generate(tmp_path)
    assert count_checked(tmp_path / "features") > 10


def count_checked(folder: Path) -> int:
    """Hold the generated features of a folder against two parsers, a linter and a formatter; return the scenarios."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.feature"))]
    generated = [text for text in texts if parse_manifest(text)]
    parsed = [parse_with_behave(text) for text in generated]
    assert parsed == [parse_with_gherkin(text) for text in generated]
    for tool, *options in (("behave-lint", "--fail-on", "error"), ("behave-format", "--check")):
        command = [str(Path(sys.executable).with_name(tool)), *options, str(folder)]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr
    return sum(len(scenarios) for *_, scenarios in parsed)


@pytest.mark.skipif(
    not TEMPLATE.exists(),
    reason="skipped, not passed: the spec template (../shared/spec-template.md) is not on this machine",
)
def test_u4_the_unfilled_template_takes_one_line_and_gives_no_scenarios(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    shutil.copy(TEMPLATE, tmp_path / "specs" / "template.md")
    report = generate(tmp_path)
    assert report.exit_code == 0
    assert list(read_all(tmp_path)) == ["specs/template.md"]
    # A suggestion is reported by `lint` alone.
    assert [diagnostic.code for diagnostic in report.diagnostics] == []
    assert [diagnostic.code for diagnostic in lint(read_config(tmp_path)).diagnostics] == ["unfilled-template"]
