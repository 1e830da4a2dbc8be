"""What was read from single files is kept between commands: it saves time, and changes no answer."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from spec2bdd.commands.generate import generate
from spec2bdd.commands.lint import lint
from spec2bdd.commands.reporting.report import report
from spec2bdd.commands.status import status
from spec2bdd.config import Config, read_config
from spec2bdd.domain.gherkin.manifest.index import parse_feature
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.errors import SpecError
from spec2bdd.model import Box, BoxKind, Criterion, Diagnostic, NestedBlock, NestedBlockKind, Severity, Spec, Tier
from spec2bdd.project.cache.feature_cache import parse_features
from spec2bdd.project.cache.row_cache import RowCache
from spec2bdd.project.cache.spec_rows import criterion_from_row, criterion_to_row, spec_from_row, spec_to_row
from spec2bdd.project.loader import load_project
from spec2bdd.project.spec_files import LEAST_CACHED, find_specs, read_specs

ROOT = Path(__file__).parents[2]
CORPUS = sorted(
    path
    for folder in ("specs", "examples", "tests/domain/specs", "tests/domain/lint", "tests/dialects")
    for path in (ROOT / folder).rglob("*.md")
)
SPEC = """\
---
feature_id: {id}
name: Lamp {id}
status: Draft
---
# Lamp {id}

## Acceptance Criteria

### Must Have
- [ ] Lamp {id} lights up
- [x] When the switch {id} is off, the lamp is dark
"""
READINGS, PLANS, FEATURES = (f".spec2bdd/{name}.json" for name in ("readings", "plans", "features"))


def read_rows(path: str, content: bytes) -> Any:
    spec = replace(parse_spec(path, content), content=b"")
    return spec, spec_from_row(json.loads(json.dumps(spec_to_row(spec))))


def test_every_spec_of_this_repository_is_the_same_after_it_was_kept() -> None:
    assert len(CORPUS) > 100
    dialects = set()
    for path in CORPUS:
        try:
            # A dialect is also known by its place in the project.
            spec, kept = read_rows(path.as_posix().rpartition("/project/")[2], path.read_bytes())
        except SpecError:
            continue
        assert spec == kept
        dialects.add(spec.dialect)
    assert len(dialects) > 5


def test_every_feature_file_of_this_repository_is_the_same_after_it_was_kept(tmp_path: Path) -> None:
    (tmp_path / ".spec2bdd").mkdir()
    config = read_config(tmp_path)
    files = sorted([*(ROOT / "features").rglob("*.feature"), *(ROOT / "tests" / "domain").rglob("*.feature")])
    contents = {path.as_posix(): path.read_bytes() for path in files}
    parsed = {path: parse_feature(content.decode("utf-8", "replace")) for path, content in contents.items()}
    assert len([manifest for manifest, _ in parsed.values() if manifest]) > 10
    assert parsed == parse_features(config, contents)
    assert (tmp_path / ".spec2bdd" / "features.json").exists()
    assert parsed == parse_features(config, contents)


def test_each_field_of_a_criterion_is_kept() -> None:
    block = NestedBlock(NestedBlockKind.TABLE, "a", "b", (("c", "d"),), 1, 2)
    criterion = Criterion(
        *(Tier.COULD, "a", Box("x", 3, 2, BoxKind.CELL, "no"), 4, 5, "id", "group", ("b",), 1, True, "why"),
        *((block,), ("t",), "name", "1.2", 9, ("before",)),
    )
    plain = Criterion(Tier.MUST, "", Box(" ", 0), 0, 0)
    names = [field.name for field in fields(Criterion)]
    assert not [name for name in names if getattr(criterion, name) == getattr(plain, name)]
    assert criterion == criterion_from_row(json.loads(json.dumps(criterion_to_row(criterion))))


def test_each_field_of_a_spec_but_its_content_is_kept() -> None:
    diagnostic = Diagnostic("a.md", 1, 2, Severity.WARNING, "code", "message", "hint", "diff", fixable=True)
    content = b"---\nfeature_id: '1'\nname: [x]\n---\n# A\n\n## Purpose\nWhy\n\n## Definition of Done\n- [ ] b\n"
    read = parse_spec("a\udcff.md", content)
    spec = replace(
        read,
        content=b"",
        diagnostics=(diagnostic,),
        criteria=(Criterion(Tier.MUST, "a", Box(" ", 0), 1, 1),),
        upstream=(),
        unread=(4,),
        derived_id="a",
        is_template=True,
        dialect="kiro",
        merged_from="b*.md",
        renamed_in=("c.md",),
    )
    kept = spec_from_row(json.loads(json.dumps(spec_to_row(spec))))
    assert spec == kept
    assert {field.name for field in fields(Spec)} == {
        *("path", "content", "fields", "title", "purpose", "criteria", "done_items", "upstream", "diagnostics"),
        *("unread", "derived_id", "is_template", "dialect", "statuses", "merged_from", "renamed_in"),
    }


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Set up a project that is just large enough for the caches, with a cache folder."""
    (tmp_path / "specs").mkdir()
    for number in range(LEAST_CACHED):
        (tmp_path / "specs" / f"{number}.md").write_text(SPEC.format(id=number))
    (tmp_path / ".spec2bdd").mkdir()
    return read_config(tmp_path)


