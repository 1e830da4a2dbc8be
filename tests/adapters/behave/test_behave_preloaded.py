"""A preloaded Behave runs the features only as long as the project is what it has loaded."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path

import pytest

from spec2bdd.adapters.behave.launcher import _start_preloaded, run_behave
from spec2bdd.adapters.behave.preloaded import PreloadedBehave, preload_behave
from spec2bdd.adapters.system.digests import read_digests
from spec2bdd.model import DEFAULT_RUN, RunOptions

pytestmark = pytest.mark.usefixtures("new_processes")

STEPS = """
from behave import then
from product import VALUE

print("loaded", file=open("loads.txt", "a"))

@then("it works")
def step(context):
    assert VALUE == 1
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "features").mkdir()
    (tmp_path / "steps").mkdir()
    (tmp_path / "features/a.feature").write_text("Feature: A\n  @ac_1\n  Scenario: B\n    Then it works\n")
    (tmp_path / "steps/a_steps.py").write_text(STEPS)
    (tmp_path / "product.py").write_text("VALUE = 1\n")
    # A file that is as new as the process may have changed since it was loaded; here none of them has.
    newest = max(path.stat().st_ctime_ns for path in tmp_path.rglob("*.py"))
    while time.time_ns() - newest < 50_000_000:
        os.sched_yield()
    return tmp_path


def preload(root: Path) -> AbstractContextManager[PreloadedBehave | None]:
    return preload_behave(root, features="features", steps="steps", records=None, options=DEFAULT_RUN)


def run(
    root: Path,
    preloaded: PreloadedBehave | None,
    options: RunOptions = DEFAULT_RUN,
    *,
    meanwhile: Callable[[], None] | None = None,
) -> list[dict[str, object]]:
    """Run the features and return the events of the records."""
    records = root / ".spec2bdd/records.ndjson"
    run_behave(
        root,
        features="features",
        record_path=records,
        run_id="r1",
        on_event=lambda _: None,
        plan=options,
        preloaded=preloaded,
        meanwhile=meanwhile,
    )
    return [json.loads(line) for line in records.read_text().splitlines()]


def count_loads(root: Path) -> int:
    return (root / "loads.txt").read_text().count("loaded")


def test_a_project_that_is_loaded_once_leaves_the_same_records(root: Path) -> None:
    with preload(root) as preloaded:
        assert preloaded is not None
        assert preloaded.has_loaded(read_digests(root, features="features", steps="steps"))
        events = run(root, preloaded)
    assert count_loads(root) == 1
    fresh = run(root, None)
    assert [event["event"] for event in fresh] == [event["event"] for event in events]
    assert (fresh[0]["digests"], "r1") == (events[0]["digests"], events[0]["id"])
    assert events[-1]["scenarios"] == {"passed": 1}


@pytest.mark.parametrize("path", ["steps/a_steps.py", "product.py"])
def test_a_module_that_changes_is_loaded_again(root: Path, path: str) -> None:
    with preload(root) as preloaded:
        assert preloaded is not None
        assert preloaded.has_loaded(read_digests(root, features="features", steps="steps"))
        (root / path).write_text((root / path).read_text() + "\nVALUE = 1\n")
        events = run(root, preloaded)
    assert count_loads(root) == 2
    assert events[-1]["scenarios"] == {"passed": 1}


def test_a_changed_step_file_is_not_what_was_loaded(root: Path) -> None:
    with preload(root) as preloaded:
        assert preloaded is not None
        (root / "steps/a_steps.py").write_text(STEPS + "\n")
        preloaded.has_loaded({})
        (root / "steps/a_steps.py").write_text(STEPS + "\n\n")
        assert not preloaded.has_loaded(read_digests(root, features="features", steps="steps"))


def test_one_that_cannot_run_what_is_asked_for_is_ended_before_another_one_runs_it(tmp_path: Path) -> None:
    records = tmp_path / ".spec2bdd/records.ndjson"
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as process:
        try:
            preloaded = PreloadedBehave(process, tmp_path, BytesIO(), ["--stop"])
            has_begun = _start_preloaded(preloaded, DEFAULT_RUN, features="features", path=records, run_id="r1")
            assert (has_begun, process.poll() is not None) == (False, True)
        finally:
            process.kill()


def test_while_it_runs_what_is_needed_later_is_prepared_once(root: Path) -> None:
    calls: list[str] = []
    with preload(root) as preloaded:
        assert preloaded is not None
        preloaded.has_loaded({})
        run(root, preloaded, meanwhile=lambda: calls.append("prepared"))
    assert (calls, count_loads(root)) == (["prepared"], 1)


def test_a_new_feature_file_is_run_with_its_digest(root: Path) -> None:
    with preload(root) as preloaded:
        assert preloaded is not None
        preloaded.has_loaded({})
        (root / "features/b.feature").write_text("Feature: C\n  @ac_2\n  Scenario: D\n    Then it works\n")
        events = run(root, preloaded)
    assert count_loads(root) == 1
    digests = events[0]["digests"]
    assert isinstance(digests, dict)
    assert set(digests) == {"features/a.feature", "features/b.feature", "steps/a_steps.py"}
    assert events[-1]["scenarios"] == {"passed": 2}


def test_without_an_order_no_hook_is_run(root: Path) -> None:
    (root / "environment.py").write_text("def after_all(context):\n    open('ran.txt', 'w')\n")
    with preload(root) as preloaded:
        assert preloaded is not None
        preloaded.has_loaded({})
    assert preloaded.process.returncode is not None
    assert not (root / "ran.txt").exists()


def test_jobs_timeout_and_retries_reach_a_preloaded_run(root: Path) -> None:
    with preload(root) as preloaded:
        events = run(root, preloaded, RunOptions(jobs=2, timeout=9.0, retries=1))
    assert count_loads(root) == 1
    asked = events[0]["asked"]
    assert isinstance(asked, dict)
    assert (asked["jobs"], asked["timeout"], asked["retries"]) == (2, 9.0, 1)


def test_a_module_that_ends_python_is_not_loaded(root: Path) -> None:
    (root / "steps/z_steps.py").write_text("import os\nos._exit(0)\n")
    with preload(root) as preloaded:
        assert preloaded is not None
        assert not preloaded.has_loaded(read_digests(root, features="features", steps="steps"))


def test_without_features_nothing_is_loaded(root: Path) -> None:
    (root / "features/a.feature").unlink()
    with preload(root) as preloaded:
        assert preloaded is None
