"""`kill -9` at any moment of `verify`: every file is whole, old or new, and the next run completes the work."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from small_project import FEATURE_PATH, SPEC, SPEC_PATH, STEPS_PATH, read_all, verify, write_basket

KILLS = int(os.environ.get("SPEC2BDD_KILLS", "12"))
COMMAND = [sys.executable, "-m", "spec2bdd", "verify", "-q"]


def hide_time(content: bytes) -> bytes:
    """Return a spec without the value of `updated`, which is the clock's."""
    return b"\n".join(line for line in content.split(b"\n") if not line.startswith(b"updated:"))


def kill_verify(root: Path, delay: float) -> bool:
    """Start `verify`, kill it and all that it started after `delay` seconds, and tell whether it was still running."""
    process = subprocess.Popen(COMMAND, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0)
    time.sleep(delay)
    running = process.poll() is None
    if running:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return running


def test_every_file_is_whole_wherever_verify_is_killed(tmp_path: Path) -> None:
    finished = tmp_path / "finished"
    write_basket(finished)
    verify(finished)
    new = {path: hide_time(content) for path, content in read_all(finished).items()}
    old = {SPEC_PATH: hide_time(SPEC.encode()), STEPS_PATH: (write_basket(tmp_path / "old") / STEPS_PATH).read_bytes()}
    started = time.monotonic()
    subprocess.run(COMMAND, cwd=write_basket(tmp_path / "timed"), check=False, capture_output=True)
    whole = time.monotonic() - started
    chance = random.Random(7)
    killed = 0
    for number in range(KILLS):
        root = write_basket(tmp_path / f"killed{number}")
        killed += kill_verify(root, chance.uniform(0.3, 1.1) * whole)
        for path, content in read_all(root).items():
            if not path.endswith(".tmp"):
                assert hide_time(content) in (old.get(path), new[path]), path
        subprocess.run(COMMAND, cwd=root, check=False, capture_output=True)
        assert new == {path: hide_time(content) for path, content in read_all(root).items()}
    assert killed > KILLS // 3
    assert FEATURE_PATH in new