def read_titles(config: Config) -> dict[str, str]:
    return {spec.path: spec.title for spec in read_specs(config, find_specs(config)).specs}


def poison(config: Config, *paths: str) -> None:
    """Put a title into the kept readings of specs that their files do not have."""
    cache = RowCache(config, "readings.json", version=1)
    for path, digest in read_specs(config, paths).digests.items():
        spec = replace(parse_spec(path, (config.root / path).read_bytes()), title="kept")
        cache.keep(path, digest, spec, spec_to_row)
    cache.store()


def test_only_the_edited_spec_is_read_again(config: Config) -> None:
    titles = read_titles(config)
    poison(config, *titles)
    edited = config.root / "specs" / "7.md"
    edited.write_text(edited.read_text().replace("# Lamp", "# Bulb"))
    assert dict.fromkeys(titles, "kept") | {"specs/7.md": "Bulb 7"} == read_titles(config)


def test_an_edit_counts_whatever_the_clock_says(config: Config) -> None:
    read_titles(config)
    edited = config.root / "specs" / "7.md"
    times = edited.stat()
    edited.write_text(edited.read_text().replace("# Lamp", "# Bulb"))
    os.utime(edited, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert read_titles(config)["specs/7.md"] == "Bulb 7"


def test_the_first_text_is_read_as_before_when_it_comes_back(config: Config) -> None:
    first = read_titles(config)
    edited = config.root / "specs" / "7.md"
    text = edited.read_text()
    edited.write_text(text.replace("# Lamp", "# Bulb"))
    assert first != read_titles(config)
    edited.write_text(text)
    assert first == read_titles(config)


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"kept"', b'"else"'))


def commit(path: Path) -> None:
    for command in (["init", "-q"], ["add", "-f", str(path)]):
        subprocess.run(["git", *command], cwd=path.parents[1], check=True)


@pytest.mark.parametrize("spoil", [damage, commit, Path.unlink, lambda path: path.write_bytes(b"{}")])
def test_a_cache_that_is_damaged_or_committed_counts_as_empty(config: Config, spoil: Callable[[Path], Any]) -> None:
    titles = read_titles(config)
    poison(config, "specs/7.md")
    assert read_titles(config)["specs/7.md"] == "kept"
    spoil(config.root / READINGS)
    assert titles == read_titles(config)


def test_a_row_counts_for_the_settings_and_the_version_that_it_was_made_with(config: Config) -> None:
    poison(config, "specs/7.md")
    assert read_titles(replace(config, boxless=not config.boxless))["specs/7.md"] == "Lamp 7"
    poison(config, "specs/7.md")
    digest = read_specs(config, ["specs/7.md"]).digests["specs/7.md"]
    assert RowCache(config, "readings.json", version=1).find("specs/7.md", digest, len)
    assert RowCache(config, "readings.json", version=2).find("specs/7.md", digest, len) is None


def test_a_cache_has_one_row_for_each_spec_that_there_is(config: Config) -> None:
    generate(config, cached=False)
    status(config)
    for number in range(3):
        (config.root / "specs" / f"{number}.md").rename(config.root / "specs" / f"n{number}.md")
    (config.root / "specs" / "7.md").write_text(SPEC.format(id="7b"))
    generate(config, prune=True, cached=False)
    status(config)
    for name in (READINGS, PLANS, FEATURES):
        assert len((config.root / name).read_bytes().splitlines()) - 1 == LEAST_CACHED


def test_the_plans_that_a_command_makes_with_scenarios_are_kept_for_those_that_need_none(config: Config) -> None:
    generate(config, cached=False)
    generate(config, cached=False)
    kept = (config.root / PLANS).read_bytes()
    assert len(kept.splitlines()) - 1 == LEAST_CACHED
    status(config)
    assert kept == (config.root / PLANS).read_bytes()


def test_a_plan_that_is_kept_is_no_plan_with_scenarios(config: Config) -> None:
    generate(config, cached=False)
    status(config)
    plans = load_project(config).plans
    assert [len(plan.feature.scenarios) for plan in plans if plan.feature] == [2] * LEAST_CACHED


def test_without_a_cache_folder_none_is_made(config: Config) -> None:
    shutil.rmtree(config.root / ".spec2bdd")
    status(config)
    assert not (config.root / ".spec2bdd").exists()


def load_plans(config: Config) -> tuple[object, ...]:
    """Return all that the project loader finds with the caches of readings and of plans."""
    loaded = load_project(config, sources=False, scenarios=False)
    return loaded.plans, loaded.diagnostics, loaded.left_out


def answer_all(config: Config) -> tuple[object, ...]:
    """Return what the commands answer that use what is kept."""
    return status(config), lint(config), replace(report(config), made=""), load_plans(config)


def ask_without_caches(config: Config, answer: Callable[[Config], tuple[object, ...]]) -> tuple[object, ...]:
    kept = config.root / "kept"
    (config.root / ".spec2bdd").rename(kept)
    try:
        return answer(config)
    finally:
        kept.rename(config.root / ".spec2bdd")


def edit_text(config: Config) -> None:
    path = config.root / "specs" / "3.md"
    path.write_text(path.read_text().replace("Lamp 3 lights up", "Lamp 3 is lit"))


def generate_all(config: Config) -> None:
    generate(config, cached=False)


def take_title(config: Config) -> None:
    path = config.root / "specs" / "4.md"
    path.write_text(path.read_text().replace("name: Lamp 4", "name: LAMP 5"))


def take_id(config: Config) -> None:
    path = config.root / "specs" / "6.md"
    path.write_text(path.read_text().replace("feature_id: 6", "feature_id: 7"))


def edit_feature(config: Config) -> None:
    path = config.root / "features" / "8_lamp_8.feature"
    path.write_text(path.read_text().replace("Then", "But"))


def copy_feature(config: Config) -> None:
    shutil.copy(config.root / "features" / "9_lamp_9.feature", config.root / "features" / "copy.feature")


def prove_by_hand(config: Config) -> None:
    text = (config.root / "features" / "10_lamp_10.feature").read_text()
    tag = next(word for word in text.split() if word.startswith("@ac_"))
    own = f"Feature: Own\n\n  {tag}\n  Scenario: Own\n    Given a lamp\n"
    (config.root / "features" / "own.feature").write_text(own)


def delete_feature(config: Config) -> None:
    (config.root / "features" / "11_lamp_11.feature").unlink()


def rename_spec(config: Config) -> None:
    (config.root / "specs" / "12.md").rename(config.root / "specs" / "twelve.md")


def delete_spec(config: Config) -> None:
    (config.root / "specs" / "13.md").unlink()


def break_spec(config: Config) -> None:
    (config.root / "specs" / "14.md").write_bytes(b"\xff")


def fail_to_resolve(config: Config) -> None:
    path = config.root / "specs" / "15.md"
    path.write_text(path.read_text() + "<<<<<<< ours\n")


@pytest.mark.parametrize("keep", [load_plans, load_project], ids=["without-scenarios", "with-scenarios"])
def test_after_each_change_the_answers_are_those_of_a_project_without_caches(
    config: Config, keep: Callable[[Config], object]
) -> None:
    generate(config, cached=False)
    changes = (edit_text, take_title, generate_all, take_id, edit_feature, copy_feature, prove_by_hand)
    keep(config)
    for change in (*changes, delete_feature, rename_spec, delete_spec, break_spec, fail_to_resolve):
        change(config)
        keep(config)
        with_caches = load_plans(config)
        assert ask_without_caches(config, load_plans) == with_caches, change.__name__
    for name in (READINGS, PLANS, FEATURES):
        assert (config.root / name).exists()
    assert ask_without_caches(config, answer_all) == answer_all(config)


def test_a_row_is_there_for_its_name_and_its_digest_only(config: Config) -> None:
    cache = RowCache(config, "rows.json", version=1)
    cache.keep("a", "1", ["row"], list)
    asked = [cache.has("a", "1"), cache.has("a", "2"), cache.has("b", "1")]
    assert asked == [True, False, False]
    assert (cache.find("a", "1", tuple), cache.find("a", "2", tuple)) == (("row",), None)


def test_specs_that_are_gone_leave_no_reading(config: Config) -> None:
    read_titles(config)
    (config.root / "specs" / "7.md").rename(config.root / "specs" / "seven.md")
    read_titles(config)
    assert len((config.root / READINGS).read_bytes().splitlines()) - 1 == LEAST_CACHED
