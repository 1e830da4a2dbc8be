"""One Behave in a process of its own: what it is started with, what it may do, and how it is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest
from behave_project import STEPS, Project, find_record, list_statuses

import spec2bdd
from spec2bdd.adapters.behave.launcher import run_behave
from spec2bdd.adapters.system import subprocess as child
from spec2bdd.errors import RunError, UsageError
from spec2bdd.model import TestRun

pytestmark = pytest.mark.usefixtures("new_processes")

ONE = "Feature: One\n  Scenario: one\n    Then it works\n  @slow\n  Scenario: two\n    Then it fails\n"

ODD = """
Feature: Odd – ünïcödé
  Scenario: ein schöner Name 🙂
    Then it says "it’s 5 €"
  Scenario: surrogates
    Then it fails with a surrogate
  Scenario: no message
    Then it fails without a message
  Scenario: an error
    Then it raises an error
  Scenario: an empty error
    Then it raises an empty error
  Scenario: endless
    Then it fails at length
  Scenario: elsewhere
    Then it goes elsewhere
  Scenario: fork
    Then it forks
  Scenario: environment
    Then it sees no run id
  Scenario: noise
    Then it prints a lot
  Scenario: sub-steps
    Then it has a failing sub-step
"""

ODD_STEPS = r"""
import os, sys
from behave import then

@then('it says "{what}"')
def says(context, what):
    pass

@then("it fails with a surrogate")
def surrogate(context):
    assert False, "bad \udcff byte"

@then("it fails without a message")
def bare(context):
    assert 1 == 2

@then("it raises an error")
def error(context):
    raise LookupError("nothing there")

@then("it raises an empty error")
def empty(context):
    raise LookupError

@then("it fails at length")
def length(context):
    assert False, "x" * 1_000_000

@then("it goes elsewhere")
def elsewhere(context):
    os.chdir("/")

@then("it forks")
def forks(context):
    process = os.fork()
    if process:
        assert os.waitpid(process, 0)[1] == 0
    else:
        context.forked = True

@then("it sees no run id")
def sees(context):
    if "forked" in context:
        os._exit(0)
    assert {"SPEC2BDD_RUN_RECORDS"} == {name for name in os.environ if name.startswith("SPEC2BDD_RUN")}

@then("it prints a lot")
def prints(context):
    os.write(1, b"y" * 1_000_000)
    os.write(2, b"\xff the end")

@then("it has a failing sub-step")
def sub_steps(context):
    context.execute_steps("Then it raises an error")
"""


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project that ran odd but lawful steps in an odd environment."""
    project = Project(tmp_path_factory.mktemp("odd")).write(features__odd_feature=ODD, steps__odd_steps_py=ODD_STEPS)
    hook = (
        "def after_scenario(context, scenario):\n    if 'forked' in context:\n        import os\n        os._exit(0)\n"
    )
    project.write(environment_py=hook)
    trap = "raise RuntimeError('not me')\n"
    project.write(json_py=trap, uuid_py=trap, random_py=trap, parse_py=trap, behave_py=trap, spec2bdd_py=trap)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", "C")
        patch.setenv("PYTHONPATH", os.pathsep.join([os.path.relpath("/"), ""]))
        assert project.behave().code == 1
    return project


@pytest.fixture(scope="module")
def odd_run(odd: Project) -> TestRun:
    """Return the run in its records."""
    return odd.read_run()


def test_odd_steps_and_odd_modules_beside_them_do_not_disturb_the_records(odd_run: TestRun) -> None:
    assert odd_run.complete
    assert len(odd_run.results) == 11


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("surrogates", "bad \\udcff byte"),
        ("no message", "steps/odd_steps.py:14: assert 1 == 2"),
        ("an error", "LookupError: nothing there"),
        ("an empty error", "LookupError"),
    ],
)
def test_the_error_of_a_step_is_recorded(odd_run: TestRun, name: str, error: str) -> None:
    assert find_record(odd_run, name).steps[0].error == error


def test_an_endless_error_is_cut(odd_run: TestRun) -> None:
    assert find_record(odd_run, "endless").steps[0].error == "x" * 20_000 + " ..."


