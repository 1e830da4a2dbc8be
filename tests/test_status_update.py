"""After an edit of few specs, `status` judges these alone, where the others cannot depend on what was edited."""

from __future__ import annotations

import re

import pytest
from small_project import generate, run, write_basket, write_files

from spec2bdd.commands.reporting.overview import compute_overview, update_overview
from spec2bdd.commands.status import status
from spec2bdd.config import Config, read_config

LAMP = """\
---
feature_id: 1.1
name: Lamp
owner: Ana
status: In Progress
---

# Lamp

## Acceptance Criteria

### Must Have
- [ ] An item can be added
- [x] The lamp is green

### Could Have
- [ ] It is pretty (manual)
"""
LAMP_PATH = "specs/1.1-lamp.md"
TABLE = LAMP.replace("1.1", "1.2").replace("amp", "able").replace("owner", "priority: ASAP\nowner")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Return the configuration of a project of three specs that was run."""
    root = tmp_path_factory.mktemp("project")
    write_files(write_basket(root), {LAMP_PATH: LAMP, "specs/1.2-table.md": TABLE})
    generate(root)
    run(root)
    return read_config(root)


@pytest.fixture
def config(project: Config) -> Config:
    """Return it before any edit."""
    write_files(project.root, {LAMP_PATH: LAMP})
    return project


ALONE = {
    "a remark at the end": (r"\Z", "\nOne more line.\n"),
    "a remark before the criteria": ("## Acc", "Some words.\n\n## Acc"),
    "a tick": ("- \\[ \\] An", "- [x] An"),
    "no tick any more": ("- \\[x\\]", "- [ ]"),
    "other words of a criterion": ("is green", "is really green"),
    "an owner": ("Ana", "Bo"),
    "a status": ("In Progress", "Draft"),
    "a waiver": (r"green\n", r"green (waived: no paint)\n"),
    "an item to be done": (r"\Z", "\n## Definition of Done\n- [x] All tests pass\n"),
    "what warns": ("status: .*", "status: Nearly"),
    "a comment that suppresses warnings": ("# Lamp", "<!-- spec2bdd: ignore -->\n# Lamp"),
}
TOGETHER = {
    "another id": ("feature_id: 1.1", "feature_id: 1.3"),
    "another name": ("name: Lamp", "name: Light"),
    "a new criterion": ("### Could", "- [ ] It is new\n\n### Could"),
    "a criterion less": (r"- \[x\] The lamp is .*\n", ""),
    "a status that is not proved": ("status: .*", "status: Complete"),
    "a spec to wait for": (r"\Z", "\n## Upstream Dependencies\n- 1.2\n"),
    "a conflict of merging": ("# Lamp", "<<<<<<< ours\n# Lamp"),
}


def edit(config: Config, pattern: str, text: str) -> None:
    path = config.root / LAMP_PATH
    edited = re.sub(pattern, text, path.read_text(), count=1)
    assert edited != path.read_text()
    path.write_text(edited)


@pytest.mark.parametrize("name", ALONE)
def test_an_edit_that_concerns_one_spec_gives_the_overview_of_all(config: Config, name: str) -> None:
    known, _ = compute_overview(config)
    edit(config, *ALONE[name])
    updated = update_overview(config, known, {LAMP_PATH})
    assert updated is not None
    assert compute_overview(config) == (updated, True)


@pytest.mark.parametrize("name", TOGETHER)
def test_an_edit_that_other_specs_may_depend_on_lets_all_be_judged(config: Config, name: str) -> None:
    known, _ = compute_overview(config)
    edit(config, *TOGETHER[name])
    assert update_overview(config, known, {LAMP_PATH}) is None


def test_a_document_that_is_no_spec_lets_all_be_judged(config: Config) -> None:
    known, _ = compute_overview(config)
    assert update_overview(config, known, {"specs/README.md"}) is None


def test_edits_one_after_the_other_give_the_answers_of_a_project_without_caches(config: Config) -> None:
    for edited in (*ALONE.values(), *TOGETHER.values()):
        status(config)
        edit(config, *edited)
        answer = status(config)
        (config.root / ".spec2bdd" / "status.json").unlink(missing_ok=True)
        assert status(config) == answer
