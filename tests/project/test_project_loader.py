"""Specs as teams have them, taken through whole commands: their words, their states, their status, their folders."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import program
import pytest
from small_project import (
    FEATURE_PATH,
    SPEC,
    SPEC_PATH,
    STEPS_PATH,
    generate,
    list_verdicts,
    verify,
    write_basket,
    write_files,
)

from spec2bdd.commands.explain_reading import explain_reading
from spec2bdd.config import read_config
from spec2bdd.errors import ConfigError
from spec2bdd.project.spec_files import find_specs

STEPS = """\
from behave import then


@then("an item can be added")
@then("the basket survives a restart")
def it_is_so(context):
    basket = [context.scenario.name and "apple"]
    assert basket == ["apple"]


@then("Baskets can be shared")
def it_is_not(context):
    basket = [context.scenario.name and "apple"]
    assert not basket
"""

STORIES = """\
# Baskets

**Status:** Draft

## Story 1: Collect
**Acceptance Criteria:**
- [ ] An item can be added

## Story 2: Keep
**Acceptance Criteria:**
- [ ] The basket survives a restart
"""

# What a project configures, and the verdicts and the status that the basket's spec has then.
GATES = [
    ('gate = ["must"]', "Review"),
    ('gate = ["must", "should"]', "Review"),
    ('gate = ["must", "should", "could"]', "In Progress"),
]

# What `exclude` holds, and which of four specs are read then.
SPECS = ("specs/01-login.md", "specs/02-search.md", "specs/old/01-login.md", "specs/old/deep/notes.md")
EXCLUDED = [
    ("specs/old", SPECS[:2]),
    ("specs/old/**/*.md", SPECS[:2]),
    ("specs/0[2-9]-*.md", (SPECS[0], *SPECS[2:])),
    ("**/01-login.md", (SPECS[1], SPECS[3])),
    ("specs/old/*.md", (*SPECS[:2], SPECS[3])),
]
EXCLUDES_NOTHING = ["old", "01-login.md", "specs/0", "specs/*.feature", "docs"]

# Reads all specs once with all rights, so that all modules are loaded, and again as a user who has none.
LINT_AS_NOBODY = """
import os, sys
from pathlib import Path
from spec2bdd.config import read_config
from spec2bdd.commands.lint import lint

config = read_config(Path(sys.argv[1]))
lint(config)
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
report = lint(config)
print(report.exit_code)
for diagnostic in report.diagnostics:
    print(f"{diagnostic.path}: {diagnostic.message} [{diagnostic.code}]")
