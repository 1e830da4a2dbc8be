"""Work that is shared among processes has the results of work that is not."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from marking_project import write_marking_project, write_records

from spec2bdd.adapters.system.process_pool import count_processes, parallel_map

PREAMBLE = """
import os, signal
from multiprocessing import active_children
from spec2bdd.adapters.system.process_pool import parallel_map
parent = os.getpid()
values = list(range(200))
"""
ONLY_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is doubled")


def run_alone(code: str) -> str:
    """Return what a fresh Python prints: here, threads of the test runner may be running."""
    command = [sys.executable, "-c", PREAMBLE + code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@ONLY_LINUX
def test_the_results_of_all_processes_come_in_the_order_of_the_values() -> None:
    code = "results = parallel_map(lambda value: (value, os.getpid()), values, processes=3)\n"
    code += "print([value for value, _ in results] == values, len({process for _, process in results}))"
    assert run_alone(code) == "True 3\n"


@ONLY_LINUX
@pytest.mark.parametrize("processes", [2, 3])
def test_each_value_is_worked_on_once(tmp_path: Path, processes: int) -> None:
    code = f"called = os.open({str(tmp_path / 'called')!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)\n"
    code += f"parallel_map(lambda value: os.write(called, b'%d ' % value), values, processes={processes})"
    run_alone(code)
    assert sorted(map(int, (tmp_path / "called").read_text().split())) == list(range(200))


@ONLY_LINUX
@pytest.mark.parametrize(
    "kind",
    [
        "@dataclass(frozen=True, slots=True)\nclass Kind:\n    name: str\n    many: tuple = ()",
        "@dataclass\nclass Kind:\n    name: str\n    many: tuple = field(default=(), kw_only=True)",
        "@dataclass\nclass Kind:\n    name: str\n    many: tuple = field(default=(), init=False)",
        "@dataclass\nclass Kind:\n    name: str\n    def __post_init__(self): self.many = ()",
        "class Kind(str): many = ()",
    ],
)
def test_values_of_any_type_come_back_equal(kind: str) -> None:
    code = f"from dataclasses import dataclass, field\n{kind}\n"
    code += "results = parallel_map(lambda value: Kind(str(value)), values, processes=2)\n"
    code += "print(results == [Kind(str(value)) for value in values], {result.many for result in results})"
    assert run_alone(code) == "True {()}\n"


@ONLY_LINUX
def test_what_one_value_shares_with_another_is_shared_on_the_other_side() -> None:
    code = "from spec2bdd.model import Tier\ntwo = ['a', 'b']\n"
    code += "results = parallel_map(lambda value: (two, Tier.MUST), values, processes=2)\n"
    code += "print(results[152][0] is results[153][0], results[152][1] is Tier.MUST)"
    assert run_alone(code) == "True True\n"


@ONLY_LINUX
def test_what_the_first_call_imports_and_compiles_is_there_for_all_others() -> None:
    code = "ready = []\ndef work(value):\n    ready.append(value)\n    return len(ready) - 1, os.getpid()\n"
    code += "results = parallel_map(work, values, processes=2)\n"
    code += "print([before for before, process in results if before == 0], len({process for _, process in results}))"
    assert run_alone(code) == "[0] 2\n"


@ONLY_LINUX
def test_a_process_that_dies_costs_time_only() -> None:
    code = "def double(value):\n    if os.getpid() != parent and value > 150: os._exit(0)\n    return 2 * value\n"
    code += "print(parallel_map(double, values, processes=2) == [2 * value for value in values])"
    assert run_alone(code) == "True\n"


@ONLY_LINUX
def test_what_a_process_that_is_held_up_does_not_get_to_is_done_by_another() -> None:
    code = "ready, go = os.pipe()\ndef work(value):\n"
    code += "    if os.getpid() != parent: os.read(ready, 1)\n    elif value == 199: os.write(go, bytes(200))\n"
    code += "    return os.getpid() == parent\n"
    code += "print(parallel_map(work, values, processes=2).count(True))"
    # All but what the other process has for its own.
    assert run_alone(code) == "140\n"


@ONLY_LINUX
def test_an_error_is_raised_as_if_nothing_were_shared() -> None:
    code = "try:\n    parallel_map(lambda value: dict.fromkeys(range(150))[value], values, processes=2)\n"
    code += "except KeyError as error:\n    print(error, active_children())"
    assert run_alone(code) == "150 []\n"


@ONLY_LINUX
def test_an_interruption_leaves_no_process_behind() -> None:
    code = "def wait(value):\n    if os.getpid() != parent: signal.pause()\n    if value: raise KeyboardInterrupt\n"
    code += "try:\n    parallel_map(wait, values, processes=2)\nexcept KeyboardInterrupt:\n    print(active_children())"
    assert run_alone(code) == "[]\n"


@ONLY_LINUX
def test_no_process_outlives_the_one_that_was_to_read_its_results() -> None:
    code = (
        "def fill(value):\n    if os.getpid() != parent: return bytes(100_000)\n"
        "    if value: os.kill(parent, signal.SIGKILL)\n"
    )
    code += "parallel_map(fill, values, processes=3)"
    ours, theirs = os.pipe()
    subprocess.run([sys.executable, "-c", PREAMBLE + code], pass_fds=[theirs], check=False)
    os.close(theirs)
    # A process that is left has the other end open.
    ended, _, _ = select.select([ours], [], [], 60)
    assert ended == [ours]
    assert os.read(ours, 1) == b""
    os.close(ours)


@pytest.mark.parametrize(("count", "processes"), [(200, 1), (99, 2), (0, 2)])
def test_little_work_is_not_shared(count: int, processes: int) -> None:
    assert parallel_map(lambda _: os.getpid(), range(count), processes=processes) == [os.getpid()] * count


def test_where_threads_are_running_nothing_is_shared() -> None:
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    count = count_processes()
    end.set()
    thread.join()
    assert count == 1


def test_many_specs_give_the_same_bytes_on_one_core_and_on_all(tmp_path: Path) -> None:
    written = []
    for name, cores in (("one", "{0}"), ("all", "os.sched_getaffinity(0)")):
        root = tmp_path / name
        for number in range(120):
            spec = root / "specs" / f"{number}.md"
            spec.parent.mkdir(parents=True, exist_ok=True)
            mark = " " if number % 7 else "x"
            text = (
                f"---\nfeature_id: 1.{number % 119}\nstatus: Draft\n---\n# Lamp {number}\n\n## Acceptance Criteria\n\n"
            )
            spec.write_text(text + f"### Must Have\n- [{mark}] Lamp {number} lights up\n- [ ] [Placeholder]\n")
        (root / "specs" / "broken.md").write_bytes(b"\xff")
        code = f"import os, sys\nsys.platform == 'linux' and os.sched_setaffinity(0, {cores})\n"
        code += "from spec2bdd.cli.main import main\nmain(['generate'])"
        answer = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=False)
        files = {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        written.append((answer.returncode, answer.stdout, answer.stderr, files))
    assert written[0] == written[1]
    assert len(written[0][3]) > 120


def test_many_specs_are_marked_alike_on_one_core_and_on_all(tmp_path: Path) -> None:
    marked = []
    for name, cores in (("one", "{0}"), ("all", "os.sched_getaffinity(0)")):
        root = tmp_path / name
        project = write_marking_project(root, specs=120, criteria=2)
        write_records(root, project, lambda scenario: ("failed", "no") if scenario.id.endswith("0") else ("passed", ""))
        (root / "specs" / "0" / "7.md").write_bytes(b"\xff")
        code = f"import os, sys\nsys.platform == 'linux' and os.sched_setaffinity(0, {cores})\n"
        code += (
            "from datetime import datetime, UTC\nfrom pathlib import Path\nfrom spec2bdd.config import read_config\n"
        )
        code += "from spec2bdd.commands.mark import mark\n"
        code += "report = mark(read_config(Path()), now=datetime(2026, 5, 5, tzinfo=UTC))\n"
        code += "print(report.diagnostics, report.exit_code, *report.changes, sep='\\n')"
        answer = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, check=True)
        files = {path.relative_to(root): path.read_bytes() for path in (root / "specs").rglob("*.md")}
        marked.append((answer.stdout, files))
    assert marked[0] == marked[1]
    # One cannot be read, and both criteria of another fail.
    assert sum(b"[x]" in content for content in marked[1][1].values()) == 118
