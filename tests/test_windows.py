"""What a project on Windows has, without Windows: its line ends in all files, and its paths on the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest
from small_project import (
    FEATURE_PATH,
    SPEC,
    SPEC_PATH,
    STEPS,
    STEPS_PATH,
    generate,
    list_verdicts,
    mark,
    read_all,
    verify,
    write_basket,
    write_files,
)

import spec2bdd
from spec2bdd.commands.lint import lint
from spec2bdd.config import read_config

RECORDS = ".spec2bdd/records.ndjson"


def to_crlf(content: bytes) -> bytes:
    """Return a text with the line ends of Windows."""
    return content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def convert(root: Path, paths: list[str]) -> None:
    """Give files the line ends of Windows, as git does with `core.autocrlf`."""
    write_files(root, {path: to_crlf((root / path).read_bytes()) for path in paths})


@pytest.fixture
def finished(tmp_path: Path) -> dict[str, bytes]:
    """The files of a project with other line ends after `verify`."""
    root = write_basket(tmp_path / "other")
    verify(root)
    return read_all(root)


def test_a_project_with_the_line_ends_of_windows_is_verified_as_any_other(
    tmp_path: Path, finished: dict[str, bytes]
) -> None:
    root = write_basket(tmp_path / "windows", spec=to_crlf(SPEC.encode()), steps=STEPS.replace("\n", "\r\n"))
    write_files(root, {"spec2bdd.toml": b'specs = ["specs"]\r\nsteps = "steps"\r\n'})
    report = verify(root)
    assert sorted(list_verdicts(report).values()) == ["failed", "passed", "pending", "pending"]
    files = read_all(root)
    assert files[SPEC_PATH] == to_crlf(finished[SPEC_PATH])
    assert files[STEPS_PATH] == to_crlf(finished[STEPS_PATH])
    assert files[FEATURE_PATH] == finished[FEATURE_PATH]


def test_files_that_git_gave_the_line_ends_of_windows_are_up_to_date_and_their_results_count(tmp_path: Path) -> None:
    root = write_basket(tmp_path)
    first = verify(root)
    convert(root, [SPEC_PATH, STEPS_PATH, FEATURE_PATH, RECORDS])
    assert generate(root, check=True).changes == ()
    report = mark(root)
    assert list_verdicts(report) == list_verdicts(first)
    assert report.changes == ()


def test_a_feature_with_the_line_ends_of_windows_keeps_them_when_its_spec_changes(tmp_path: Path) -> None:
    root = write_basket(tmp_path)
    generate(root)
    convert(root, [SPEC_PATH, STEPS_PATH, FEATURE_PATH])
    spec = (root / SPEC_PATH).read_bytes()
    write_files(root, {SPEC_PATH: spec.replace(b"- [ ] Baskets", b"- [ ] Baskets can be named\r\n- [ ] Baskets")})
    assert sorted(change.path for change in generate(root).changes) == [FEATURE_PATH, STEPS_PATH]
    for path in (FEATURE_PATH, STEPS_PATH):
        content = (root / path).read_bytes()
        assert b"askets can be named" in content
        assert content == to_crlf(content), path


def test_lint_takes_a_path_with_backslashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = write_basket(tmp_path)
    monkeypatch.chdir(root)
    report = lint(read_config(root), paths=[str(PureWindowsPath(SPEC_PATH))])
    assert [spec.spec.path for spec in report.specs] == [SPEC_PATH]


@pytest.mark.parametrize("key", ["specs", "steps", "features"])
def test_a_folder_in_the_configuration_can_have_backslashes(tmp_path: Path, key: str) -> None:
    value = "['docs\\shop']" if key == "specs" else "'docs\\shop'"
    write_files(tmp_path, {"spec2bdd.toml": f"{key} = {value}\n", "docs/shop/a.md": SPEC})
    found = getattr(read_config(tmp_path), key)
    assert found in ("docs/shop", ("docs/shop",))


def test_features_run_without_the_modules_that_only_unix_has(tmp_path: Path) -> None:
    root = write_basket(tmp_path / "basket")
    missing = "import sys\nsys.modules.update(dict.fromkeys(('fcntl', 'grp', 'pwd', 'resource', 'termios')))\n"
    write_files(tmp_path, {"python/sitecustomize.py": missing.encode()})
    path = os.pathsep.join([str(tmp_path / "python"), str(Path(spec2bdd.__file__).parents[1])])
    command = [sys.executable, "-m", "spec2bdd", "verify", "--format", "json"]
    done = subprocess.run(command, cwd=root, env={**os.environ, "PYTHONPATH": path}, capture_output=True, check=False)
    counts = {verdict: count for verdict, count in json.loads(done.stdout)["summary"]["verdicts"].items() if count}
    assert (done.returncode, counts) == (1, {"passed": 1, "failed": 1, "pending": 2})