"""


def test_the_status_in_the_text_of_a_spec_is_marked(tmp_path: Path) -> None:
    write_files(tmp_path, {"specs/basket.md": STORIES, STEPS_PATH: STEPS})
    verify(tmp_path)
    expected = STORIES.replace("**Status:** Draft", "**Status:** Review").replace("[ ]", "[x]")
    assert (tmp_path / "specs" / "basket.md").read_text() == expected


def test_the_stories_of_a_spec_are_named_in_its_feature(tmp_path: Path) -> None:
    write_files(tmp_path, {"specs/basket.md": STORIES, STEPS_PATH: STEPS})
    generate(tmp_path)
    (feature,) = (tmp_path / "features").glob("*.feature")
    shown = [line.strip() for line in feature.read_text().splitlines() if "Story" in line]
    assert shown == ["# Story 1: Collect", "# Story 2: Keep"]


@pytest.mark.parametrize(("settings", "status"), GATES)
def test_the_status_waits_for_the_tiers_that_gate(tmp_path: Path, settings: str, status: str) -> None:
    spec = SPEC.replace('- [ ] Removing an item that is not there is refused with "no such item"\n', "")
    write_basket(tmp_path, spec=spec, steps=STEPS)
    write_files(tmp_path, {"spec2bdd.toml": f"{settings}\n"})
    verify(tmp_path)
    assert f"status: {status}\n" in (tmp_path / SPEC_PATH).read_text()


def test_a_project_names_its_tiers_and_leaves_sections_out(tmp_path: Path) -> None:
    settings = '[headings]\nmust = ["Showstopper"]\nleave-out = ["Could Have"]\n'
    write_basket(tmp_path, spec=SPEC.replace("### Must Have", "### 🛑 Showstoppers (P0)"))
    write_files(tmp_path, {"spec2bdd.toml": settings})
    generate(tmp_path)
    feature = (tmp_path / FEATURE_PATH).read_text()
    assert tuple(feature.count(f"@{tier}\n") for tier in ("must", "should", "could")) == (2, 1, 0)
    reading = explain_reading(read_config(tmp_path), tmp_path / SPEC_PATH)
    assert reading.checkboxes[-1].reason == "under `Could Have`, which the configuration leaves out"


def test_a_sign_in_a_box_stays_until_a_scenario_has_passed(tmp_path: Path) -> None:
    signs = SPEC.replace("- [ ] An item", "- [🚧] An item").replace("- [ ] The basket", "- [⏳] The basket")
    write_basket(
        tmp_path,
        spec=signs.replace("- [ ] Baskets", "- [✅] Baskets").replace("[ ] Removing", "[❌] Removing"),
        steps=STEPS,
    )
    verdicts = list_verdicts(verify(tmp_path))
    assert list(verdicts.values()) == ["passed", "pending", "passed", "failed"]
    marks = [line[3] for line in (tmp_path / SPEC_PATH).read_text().splitlines() if line.startswith("- [")]
    assert marks == [" ", "x", "❌", "x", "✅"]


def list_specs(root: Path, exclude: str) -> tuple[str, ...]:
    """List the specs that are read with a value of `exclude`."""
    write_files(root, dict.fromkeys(SPECS, SPEC) | {"spec2bdd.toml": f"exclude = {exclude}\n"})
    return tuple(find_specs(read_config(root)))


@pytest.mark.parametrize(("pattern", "expected"), EXCLUDED)
def test_an_excluded_spec_is_not_read(tmp_path: Path, pattern: str, expected: tuple[str, ...]) -> None:
    assert list_specs(tmp_path, f'"{pattern}"') == expected


@pytest.mark.parametrize("pattern", EXCLUDES_NOTHING)
def test_a_pattern_that_matches_no_spec_excludes_none(tmp_path: Path, pattern: str) -> None:
    assert list_specs(tmp_path, f'["{pattern}"]') == SPECS


def test_excluding_all_specs_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="`exclude` matches all of them"):
        list_specs(tmp_path, '["specs/old", "specs/*.md"]')


# The configuration, the folders that exist, and what the message says of the root.
NO_SPECS = {
    "no folder": ("", (), "no folder `specs/`"),
    "an empty folder": ("", ("specs",), "no `.md` files in `specs/`"),
    "a pattern": ('specs = "docs/*/spec.md"\n', ("docs",), "no `.md` files in `docs/*/spec.md`"),
    "one of two": ('specs = ["specs", "docs/*.md"]\n', ("specs",), "no `.md` files in `specs/`, `docs/*.md`"),
    "neither": ('specs = ["specs", "docs/*.md"]\n', (), "no folder `specs/` or `docs/`"),
}


@pytest.mark.parametrize(("settings", "folders", "where"), NO_SPECS.values(), ids=NO_SPECS)
def test_where_no_specs_were_found_is_said_with_the_root(
    tmp_path: Path, settings: str, folders: tuple[str, ...], where: str
) -> None:
    write_files(tmp_path, {"spec2bdd.toml": settings})
    for folder in ("features", *folders):
        (tmp_path / folder).mkdir()
    with pytest.raises(ConfigError) as caught:
        find_specs(read_config(tmp_path / "features"))
    assert str(caught.value) == f"no specs found in `{tmp_path}`: {where}"
    assert "in `spec2bdd.toml`" in caught.value.hint


def test_a_folder_without_configuration_is_set_up_with_init(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        find_specs(read_config(tmp_path))
    hint = "set up a project here with `spec2bdd init`, or run the command in the folder of your project"
    assert caught.value.hint == hint


def test_specs_that_cannot_be_read_are_not_reported_as_missing(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs/1.1-lamp.md").symlink_to("nowhere")
    with pytest.raises(ConfigError) as caught:
        find_specs(read_config(tmp_path))
    place, message = "specs/1.1-lamp.md", "no specs found: cannot read: the link leads nowhere"
    assert (caught.value.path, caught.value.message) == (place, message)


OTHER = "---\nfeature_id: 9.1\nname: Lamp\nstatus: Draft\n---\n\n## Acceptance Criteria\n\n- [ ] It glows at night\n"


@pytest.mark.parametrize("name", [SPEC_PATH, f"./{SPEC_PATH}"])
def test_an_excluded_spec_is_said_to_be_left_out_and_not_to_be_missing(tmp_path: Path, name: str) -> None:
    generate(write_basket(tmp_path))
    write_files(tmp_path, {"specs/9.md": OTHER, "spec2bdd.toml": f'exclude = ["{SPEC_PATH}"]\n'})
    checked = program.call(tmp_path, "generate", "--check").stderr
    assert f"{FEATURE_PATH}:1:1: warning: its spec `{SPEC_PATH}` is left out by `specs` or `exclude`" in checked
    answer = program.call(tmp_path, "status", name)
    assert (answer.returncode, answer.stderr.splitlines()[0]) == (
        2,
        f"error: `{name}` is not among the specs of the project [not-found]",
    )


def read_ids(root: Path, path: str) -> list[str]:
    """Read the ids in a feature file."""
    return re.findall(r"@(ac_\w+)", (root / path).read_text(encoding="utf-8"))


def test_a_new_spec_with_the_criteria_of_an_excluded_one_has_ids_of_its_own(tmp_path: Path) -> None:
    generate(write_basket(tmp_path))
    ids, other = read_ids(tmp_path, FEATURE_PATH), SPEC.replace("3.10", "4.1").replace("Shop basket", "Cart")
    write_files(tmp_path, {"specs/4.1-cart.md": other, "spec2bdd.toml": f'exclude = ["{SPEC_PATH}"]\n'})
    codes = [item.code for item in generate(tmp_path).diagnostics]
    assert ("spec-moved" in codes, read_ids(tmp_path, FEATURE_PATH)) == (False, ids)
    assert set(read_ids(tmp_path, "features/4_1_cart.feature")).isdisjoint(ids)


def test_a_new_spec_with_the_number_of_an_excluded_one_takes_its_ids_and_says_so(tmp_path: Path) -> None:
    generate(write_basket(tmp_path))
    ids = read_ids(tmp_path, FEATURE_PATH)
    write_files(tmp_path, {"specs/cart.md": SPEC, "spec2bdd.toml": f'exclude = ["{SPEC_PATH}"]\n'})
    messages = [item.message for item in generate(tmp_path).diagnostics if item.code == "spec-moved"]
    assert messages == [
        f"has the `feature_id` of `{SPEC_PATH}`, which `specs` or `exclude` leaves out; its ids are kept"
    ]
    assert read_ids(tmp_path, FEATURE_PATH) == ids


def test_a_spec_that_is_no_longer_excluded_is_generated(tmp_path: Path) -> None:
    write_basket(tmp_path)
    write_files(tmp_path, {"specs/4.1-till.md": SPEC.replace("3.10", "4.1"), "spec2bdd.toml": 'exclude = "specs/4*"\n'})
    generate(tmp_path)
    assert [path.name for path in (tmp_path / "features").iterdir()] == ["3_10_shop_basket.feature"]
    write_files(tmp_path, {"spec2bdd.toml": 'exclude = "specs/5*"\n'})
    generate(tmp_path)
    features = sorted(path.name for path in (tmp_path / "features").iterdir())
    assert features == ["3_10_shop_basket.feature", "4_1_shop_basket.feature"]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Make a folder that everybody may look into, as pytest's own may not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    (folder / "specs" / "closed").chmod(0o755)
    shutil.rmtree(folder)


def test_a_folder_that_may_not_be_read_is_reported_and_hides_no_other_spec(open_folder: Path) -> None:
    write_files(
        open_folder, {"specs/closed/a.md": SPEC, "specs/b.md": SPEC.replace("branch: feature/", "branch: [x] #")}
    )
    (open_folder / "specs" / "closed").chmod(0)
    command = [sys.executable, "-c", LINT_AS_NOBODY, str(open_folder)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    code, *diagnostics = answer.stdout.splitlines()
    assert (code, answer.stderr) == ("2", "")
    assert [diagnostic.split()[-1] for diagnostic in diagnostics] == ["[placeholder-field]", "[unreadable]"]
    assert diagnostics[1] == "specs/closed: cannot read: Permission denied [unreadable]"
