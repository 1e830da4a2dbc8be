"""The wheel: all files of the package, nothing else, and the same bytes each time that it is built."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]
PACKAGED = ("LICENSE", "README.md", "pyproject.toml", "spec2bdd")


def copy_tree(target: Path) -> Path:
    """Copy what a wheel is built from, as a checkout has it: without caches."""
    target.mkdir()
    for name in PACKAGED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, target)
    return target


def build_wheel(source: Path, target: Path) -> Path:
    """Build a wheel of a source tree."""
    (path,) = WheelBuilder(str(source)).build(directory=str(target), versions=["standard"])
    return Path(path)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    return build_wheel(copy_tree(folder / "source"), folder)


def test_the_wheel_has_all_files_of_the_package_and_nothing_else(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "spec2bdd"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    tracked = {path for path in listed.stdout.split("\0") if path and (ROOT / path).exists()}
    with zipfile.ZipFile(wheel) as members:
        packaged = {name for name in members.namelist() if ".dist-info/" not in name}
    assert sorted(packaged ^ tracked) == []
    assert len(packaged) > 600


def test_the_same_files_elsewhere_with_other_times_and_modes_make_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    source = copy_tree(tmp_path / "elsewhere")
    for path in source.rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            os.utime(path, (10**9, 10**9))
    assert build_wheel(source, tmp_path).read_bytes() == wheel.read_bytes()