def test_a_failing_sub_step_is_the_error_of_the_step_that_runs_it(odd_run: TestRun) -> None:
    (step,) = find_record(odd_run, "sub-steps").steps
    assert step.error.startswith("ERROR SUB-STEP: Then it raises an error")


def test_names_survive_in_any_script_and_locale(odd_run: TestRun) -> None:
    record = odd_run.results[0]
    assert record.steps[0].text == 'it says "it’s 5 €"'
    assert record.name == "ein schöner Name 🙂"


@pytest.mark.parametrize("name", ["elsewhere", "environment", "noise"])
def test_an_odd_but_lawful_step_passes(odd_run: TestRun, name: str) -> None:
    record = find_record(odd_run, name)
    assert (record.status, record.feature) == ("passed", "features/odd.feature")


def test_each_event_but_steps_that_passed_is_passed_on_once_and_in_order(odd: Project) -> None:
    events = [json.loads(line) for line in odd.record_path.read_text(encoding="ascii").splitlines()]
    expected = [event for event in events if (event["event"], event.get("status")) != ("step", "passed")]
    assert len(expected) < len(events)
    assert odd.events == expected
    assert odd.events[0]["expected_scenarios"] == 11


def test_records_that_cannot_be_written_are_the_error(project: Project) -> None:
    record = project.root / "blocked" / "records.ndjson"
    record.parent.write_bytes(b"")
    with pytest.raises(RunError) as caught:
        run_behave(project.root, features="features", record_path=record, run_id="", on_event=lambda _: None)
    message = "cannot write the records of a run: File exists"
    assert (caught.value.path, caught.value.message) == ("blocked/records.ndjson", message)


def test_the_exit_has_the_code_and_the_end_of_the_output(project: Project) -> None:
    behave_exit = project.write(features__one_feature=ONE).behave()
    assert behave_exit.code == 1
    assert "1 scenario passed, 1 failed" in behave_exit.output


def test_much_output_is_neither_a_deadlock_nor_kept_whole(project: Project) -> None:
    step = (
        "import os\n@then('it prints')\ndef f(context):\n    os.write(1, b'y' * 3_000_000)\n    os.write(2, b'\\xff')\n"
    )
    step += "    assert not context\n"
    project.write(steps__loud_steps_py=step, features__loud_feature=ONE.replace("it works", "it prints"))
    output = find_record(project.run("--no-capture"), "one").output
    assert 150_000 < len(output) < 250_000
    assert "�" in output


@pytest.mark.parametrize(
    ("config", "statuses"),
    [
        ("format = pretty", ["passed", "failed"]),
        ("format = pretty\n  progress\noutfiles = pretty.txt\n  progress.txt", ["passed", "failed"]),
        ("junit = true", ["passed", "failed"]),
        ("capture = false\nstdout_capture = false", ["passed", "failed"]),
        ("verbose = true\npaths = elsewhere\ncolor = always\nrunner = behave.runner:Runner", ["passed", "failed"]),
        ("stop = true", ["passed", "failed"]),
        ("tags = slow", ["skipped", "failed"]),
        ("name = two", ["skipped", "failed"]),
        ("tags = slow\nshow_skipped = false", ["skipped", "failed"]),
        ("dry_run = true", ["untested", "untested"]),
        ("steps_catalog = true", ["untested", "untested"]),
        ("wip = true", ["skipped", "skipped"]),
    ],
)
def test_the_project_keeps_its_own_configuration_and_the_records_stay_true(
    project: Project, config: str, statuses: list[str]
) -> None:
    project.write(behave_ini=f"[behave]\n{config}\n", features__one_feature=ONE)
    run = project.run()
    assert run.complete
    assert statuses == [record.status for record in run.results]


@pytest.mark.parametrize("name", ["behave.runner:Runner", "own"])
def test_another_runner_in_the_configuration_is_a_warning(project: Project, name: str) -> None:
    project.write(behave_ini=f"[behave]\nrunner = {name}\n[behave.runners]\nown = behave.runner:Runner\n")
    (warning,) = project.write(features__one_feature=ONE).run().diagnostics
    message = f"`runner = {name}` has no effect: spec2bdd runs Behave with a runner of its own"
    assert (warning.path, warning.line, warning.message) == ("behave.ini", 2, message)


