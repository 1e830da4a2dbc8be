"""Temporary folders that outlive their process are removed by the next one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from spec2bdd.adapters.system import work_folder
from spec2bdd.adapters.system.work_folder import open_work_folder

HOLD = """\
import sys
from spec2bdd.adapters.system.work_folder import open_work_folder

with open_work_folder("held-") as folder:
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> subprocess.Popen[str]:
    """Start a process that has a folder."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(work_folder, "_LEAST_AGE", 0.0)
    return subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_folder_of_a_killed_process_is_removed_by_the_next(held: subprocess.Popen[str]) -> None:
    with held:
        assert held.stdout is not None
        folder = Path(held.stdout.readline().strip())
        with open_work_folder("held-"):
            assert folder.is_dir()
        held.kill()
    assert folder.is_dir()
    with open_work_folder("held-") as own:
        assert not folder.exists()
        assert own.is_dir()
    assert not own.exists()
