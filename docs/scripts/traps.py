"""Write docs/traps.md: what Behave, two parallel runners for it and spec2bdd report where nothing was proved.

Usage: python docs/scripts/traps.py --rivals FOLDER

FOLDER is a virtual environment with behave, behave-pool and behavex. Each trap is a project with two criteria: the
control passes, whatever happens to the trap, and the trap must not pass.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "traps.md"
SPEC = """---
feature_id: 1.1
name: Traps
status: Draft
---

# Feature Specification: Traps

### Must Have
- [ ] The innocent passes {#innocent}
- [ ] The trap is seen {#trap}
"""
INNOCENT = "Feature: Innocent\n  @ac_1_1_innocent @must\n  Scenario: innocent\n    Then it works\n"
STEPS = """import os, sys
from behave import step
from behave.api.pending_step import StepNotImplementedError

def works():
    return True

@step("it works")
def it_works(context):
    assert works()

@step("it fails")
def it_fails(context):
    assert not works()

@step("it is pending")
def it_is_pending(context):
    raise StepNotImplementedError("later")
"""
YESTERDAY = json.dumps(
    [{"elements": [{"name": name, "type": "scenario", "status": "passed"} for name in ("trap", "innocent")]}]
)
GREEN, SILENT, TRUTH, HANGS = "green", "silent", "truth", "hangs"


@dataclass(frozen=True)
class Trap:
    """The project of a trap: a scenario, step code, hooks, further files, variables, arguments."""

    scenario: str
    steps: str = ""
    hooks: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    arguments: tuple[str, ...] = ()
    keyword: str = "Scenario: trap"
    feature: str = "Feature: Trap"
    # The whole run is refused or fails, so nothing in it counts as passed.
    everything: bool = False
    tags: str = "  @ac_1_1_trap @must\n"


def ending(body: str) -> str:
    """Return the code of a step with this body."""
    return f"\n@step('it ends')\ndef it_ends(context):\n    {body}\n"


def failing(body: str) -> str:
    """Return the code of a step in which something fails without being raised by it."""
    return f"""
import asyncio, threading

def fail():
    assert not works(), "the trap"

async def fail_later():
    fail()

def thread(function):
    started = threading.Thread(target=function)
    started.start()
    started.join()

def swallow(function):
    try:
        function()
    except AssertionError:
        pass

{ending(body)}
"""


def hook(name: str) -> str:
    """Return a hook that fails, for the trap or for the whole run."""
    if name.endswith("_all"):
        return f"def {name}(context):\n    raise RuntimeError('trap')\n"
    return f"def {name}(context, item):\n    assert 'rap' not in item.name\n"


TRAPS = {
    "a scenario without steps": Trap(""),
    "an outline without rows": Trap(
        "    Then it <does>\n\n    Examples:\n      | does |\n", keyword="Scenario Outline: trap"
    ),
    "`@wip` and a step that is not written yet": Trap("    Then it is pending\n", keyword="@wip\n  Scenario: trap"),
    "a misspelt keyword": Trap(
        "    Then it works\n", keyword="Scenarioo: trap\n    It fails\n\n  Scenario: other", tags=""
    ),
    "`sys.exit(0)` in a step": Trap("    Then it ends\n", steps=ending("sys.exit(0)")),
    "`os._exit(0)` in a step": Trap("    Then it ends\n", steps=ending("os._exit(0)")),
    "a crash of Python in a step": Trap("    Then it ends\n", steps=ending("import ctypes; ctypes.string_at(0)")),
    "a `BaseException` in a step, such as `pytest.fail`": Trap(
        "    Then it ends\n", steps=ending("raise type('Failed', (BaseException,), {})")
    ),
    "a step that cannot fail": Trap("    Then it ends\n", steps=ending("pass")),
    "a step whose sub-steps cannot fail": Trap(
        "    Then it ends\n",
        steps=ending("context.execute_steps('Then it idles')")
        + "\n@step('it idles')\ndef it_idles(context):\n    pass\n",
    ),
    "a step that checks nothing but its own text": Trap(
        "    Then it ends in 5 days\n",
        steps="\n@step('it ends in {count:d} days')\ndef it_ends(context, count):\n    assert count > 0\n",
    ),
    "a feature file that cannot be parsed": Trap("    Then it works\n", feature="Featur: Trap"),
    "a step file that cannot be imported": Trap(
        "    Then it is elsewhere\n",
        files={"steps/other_steps.py": "import nothing\n@step('it is elsewhere')\ndef f(c): pass\n"},
    ),
    "a step that is defined twice": Trap("    Then it ends\n", steps=ending("assert True") * 2),
    "`before_all` fails": Trap("    Then it works\n", hooks=hook("before_all"), everything=True),
    "`before_feature` fails": Trap("    Then it works\n", hooks=hook("before_feature")),
    "`after_feature` fails": Trap("    Then it works\n", hooks=hook("after_feature")),
    "`after_all` fails": Trap("    Then it works\n", hooks=hook("after_all"), everything=True),
    "a clean-up fails": Trap("    Then it ends\n", steps=ending("context.add_cleanup(lambda: 1 / 0)")),
    "a hook swaps the text of a step": Trap(
        "    Then it fails\n",
        hooks="def before_scenario(context, scenario):\n    scenario.steps[0].name = 'it works'\n",
    ),
    "a hook calls a scenario passed that never ran": Trap(
        "    Then it fails\n",
        hooks="from behave.model import Scenario\nfrom behave.model_type import Status\n\n"
        "run = Scenario.run\n\ndef call_passed(scenario, runner):\n    if scenario.name != 'trap':\n"
        "        return run(scenario, runner)\n    for formatter in runner.formatters:\n"
        "        formatter.scenario(scenario)\n    for step in scenario.steps:\n        step.status = Status.passed\n"
        "    scenario.set_status(Status.passed)\n    return False\n\n"
        "def before_all(context):\n    Scenario.run = call_passed\n",
    ),
    "two scenarios of one name, of which the first fails": Trap(
        "    Then it fails\n\n  @ac_1_1_trap @must\n  Scenario: trap\n    Then it works\n"
    ),
    "a rule with a background fails": Trap(
        "    Then it works\n",
        keyword="Scenario: trap",
        feature="Feature: Trap\n Rule: r\n  Background: b\n    Given it fails\n",
    ),
    "a step pattern that does not compile": Trap(
        "    Then it (is\n",
        steps="\nfrom behave import use_step_matcher\nuse_step_matcher('re')\n@step('it (is')\ndef f(c):\n    pass\n",
    ),
    "a filter in `behave.ini` that matches nothing": Trap(
        "    Then it works\n", files={"behave.ini": "[behave]\ntags = nothing\n"}, everything=True
    ),
    "`dry_run` in `behave.ini`": Trap(
        "    Then it fails\n", files={"behave.ini": "[behave]\ndry_run = true\n"}, everything=True
    ),
    "`PYTHONOPTIMIZE`, which leaves out every `assert`": Trap(
        "    Then it fails\n", variables={"PYTHONOPTIMIZE": "1"}, everything=True
    ),
    "`context.abort()` in a hook": Trap(
        "    Then it works\n",
        hooks="def before_feature(context, feature):\n    if feature.name == 'Trap':\n        context.abort()\n",
    ),
    "an exception in a thread": Trap("    Then it ends\n", steps=failing("thread(fail)")),
    "an exception in a thread, after its step": Trap(
        "    Then it ends\n    And it works\n",
        steps=failing("context.add_cleanup(thread, fail)"),
    ),
    "an exception in an asyncio task": Trap(
        "    Then it ends\n",
        steps=failing("asyncio.run(leave_task())") + "async def leave_task():\n"
        "    asyncio.ensure_future(fail_later())\n    await asyncio.sleep(0.01)\n",
    ),
    "an exception in `__del__`": Trap(
        "    Then it ends\n", steps=failing("Dirty()") + "class Dirty:\n    def __del__(self):\n        fail()\n"
    ),
    "a coroutine that is never awaited": Trap("    Then it ends\n", steps=failing("fail_later()")),
    "a coroutine that a step returns": Trap("    Then it ends\n", steps=failing("return fail_later()")),
    "a generator that a step returns": Trap("    Then it ends\n", steps=failing("return (fail() for _ in [1])")),
    "a sub-step fails, and its step swallows the error": Trap(
        "    Then it ends\n", steps=failing("swallow(lambda: context.execute_steps('Then it fails'))")
    ),
    "a sub-step is undefined, and its step swallows the error": Trap(
        "    Then it ends\n", steps=failing("swallow(lambda: context.execute_steps('Then it is nowhere'))")
    ),
    "a hook changes a doc string, and changes it back": Trap(
        '    Then it says yes\n      """\n      no\n      """\n',
        steps="\n@step('it says yes')\ndef it_says_yes(context):\n    assert context.text == 'yes'\n",
        hooks="def before_step(context, step):\n    if step.text:\n        step.text = 'yes'\n\n"
        "def after_step(context, step):\n    if step.text:\n        step.text = 'no'\n",
    ),
    "a hook takes rows out of a table, and puts them back": Trap(
        "    Then all rows are good\n      | row  |\n      | good |\n      | bad  |\n",
        steps="\n@step('all rows are good')\ndef all_rows_are_good(context):\n"
        "    assert all(row['row'] == 'good' for row in context.table)\n",
        hooks="def before_step(context, step):\n    if step.table:\n"
        "        context.kept, step.table.rows = step.table.rows, step.table.rows[:1]\n\n"
        "def after_step(context, step):\n    if step.table:\n        step.table.rows = context.kept\n",
    ),
    "`@step` that fails, and a more general `@then`": Trap(
        "    Then the trap shuts\n",
        steps="\n@step('the trap shuts')\ndef the_trap_shuts(context):\n    fail()\n\n"
        "from behave import then\n\n@then('the {thing} shuts')\ndef the_thing_shuts(context, thing):\n"
        "    assert works()\n\ndef fail():\n    assert not works()\n",
    ),
    "only the background can fail": Trap(
        "    Then it ends\n",
        steps=ending("pass"),
        feature="Feature: Trap\n  Background:\n    Given it works\n",
    ),
    "a child process that a step forks goes on with the run": Trap(
        "    Then it ends\n",
        steps=ending("child = os.fork()\n    assert works()\n    if child:\n        os.waitpid(child, 0)"),
    ),
    "a step closes all file descriptors": Trap("    Then it ends\n", steps=ending("os.closerange(3, 10_000)")),
    "an old report that remains when the next run crashes": Trap(
        "    Then it ends\n",
        steps=ending("os._exit(1)"),
        files={"behave.json": YESTERDAY},
    ),
}


def write_trap(root: Path, trap: Trap) -> None:
    """Write the project of a trap."""
    scenario = f"{trap.feature}\n{trap.tags}  {trap.keyword}\n{trap.scenario}"
    files = {
        "specs/1.1.md": SPEC,
        "features/innocent.feature": INNOCENT,
        "features/trap.feature": scenario,
        "steps/trap_steps.py": STEPS + trap.steps,
        "environment.py": trap.hooks,
        **trap.files,
    }
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def call(command: list[str], root: Path, trap: Trap) -> subprocess.CompletedProcess[str]:
    """Run a command in the project."""
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, **trap.variables, "PATH": path}
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, errors="replace", timeout=60
    )


def read_elements(path: Path) -> list[Mapping[str, object]]:
    """Return the scenarios of a JSON report of Behave's or behavex's."""
    try:
        report = json.loads(path.read_text())
    except (OSError, ValueError):
        return []
    features = report.get("features", []) if isinstance(report, dict) else report
    kept = (each for feature in features for each in feature.get("elements", feature.get("scenarios", [])))
    return [each for each in kept if each.get("type", "scenario") != "background"]


def judge_report(code: int, elements: Iterable[Mapping[str, object]], trap: Trap) -> str:
    """Return the result of another tool from its exit code and report."""
    if code == 0:
        return GREEN
    statuses: dict[str, list[object]] = {}
    for each in elements:
        statuses.setdefault(str(each["name"]), []).append(each.get("status"))
    trapped = statuses.get("trap", [])
    seen = bool(trapped) and all(status != "passed" for status in trapped[:1])
    innocent = "passed" in statuses.get("innocent", [])
    return TRUTH if (seen and innocent) or (trap.everything and "passed" not in trapped) else SILENT


def judge_ours(root: Path, trap: Trap) -> str:
    """Run spec2bdd on a trap, and return the result."""
    answer = call(
        [str(Path(sys.executable).with_name("spec2bdd")), "verify", "--format", "json", "--gate", "all"], root, trap
    )
    boxes = {line[2:5] for line in (root / "specs/1.1.md").read_text().splitlines() if "{#trap}" in line}
    innocent = "- [x] The innocent" in (root / "specs/1.1.md").read_text()
    if answer.returncode == 0 or boxes != {"[ ]"}:
        return GREEN
    return TRUTH if innocent != trap.everything else SILENT


def judge_rival(root: Path, trap: Trap, command: list[str], report: str) -> str:
    """Run another tool on a trap, and return the result."""
    try:
        answer = call(command, root, trap)
    except subprocess.TimeoutExpired:
        return HANGS
    return judge_report(answer.returncode, read_elements(root / report), trap)


def make_row(trap: Trap, rivals: Path) -> list[str]:
    """Return the result of each tool on a trap."""
    names = rivals / "bin"
    calls = [
        ([str(names / "behave"), "-f", "json", "-o", "behave.json", "features"], "behave.json"),
        (
            [str(names / "behavex"), "features", "--parallel-processes", "2", "--parallel-scheme", "scenario"],
            "output/report.json",
        ),
        ([str(names / "behave-pool"), "-j", "2", "features"], "behave-pool-report.json"),
    ]
    row = []
    for command, report in calls:
        with tempfile.TemporaryDirectory() as folder:
            write_trap(Path(folder), trap)
            row.append(judge_rival(Path(folder), trap, command, report))
    with tempfile.TemporaryDirectory() as folder:
        write_trap(Path(folder), trap)
        row.append(judge_ours(Path(folder), trap))
    return row


HEAD = """# Traps

Ways to get a green run in which nothing was proved, and what each tool reports. Each row is a small project with two
scenarios: a control that passes, and a trap that must not count as passed. `docs/scripts/traps.py` runs them and
writes the table.

- **green**: the exit code is 0.
- **silent**: the exit code is not 0, but the report does not name the scenario that failed, or has lost the control.
- **truth**: the trap is reported as not passed and the control as passed; if the whole run is affected, nothing counts
  as passed.
- **hangs**: it does not end within a minute.

Other tools are judged by their exit code and their JSON report, spec2bdd by its exit code and the boxes in the spec.

| trap | behave | behavex | behave-pool | spec2bdd |
|---|---|---|---|---|
"""


def main(rivals: Path) -> int:
    """Write the page; return 1 if a result of spec2bdd is not `truth`."""
    rows = {}
    for name, trap in TRAPS.items():
        rows[name] = make_row(trap, rivals)
        sys.stderr.write(f"{name}: {rows[name]}\n")
    PAGE.write_text(HEAD + "".join(f"| {name} | {' | '.join(row)} |\n" for name, row in rows.items()), encoding="utf-8")
    return int(any(row[-1] != TRUTH for row in rows.values()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rivals", type=Path, required=True)
    sys.exit(main(parser.parse_args().rivals))