@pytest.mark.parametrize("name", ["spec2bdd.adapters.behave.plugin.runner:RecordingRunner", "records"])
def test_the_runner_of_spec2bdd_in_the_configuration_is_no_warning(project: Project, name: str) -> None:
    alias = "records = spec2bdd.adapters.behave.plugin.runner:RecordingRunner"
    project.write(behave_ini=f"[behave]\nrunner = {name}\n[behave.runners]\n{alias}\n")
    assert project.write(features__one_feature=ONE).run().diagnostics == ()


def test_a_configuration_with_output_files_but_no_formats_is_named_in_the_output(project: Project) -> None:
    behave_exit = project.write(behave_ini="[behave]\noutfiles = out.txt\n", features__one_feature=ONE).behave()
    assert behave_exit.code == 1
    assert "More outfiles (2) than formatters (1)" in behave_exit.output
    assert not project.record_path.exists()


def test_feature_files_that_the_configuration_leaves_out_are_not_named(project: Project) -> None:
    project.write(behave_ini="[behave]\nexclude_re = two\n", features__one_feature=ONE, features__two_feature=ONE)
    assert project.run().features == ("features/one.feature",)


def test_a_relative_record_path_is_meant_from_here(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root.parent)
    project.write(
        features__one_feature=ONE, environment_py="import os\n\ndef before_all(context):\n    os.chdir(os.sep)\n"
    )
    run_behave(project.root, features="features", record_path=Path("here.ndjson"), run_id="", on_event=lambda _: None)
    assert (project.root.parent / "here.ndjson").exists()


