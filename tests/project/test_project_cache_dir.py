"""Remembered texts save time and nothing else: what is generated is the same with and without them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spec2bdd.adapters.system.file_stamps import stamp_file
from spec2bdd.commands.generate import generate
from spec2bdd.config import Config, read_config
from spec2bdd.domain import templates
from spec2bdd.domain.templates import list_new_texts, recall_texts, render_part
from spec2bdd.project.cache.first_sight import remember_defined
from spec2bdd.project.cache.folder import open_cache, recall_rendered, store_rendered
from spec2bdd.project.cache.remembered import read_remembered, write_remembered
from spec2bdd.project.cache.row_cache import RowCache

SPEC = """---
feature_id: 1.1
status: Draft
---
# Lamp

## Acceptance Criteria

### Must Have
- [ ] It lights up
- [ ] When the switch is off, the lamp is dark
"""
KEPT = ".spec2bdd/rendered.json"
FEATURE = "features/1_1_lamp.feature"


@pytest.fixture(autouse=True)
def forget() -> Iterator[None]:
    """Leave no texts to other tests."""
    yield
    recall_texts({})


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "lamp.md").write_text(SPEC)
    (tmp_path / ".spec2bdd").mkdir()
    return read_config(tmp_path)


def run_generate(config: Config) -> str:
    """Generate without the cache of whole reports, and return the feature."""
    generate(config, cached=False)
    return (config.root / FEATURE).read_text()


def test_texts_are_recalled_in_the_next_run(config: Config) -> None:
    feature = run_generate(config)
    recall_rendered(config)
    before = (config.root / KEPT).read_bytes()
    assert feature == run_generate(config)
    # Nothing was new, so nothing was written.
    assert (config.root / KEPT).read_bytes() == before
    assert list_new_texts() == {}


def test_a_recalled_text_is_not_rendered() -> None:
    values = {"pad": "", "tags": "@a", "keyword": "Scenario", "name": "A", "steps": [], "examples": []}
    recall_texts({})
    text = render_part("scenario.jinja", **values)
    kept = dict(list_new_texts())
    assert list(kept.values()) == [text]
    recall_texts(dict.fromkeys(kept, "recalled"))
    assert render_part("scenario.jinja", **values) == "recalled"
    assert render_part("scenario.jinja", **values | {"name": "B"}) != "recalled"


def test_a_changed_criterion_is_rendered_again(config: Config) -> None:
    run_generate(config)
    path = config.root / "specs" / "lamp.md"
    path.write_text(SPEC.replace("It lights up", "It glows in the dark"))
    assert "Scenario: It glows in the dark" in run_generate(config)


def test_no_folder_is_made_for_texts(config: Config) -> None:
    (config.root / ".spec2bdd").rmdir()
    recall_rendered(config)
    render_part("scenario.jinja", pad="", tags="@a", keyword="Scenario", name="A", steps=[], examples=[])
    store_rendered(config)
    assert not (config.root / ".spec2bdd").exists()


def forge(content: bytes) -> bytes:
    """Change a text, with the digest that anyone could compute for it."""
    body = content.partition(b"\n")[2].replace(b"lights up", b"may light up")
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut off": lambda content: content[:-20],
    "a changed text": lambda content: content.replace(b"lights up", b"may light up"),
    "a forged text": forge,
    "not JSON": lambda content: content.partition(b"\n")[0] + b"\n{",
    "nothing but brackets": lambda _: b"[" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_or_forged_file_is_ignored(config: Config, damage: Callable[[bytes], bytes]) -> None:
    feature = run_generate(config)
    kept = config.root / KEPT
    assert b"lights up" in kept.read_bytes()
    kept.write_bytes(damage(kept.read_bytes()))
    (config.root / FEATURE).unlink()
    assert feature == run_generate(config)


def test_texts_of_other_templates_are_ignored(config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_generate(config)
    folder = tmp_path / "templates"
    folder.mkdir()
    for path in Path(templates.__file__).parent.glob("*.*"):
        # The same content and time, as in a copy on another machine: the inode and the time of the change differ.
        (folder / path.name).write_bytes(path.read_bytes())
        os.utime(folder / path.name, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
        assert stamp_file(str(path)) != stamp_file(str(folder / path.name))
    recall_rendered(config)
    assert templates._memory.recalled
    monkeypatch.setattr(templates, "__file__", str(folder / "__init__.py"))
    recall_rendered(config)
    assert templates._memory.recalled == {}


def test_many_texts_are_not_remembered() -> None:
    recall_texts({})
    name = "x" * 300_000
    for number in range(3):
        text = render_part(
            "scenario.jinja", pad="", tags=f"@a{number}", keyword="Scenario", name=name, steps=[], examples=[]
        )
        assert f"@a{number}\nScenario: {name}\n" == text
    assert list_new_texts() == {}


def test_no_file_of_the_cache_is_read_through_a_link(config: Config) -> None:
    rows = RowCache(config, "rows.json", version=1)
    rows.keep("a", "digest", 1, str)
    rows.store()
    write_remembered(config, "facts.json", {"a": 1}, version=1)
    run_generate(config)
    for name in ("rows.json", "facts.json", "rendered.json"):
        moved = (config.root / ".spec2bdd" / name).rename(config.root / name)
        (config.root / ".spec2bdd" / name).symlink_to(moved)
    assert RowCache(config, "rows.json", version=1).find("a", "digest", str) is None
    assert read_remembered(config, "facts.json", version=1) == {}
    recall_rendered(config)
    assert list_new_texts() == {}


@pytest.mark.parametrize("kind", ["link", "device", "folder", "pipe"])
def test_only_a_regular_file_of_the_cache_is_opened(config: Config, kind: str) -> None:
    path = config.root / ".spec2bdd" / "rows.json"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero" if kind == "device" else config.root / "specs" / "lamp.md")
    with pytest.raises(OSError, match=r"Errno"):
        open_cache(path)


def test_what_is_remembered_of_criteria_is_written_as_a_whole(config: Config) -> None:
    remember_defined(config, ["b"])
    remember_defined(config, ["a"])
    assert (config.root / ".spec2bdd" / "first_sight.json").read_bytes() == b'["a", "b"]'
