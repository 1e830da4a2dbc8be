"""`watch` without a terminal: what a save runs, what it does not, and how it ends."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from click.testing import CliRunner
from tree_repository import commit_all, run_git
from watched_project import (
    BROKEN,
    DOOR,
    FILES,
    HOOKS,
    LAMP,
    LAMP_FEATURE,
    PRODUCT,
    STEPS,
    WORKS,
    watch,
    write_project,
)

import spec2bdd
from spec2bdd.adapters.system.process_tree import list_descendants
from spec2bdd.cli.main import main

# After a run, a further one that it caused itself would begin within this time.
QUIET = 2.0


def save(root: Path, path: str, content: str) -> None:
    """Save a file as most editors do: a new one takes the place of the old one."""
    temporary = root / f"{path}.tmp~"
    temporary.parent.mkdir(parents=True, exist_ok=True)
    temporary.write_text(content)
    temporary.replace(root / path)


def start_git(root: Path) -> None:
    """Make a project a repository that knows its files."""
    run_git(root, "init", "--quiet")
    commit_all(root)


# --- what is run ------------------------------------------------------------------------------------------------------


def test_all_is_run_at_the_start_and_nothing_that_was_generated_runs_it_again(tmp_path: Path) -> None:
    root = write_project(tmp_path, {STEPS: ""})
    with watch(root) as watched:
        text = watched.read_run() + watched.read_rest(seconds=QUIET)
    assert (text.count("running"), "running everything" in text) == (1, True)
    assert (root / LAMP_FEATURE).exists()
    assert "StepNotImplementedError" in (root / "steps/door_steps.py").read_text()


def test_a_failure_and_its_fix_are_shown_and_no_spec_changes(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    with watch(root) as watched:
        assert "Passed: 4 of 4 musts proved" in watched.read_run()
        save(root, PRODUCT, BROKEN)
        failed = watched.read_run()
        save(root, PRODUCT, WORKS)
        fixed = watched.read_run()
    assert f"{PRODUCT} was saved: running everything" in failed
    assert "the door never shuts" in failed
    assert "3 passed, 1 failed" in failed
    assert "Passed: 4 of 4 musts proved" in fixed
    assert "4 boxes would be ticked" in fixed
    assert [(root / path).read_text() for path in (LAMP, DOOR)] == [FILES[LAMP], FILES[DOOR]]


def count_runs(root: Path) -> list[str]:
    """Return the words that the steps have left, and forget them."""
    path = root / "run.log"
    words = path.read_text().split() if path.exists() else []
    path.unlink(missing_ok=True)
    return words


LOGGING = FILES[STEPS].replace(
    "    assert", "    with open('run.log', 'a') as log:\n        log.write(f'{noun}-{verb} ')\n    assert"
)


@pytest.mark.parametrize(
    ("path", "content", "runs"),
    [
        (DOOR, FILES[DOOR].replace("status:", "owner: ana\nstatus:"), ["door-opens", "door-shuts"]),
        (DOOR, FILES[DOOR].replace("opens", "rings"), ["door-rings", "door-shuts"]),
        (
            "specs/3-gate.md",
            FILES[DOOR].replace("_id: 2", "_id: 3").replace("door", "lamp"),
            ["lamp-opens", "lamp-shuts"],
        ),
        ("features/more.feature", "Feature: More\n  Scenario: more\n    Then the door opens\n", ["door-opens"]),
        (PRODUCT, WORKS + "# Changed.\n", ["lamp-opens", "lamp-shuts", "door-opens", "door-shuts"]),
        ("environment.py", HOOKS + "# More.\n", ["lamp-opens", "lamp-shuts", "door-opens", "door-shuts"]),
    ],
)
def test_a_save_runs_what_it_affects(tmp_path: Path, path: str, content: str, runs: list[str]) -> None:
    root = write_project(tmp_path, {STEPS: LOGGING})
    with watch(root) as watched:
        watched.read_run()
        count_runs(root)
        save(root, path, content)
        watched.read_run()
        assert count_runs(root) == runs


def test_what_failed_before_is_run_first(tmp_path: Path) -> None:
    root = write_project(tmp_path, {STEPS: LOGGING, PRODUCT: BROKEN})
    with watch(root) as watched:
        watched.read_run()
        count_runs(root)
        save(root, PRODUCT, WORKS)
        watched.read_run()
    assert count_runs(root) == ["door-shuts", "door-opens", "lamp-opens", "lamp-shuts"]


def test_only_what_is_named_is_run(tmp_path: Path) -> None:
    root = write_project(tmp_path, {STEPS: LOGGING})
    with watch(root, "1") as watched:
        watched.read_run()
        assert count_runs(root) == ["lamp-opens", "lamp-shuts"]
        save(root, PRODUCT, BROKEN)
        watched.read_run()
        assert count_runs(root) == ["lamp-opens", "lamp-shuts"]


def test_files_that_nothing_depends_on_run_nothing(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    start_git(root)
    with watch(root) as watched:
        watched.read_run()
        for path in ("README.md", "out.log", f"{STEPS}~", "steps/.#lamp_steps.py", f"specs/.{Path(DOOR).name}.swp"):
            save(root, path, "x")
        # The same content again.
        save(root, PRODUCT, WORKS)
        assert watched.read_rest(seconds=QUIET) == ""


def test_data_that_git_tracks_runs_everything_and_data_that_a_run_writes_runs_nothing(tmp_path: Path) -> None:
    writing = FILES[STEPS].replace(
        "    assert", "    import time\n    open('count.json', 'w').write(str(time.time()))\n    assert"
    )
    root = write_project(tmp_path, {STEPS: writing, "count.json": "0", "rates.json": "1"})
    start_git(root)
    with watch(root) as watched:
        text = watched.read_run() + watched.read_rest(seconds=QUIET)
        assert text.count("running everything") == 1
        save(root, "rates.json", "2")
        text = watched.read_run() + watched.read_rest(seconds=QUIET)
        assert (text.count("rates.json was saved: running everything"), text.count("running")) == (1, 1)


# --- while a run is at work -------------------------------------------------------------------------------------------


def wait_for(path: Path) -> None:
    """Wait until a file exists."""
    for _ in range(1200):
        if path.exists():
            return
        signal.sigtimedwait([], 0.05)
    raise AssertionError(f"no {path}")


def test_a_save_interrupts_a_run_and_starts_it_again(tmp_path: Path) -> None:
    waiting = "    open('run.log', 'w').close()\n    import time\n    time.sleep(product.WAIT)\n    assert"
    root = write_project(
        tmp_path, {STEPS: FILES[STEPS].replace("    assert", waiting), PRODUCT: WORKS + "WAIT = 600\n"}
    )
    with watch(root) as watched:
        wait_for(root / "run.log")
        save(root, PRODUCT, BROKEN + "WAIT = 0\n")
        text = watched.read_run()
    assert [line for line in text.splitlines() if "running" in line] == [
        "running everything",
        f"{PRODUCT} was saved: running everything",
    ]
    assert "3 passed, 1 failed" in text


# --- what is broken ---------------------------------------------------------------------------------------------------


def test_broken_files_are_shown_and_watching_goes_on(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    with watch(root) as watched:
        watched.read_run()
        save(root, STEPS, "def broken(:\n")
        assert f"{STEPS}:1:" in watched.read_run()
        save(root, STEPS, FILES[STEPS])
        assert "Passed: 4 of 4 musts proved" in watched.read_run()
        save(root, "environment.py", "1 / 0\n")
        assert "environment.py:1" in watched.read_run()
        save(root, "environment.py", HOOKS)
        assert "Passed: 4 of 4 musts proved" in watched.read_run()
        save(root, DOOR, "<<<<<<< ours\n" + FILES[DOOR] + "=======\n>>>>>>> theirs\n")
        assert f"{DOOR}:1:" in watched.read_run()
        save(root, DOOR, FILES[DOOR])
        assert "Passed: 4 of 4 musts proved" in watched.read_run()


def test_a_changed_configuration_is_read_again(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"other/3-bell.md": FILES[DOOR].replace("_id: 2", "_id: 3").replace("Door", "Bell")})
    with watch(root) as watched:
        assert "4 criteria" in watched.read_run()
        save(root, "spec2bdd.toml", 'spces = "other"\n')
        # That it goes on after an error is said, too.
        assert "unknown key `spces`" in watched.read_until("waiting for the next save; Ctrl-C ends")
        save(root, "spec2bdd.toml", 'specs = ["specs", "other"]\n')
        assert "6 criteria" in watched.read_run()
        # The new folder is watched as well.
        save(
            root,
            "other/3-bell.md",
            FILES[DOOR].replace("_id: 2", "_id: 3").replace("Door", "Bell").replace("door", "lamp"),
        )
        assert "other/3-bell.md was saved: running what it affects" in watched.read_run()


def test_renamed_and_deleted_specs_are_noticed(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    with watch(root) as watched:
        watched.read_run()
        (root / DOOR).rename(root / "specs/2-gate.md")
        assert "4 criteria: 4 passed" in watched.read_run()
        (root / "specs/2-gate.md").unlink()
        text = watched.read_run()
        assert "specs/2-gate.md was saved" in text
        assert "2 criteria: 2 passed" in text


def test_an_editor_that_deletes_a_file_and_writes_it_again_has_saved_it_once(tmp_path: Path) -> None:
    root = write_project(tmp_path)
    with watch(root) as watched:
        watched.read_run()
        (root / DOOR).rename(root / f"{DOOR}~")
        signal.sigtimedwait([], 0.08)
        (root / DOOR).write_text(FILES[DOOR].replace("shuts", "opens again"))
        text = watched.read_run() + watched.read_rest(seconds=QUIET)
    assert (text.count("running"), "The door opens again" in text or "1 failed" in text) == (1, True)


# --- how it ends ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_the_exit_code_of_a_shell(tmp_path: Path, number: signal.Signals) -> None:
    with watch(write_project(tmp_path)) as watched:
        watched.read_run()
        assert watched.end(number) == 128 + number


def test_a_signal_ends_the_run_that_is_at_work(tmp_path: Path) -> None:
    waiting = "    open('run.log', 'w').close()\n    import time\n    time.sleep(600)\n    assert"
    root = write_project(tmp_path, {STEPS: FILES[STEPS].replace("    assert", waiting)})
    with watch(root) as watched:
        wait_for(root / "run.log")
        processes = list_descendants(watched.process.pid)
        assert watched.end(signal.SIGTERM) == 128 + signal.SIGTERM
    assert processes
    assert [number for number in processes if Path(f"/proc/{number}").exists()] == []


def test_a_broken_configuration_at_the_start_is_an_error(tmp_path: Path) -> None:
    root = write_project(tmp_path, {"spec2bdd.toml": "spces = 1\n"})
    with watch(root) as watched:
        assert "unknown key `spces`" in watched.read_until("hint: ")
        assert watched.process.wait(60) == 2


def test_without_watchfiles_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write_project(tmp_path))
    monkeypatch.setitem(__import__("sys").modules, "watchfiles", None)
    result = CliRunner().invoke(main, ["watch"], prog_name="spec2bdd")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "error: `watch` needs the library watchfiles [usage]\n"
        "    hint: install it next to spec2bdd: `python -m pip install watchfiles`\n"
    )


@pytest.mark.parametrize("name", ["9.9", "no.feature"])
def test_a_name_that_matches_nothing_ends_it_with_the_error_of_verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    root = write_project(tmp_path)
    # `verify` knows the features that it would write.
    spec2bdd.generate(root)
    monkeypatch.chdir(root)
    watched, verified = (
        CliRunner().invoke(main, [command, name], prog_name="spec2bdd") for command in ("watch", "verify")
    )
    assert f" matches `{name}` [not-found]" in watched.stderr
    assert (watched.exit_code, watched.stdout) == (2, "")
    assert watched.stderr == verified.stderr