@pytest.mark.parametrize("value", ["1", "2", "yes"])
def test_without_asserts_nothing_is_run(project: Project, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PYTHONOPTIMIZE", value)
    with pytest.raises(RunError, match="PYTHONOPTIMIZE") as caught:
        project.write(features__one_feature=ONE).behave()
    assert "unset PYTHONOPTIMIZE" in caught.value.hint


@pytest.mark.parametrize("value", ["", "0"])
def test_with_asserts_everything_is_run(project: Project, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PYTHONOPTIMIZE", value)
    assert list_statuses(project.write(features__one_feature=ONE).run()) == {"one": "passed", "two": "failed"}


def test_where_this_python_has_no_asserts_nothing_is_run(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONOPTIMIZE", raising=False)
    monkeypatch.setattr(sys, "flags", SimpleNamespace(optimize=1))
    with pytest.raises(RunError, match="Python runs with `-O`") as caught:
        project.behave()
    assert (caught.value.hint, project.record_path.exists()) == ("run spec2bdd without `python -O`", False)


def test_arguments_that_behave_does_not_take_from_us_are_refused_before_anything_is_removed(project: Project) -> None:
    project.record_path.parent.mkdir()
    project.record_path.write_text("{}\n")
    with pytest.raises(UsageError, match="`--dry-run` cannot be passed to Behave"):
        project.behave("--dry-run")
    assert project.record_path.read_text() == "{}\n"


def test_python_with_o_runs_nothing_itself(project: Project) -> None:
    code = "from spec2bdd.adapters.behave.launcher import refuse_optimization as r; r()"
    exit_code, output = run_python("-O", "-c", code, root=project.root)
    assert (exit_code, "Python runs with `-O`" in output) == (1, True)


def test_the_runner_refuses_to_run_without_asserts(project: Project) -> None:
    runner, formatter = (
        "spec2bdd.running.runner:RecordingRunner",
        "spec2bdd.running.formatter:RecordFormatter",
    )
    arguments = ["-O", "-m", "behave", "-r", runner, "-f", formatter, "-o", "records", "features"]
    exit_code, output = run_python(*arguments, root=project.write(features__one_feature=ONE).root)
    assert (exit_code, (project.root / "records").exists()) == (1, False)
    assert "removes every `assert`" in output


def start_python(*args: str, root: Path) -> subprocess.Popen[str]:
    """Start Python with these arguments, spec2bdd within its reach."""
    environment = {**os.environ, "PYTHONPATH": str(Path(spec2bdd.__file__).parents[1])}
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, *args], cwd=root, env=environment, stdout=pipe, stderr=pipe, text=True)


def run_python(*args: str, root: Path) -> tuple[int, str]:
    """Run Python with these arguments, and return its exit code and its output."""
    with start_python(*args, root=root) as process:
        printed, complained = process.communicate()
        return process.returncode, printed + complained


WAITING = """
import signal, time
from behave import then

@then("it waits")
def waits(context):
    signal.signal(signal.SIGINT, {handler})
    open("waiting", "w").close()
    for _ in range(600):
        time.sleep(0.1)
"""


def interrupt_waiting(project: Project, handler: str) -> None:
    """Run a scenario that waits for a minute, and press Ctrl-C as soon as it waits."""

    def interrupt(event: Mapping[str, object]) -> None:
        if event.get("name") == "one":
            while not (project.root / "waiting").exists():
                pass
            raise KeyboardInterrupt

    project.write(steps__waiting_steps_py=WAITING.format(handler=handler))
    project.write(features__one_feature=ONE.replace("it works", "it waits"))
    with pytest.raises(KeyboardInterrupt):
        run_behave(project.root, features="features", record_path=project.record_path, run_id="r1", on_event=interrupt)


def test_an_interruption_lets_behave_finish_and_is_raised_again(project: Project) -> None:
    project.write(environment_py="def after_all(context):\n    open('tidied', 'w').close()\n")
    interrupt_waiting(project, "signal.default_int_handler")
    run = project.read_run()
    assert (run.complete, list_statuses(run)) == (True, {"one": "error", "two": "untested"})
    assert (project.root / "tidied").exists()
    assert [record.interrupted for record in run.results] == [True, True]
    assert [diagnostic.message for diagnostic in run.diagnostics] == ["the run was interrupted; the rest was not run"]


def test_what_fails_after_ctrl_c_for_want_of_a_server_is_known_as_interrupted(project: Project) -> None:
    interrupt_waiting(project, "lambda number, frame: exec('raise ConnectionError')")
    run = project.read_run()
    assert [(record.status, record.interrupted) for record in run.results] == [("error", True), ("failed", True)]


@pytest.mark.parametrize("hook", ["before_scenario", "after_scenario", "before_feature", "after_feature"])
def test_a_hook_that_ctrl_c_interrupts_has_not_failed(project: Project, hook: str) -> None:
    body = "    import os, signal\n    os.kill(os.getpid(), signal.SIGINT)\n    signal.pause()\n"
    run = project.write(environment_py=f"def {hook}(context, subject):\n{body}", features__one_feature=ONE).run()
    assert ([record.failures for record in run.results], run.failures) == ([(), ()], ())
    assert run.results[0].interrupted


def test_behave_is_ended_where_it_does_not_heed_an_interruption(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "_SECONDS_TO_FINISH", 0.2)
    interrupt_waiting(project, "signal.SIG_IGN")
    run = project.read_run()
    assert (run.complete, [(record.name, record.finished) for record in run.results]) == (False, [("one", False)])


def test_a_signal_that_ends_us_lets_behave_finish_too(project: Project) -> None:
    project.write(
        environment_py="def after_all(context):\n    open('tidied', 'w').close()\n",
        steps__waiting_steps_py=WAITING.format(handler="signal.default_int_handler"),
        features__one_feature=ONE.replace("it works", "it waits"),
        parent_py="""
            from pathlib import Path
            from spec2bdd.adapters.behave.launcher import run_behave
            run_behave(Path(), features="features", record_path=Path("r"), run_id="r1", on_event=lambda event: None)
            """,
    )
    with start_python("parent.py", root=project.root) as parent:
        while parent.poll() is None and not (project.root / "waiting").exists():
            pass
        parent.send_signal(signal.SIGTERM)
        assert parent.wait(20) == 128 + signal.SIGTERM
    assert (project.root / "tidied").exists()


def test_a_steps_file_that_is_written_during_the_run_has_the_digest_that_was_loaded(project: Project) -> None:
    project.write(features__one_feature=ONE)
    before = project.run().digests
    project.write(environment_py="open('steps/common_steps.py', 'a').write('# more')\n")
    assert project.run().digests["steps/common_steps.py"] == before["steps/common_steps.py"]
    assert STEPS.strip() != (project.root / "steps/common_steps.py").read_text().strip()
