"""Settings of Behave that decide what it runs, and where each one is."""

from __future__ import annotations

from pathlib import Path

import pytest

from spec2bdd.adapters.behave.settings import BehaveSetting, find_nested, find_runner, find_settings


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty project, with an empty home folder."""
    (tmp_path / "home").mkdir()
    (tmp_path / "root").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.delenv("BEHAVE_STAGE", raising=False)
    return tmp_path / "root"


CHOOSING = {
    "tags = not @must": BehaveSetting("tags", "not @must", "behave.ini", 2),
    "default_tags = -@must": BehaveSetting("default_tags", "-@must", "behave.ini", 2),
    "name = dark": BehaveSetting("name", "dark", "behave.ini", 2),
    "include_re = dark": BehaveSetting("include_re", "dark", "behave.ini", 2),
    "exclude_re : dark": BehaveSetting("exclude_re", "dark", "behave.ini", 2),
    "wip = yes": BehaveSetting("wip", "true", "behave.ini", 2),
    "dry_run = true": BehaveSetting("dry_run", "true", "behave.ini", 2),
    "steps_catalog = true": BehaveSetting("steps_catalog", "true", "behave.ini", 2),
    "stage = develop": BehaveSetting("stage", "develop", "behave.ini", 2),
    "lang = de": BehaveSetting("lang", "de", "behave.ini", 2),
}


@pytest.mark.parametrize("line", CHOOSING)
def test_a_setting_that_decides_what_is_run_is_found_in_its_line(root: Path, line: str) -> None:
    (root / "behave.ini").write_text(f"[behave]\n{line}\n")
    assert find_settings(root) == (CHOOSING[line],)


@pytest.mark.parametrize(
    "line", ["stop = true", "junit = true", "format = json", "dry_run = false", "paths = a", "x = 1"]
)
def test_a_setting_that_does_not_is_left_alone(root: Path, line: str) -> None:
    (root / "behave.ini").write_text(f"[behave]\n{line}\n")
    assert find_settings(root) == ()


@pytest.mark.parametrize("name", [".behaverc", "setup.cfg", "tox.ini"])
def test_every_file_of_behave_is_looked_at(root: Path, name: str) -> None:
    (root / name).write_text("[other]\na = 1\n[behave]\ntags = @slow\n")
    assert find_settings(root) == (BehaveSetting("tags", "@slow", name, 4),)


def test_a_pyproject_file_and_the_home_folder_are_looked_at(root: Path) -> None:
    (root / "pyproject.toml").write_text('[tool.behave]\ntags = ["@a", "@b"]\n')
    assert find_settings(root) == (BehaveSetting("tags", "@a, @b", "pyproject.toml", 2),)
    (root / "pyproject.toml").unlink()
    (Path.home() / ".behaverc").write_text("[behave]\nname = dark\n")
    assert find_settings(root) == (BehaveSetting("name", "dark", str(Path.home() / ".behaverc"), 2),)


def test_the_file_that_behave_reads_last_wins(root: Path) -> None:
    (root / "setup.cfg").write_text("[behave]\ntags = @one\n")
    (root / "behave.ini").write_text("[behave]\ntags = @two\n")
    assert find_settings(root) == (BehaveSetting("tags", "@two", "behave.ini", 2),)


def test_another_runner_is_found_with_its_place(root: Path) -> None:
    assert find_runner(root) is None
    (root / "behave.ini").write_text("[behave]\ntags = @slow\nrunner = shop.runner:ShopRunner\n")
    assert find_runner(root) == BehaveSetting("runner", "shop.runner:ShopRunner", "behave.ini", 3)


def test_a_variable_of_the_environment_is_a_setting(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEHAVE_STAGE", "develop")
    assert find_settings(root) == (BehaveSetting("BEHAVE_STAGE", "develop", ""),)


@pytest.mark.parametrize("content", [b"\xff\xfe[behave]", b"no section", b"[behave]\ndry_run = perhaps\n"])
def test_a_file_that_cannot_be_read_has_no_settings(root: Path, content: bytes) -> None:
    (root / "behave.ini").write_bytes(content)
    assert find_settings(root) == ()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"behave.ini": "[behave]\nuse_nested_step_modules = yes\n"}, True),
        ({"pyproject.toml": "[tool.behave]\nuse_nested_step_modules = true\n"}, True),
        ({"tox.ini": "[behave]\nuse_nested_step_modules = yes\n", "behave.ini": "[behave]\nlang = de\n"}, True),
        ({"tox.ini": "[behave]\nuse_nested_step_modules = yes\n", "behave.ini": "[behave]\nsteps_dir = s\n"}, True),
        (
            {
                "tox.ini": "[behave]\nuse_nested_step_modules = yes\n",
                "behave.ini": "[behave]\nuse_nested_step_modules = no\n",
            },
            False,
        ),
        ({"behave.ini": "[behave]\nuse_nested_step_modules = no\n"}, False),
        ({"behave.ini": "[behave]\nlang = de\n"}, False),
        ({"behave.ini": "[behave\n"}, False),
        ({}, False),
    ],
)
def test_steps_in_nested_folders_are_loaded_if_that_is_configured(
    root: Path, files: dict[str, str], expected: bool
) -> None:
    for name, text in files.items():
        (root / name).write_text(text)
    for name in ("steps/a_steps.py", "steps/deep/er/b_steps.py", "steps/data/c.json", "steps/__pycache__/a.pyc"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    folders = {path.relative_to(root / "steps").as_posix() for path in find_nested(root, root / "steps")}
    assert {"deep", "deep/er"} <= folders if expected else folders == set()


def test_without_folders_below_the_steps_there_is_nothing_to_load(root: Path) -> None:
    (root / "behave.ini").write_text("[behave]\nuse_nested_step_modules = yes\n")
    assert find_nested(root, root / "steps") == []
    (root / "steps").mkdir()
    assert find_nested(root, root / "steps") == []
