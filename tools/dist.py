"""Build the wheel and the sdist of the last commit into `dist/`, and try the wheel on each Python of this machine.

Usage: python tools/dist.py [PYTHON ...]

Both are built twice, in different folders, time zones and file modes, and have to be the same bytes; so does a wheel
that is built from the sdist. Then each Python, by default those of `.ci/pythons`, installs the wheel into an empty
environment, away from the checkout: the commands of a newcomer and the demo have to work there.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What a build must not depend on: the time zone, the mode of new files, and the order of sets.
WORLDS: tuple[tuple[int, dict[str, str]], ...] = (
    (0o022, {"TZ": "UTC", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"}),
    (0o077, {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "2", "LC_ALL": "C"}),
)
SPEC = "# Lending\n\n## Acceptance Criteria\n\n### Must Have\n- [ ] A book is lent for 3 weeks\n"
# What a newcomer does first, with the exit status of each command; a criterion without steps fails the strict check.
# Together they read all kinds of data that the package has.
SESSION: tuple[tuple[int, tuple[str, ...]], ...] = (
    (0, ("init", "--ci", "github", "--pre-commit", "--agents", "--yes")),
    (0, ("new", "1.1", "Members")),
    (0, ("verify",)),
    (1, ("verify", "--gate", "all")),
    (0, ("report",)),
    (0, ("capabilities",)),
)


class DistError(Exception):
    """The distributions are not what they have to be."""


def main(interpreters: list[str]) -> int:
    """Build, compare, install and try; print one line for each promise that was kept."""
    if run("git", "status", "--porcelain", cwd=ROOT):
        sys.stderr.write("warning: there are changes that are not committed; they are not in what is built\n")
    try:
        with tempfile.TemporaryDirectory() as folder:
            wheel, sdist = build_twice(Path(folder))
            check_members(wheel)
            check_sdist(sdist, wheel, Path(folder))
            for path in (wheel, sdist):
                shutil.copy(path, ROOT / "dist")
                print(f"dist/{path.name}  {path.stat().st_size:,} bytes  sha256 {digest(path)}")
            chosen = interpreters or run(str(ROOT / ".ci" / "pythons"), cwd=ROOT).splitlines()
            if not chosen:
                raise DistError("the wheel was tried on no Python: none of the versions in pyproject.toml was found")
            for interpreter in chosen:
                try_wheel(wheel, interpreter, Path(folder))
    except DistError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


def build_twice(folder: Path) -> tuple[Path, Path]:
    """Build the last commit in two places, and return the wheel and the sdist if both are the same bytes."""
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    (ROOT / "dist").mkdir()
    archive = folder / "commit.tar"
    run("git", "archive", "--output", str(archive), "HEAD", cwd=ROOT)
    built = []
    for number, (mode, variables) in enumerate(WORLDS):
        source = folder / f"build{number}" / ("source" * (number + 1))
        before = os.umask(mode)
        try:
            unpack(archive, source)
            build(source, source.parent / "dist", variables)
        finally:
            os.umask(before)
        built.append(sorted((source.parent / "dist").iterdir()))
    names = [[path.name for path in paths] for paths in built]
    if names[0] != names[1] or [digest(path) for path in built[0]] != [digest(path) for path in built[1]]:
        raise DistError(f"two builds of one commit differ: {names[0]}")
    print("two builds are the same bytes")
    sdist, wheel = sorted(built[0], key=lambda path: path.suffix)
    return wheel, sdist


def build(
    source: Path, target: Path, variables: Mapping[str, str], *, kinds: tuple[str, ...] = ("sdist", "wheel")
) -> None:
    """Build distributions of a source tree with the hatchling of this environment, dated by the last commit."""
    date = run("git", "log", "-1", "--format=%ct", cwd=ROOT).strip()
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(target)]
    for kind in kinds:
        command += ["--target", kind]
    run(*command, cwd=source, variables={**variables, "SOURCE_DATE_EPOCH": date})


def check_members(wheel: Path) -> None:
    """Check that the wheel has all files of the package, its metadata, and nothing else."""
    expected = set(run("git", "ls-tree", "-rz", "--name-only", "HEAD", "spec2bdd", cwd=ROOT).split("\0")) - {""}
    with zipfile.ZipFile(wheel) as members:
        found = {name for name in members.namelist() if ".dist-info/" not in name}
    if found != expected:
        raise DistError(f"the wheel differs from the package: {sorted(found ^ expected)}")
    print(f"the wheel has the {len(found)} files of the package and nothing else")


def check_sdist(sdist: Path, wheel: Path, folder: Path) -> None:
    """Check that the sdist builds the same wheel."""
    unpack(sdist, folder / "sdist")
    (source,) = (folder / "sdist").iterdir()
    build(source, folder / "again", {}, kinds=("wheel",))
    if digest(folder / "again" / wheel.name) != digest(wheel):
        raise DistError("the sdist builds another wheel")
    print("the sdist builds the same wheel")


def try_wheel(wheel: Path, interpreter: str, folder: Path) -> None:
    """Install the wheel into an empty environment, and use it there as a newcomer does."""
    place = Path(tempfile.mkdtemp(dir=folder))
    run(interpreter, "-m", "venv", str(place / "venv"), cwd=place)
    python, command = (str(place / "venv" / "bin" / name) for name in ("python", "spec2bdd"))
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel), cwd=place)
    run(python, "-m", "pip", "check", cwd=place)
    version = run(command, "--version", cwd=place).strip()
    if wheel.name.split("-")[1] not in version:
        raise DistError(f"`spec2bdd --version` prints `{version}`")
    (place / "project").mkdir()
    for status, arguments in SESSION:
        run(command, *arguments, cwd=place / "project", status=status)
        (place / "project" / "specs" / "1.2-lending.md").write_text(SPEC, encoding="utf-8")
    # The example is no part of the wheel: a newcomer copies it, and so does this.
    shutil.copytree(ROOT / "examples", place / "examples", ignore=shutil.ignore_patterns("__pycache__", ".spec2bdd"))
    run(python, str(place / "examples" / "demo.py"), cwd=place)
    count = len(run(python, "-m", "pip", "list", "--format", "freeze", cwd=place).splitlines())
    shown = run(python, "--version", cwd=place).strip()
    print(f"{shown}: installed into an empty environment of {count} packages; its commands and the demo work")


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a tar archive."""
    folder.mkdir(parents=True)
    with tarfile.open(archive) as members:
        members.extractall(folder, filter="data")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def run(*command: str, cwd: Path, status: int = 0, variables: Mapping[str, str] | None = None) -> str:
    """Run a command that has to end with a status, without the checkout on Python's path, and return its output."""
    environment = {**os.environ, **(variables or {})}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != status:
        raise DistError(f"`{' '.join(command)}` exited with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
