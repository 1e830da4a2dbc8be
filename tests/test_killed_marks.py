"""`kill -9` over `mark` on fifty specs, at random moments and before calls of the system: all is whole, then done."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from marking_project import RECORDS, write_marking_project, write_records
from small_project import NOW, read_all

from spec2bdd.commands.mark import mark as mark_command
from spec2bdd.config import read_config

RANDOM_KILLS = int(os.environ.get("SPEC2BDD_MARK_KILLS", "10"))
CALL_KILLS = int(os.environ.get("SPEC2BDD_CALL_KILLS", "8"))
TESTS = Path(__file__).parent

pytestmark = pytest.mark.skipif(os.name != "posix", reason="forks and signals")

# For each number it is sent it starts a process that marks the project. That one says its own number, and `writing`
# when it makes its first temporary file; it kills itself right before that call of the system which has the number
# that was sent, counted from there (0: never). At the next line, how it ended is said: until then its number is not
# given to another process. Forking saves the start of a thousand Pythons.
MARKER = """\
import os
import signal
import sys
from pathlib import Path
from small_project import NOW
from spec2bdd.commands.mark import mark as mark_command
from spec2bdd.config import read_config

CALLS = {"open", "os.rename", "os.remove", "os.chmod", "os.chown", "os.mkdir", "os.listdir", "os.scandir"}

def watch(last):
    me, count = os.getpid(), 0
    def hook(event, arguments):
        nonlocal count
        if os.getpid() != me:
            return
        if event == "tempfile.mkstemp" and not count:
            count = 1
            os.write(1, b"writing\\n")
        elif count and event in CALLS:
            count += 1
            if count == last:
                os.kill(me, signal.SIGKILL)
    sys.addaudithook(hook)
    return lambda: count

root = Path(sys.argv[1])
for line in sys.stdin:
    process = os.fork()
    if not process:
        tell = watch(int(line))
        os.write(1, b"%d\\n" % os.getpid())
        mark_command(read_config(root), now=NOW)
        os.write(1, b"calls %d\\n" % tell())
        os._exit(0)
    sys.stdin.readline()
    status = os.waitpid(process, 0)[1]
    os.write(1, b"ended %d\\n" % status)
"""


class Marker:
    """A process that starts others, which mark a project and may be killed."""

    def __init__(self, root: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent)])}
        pipe = subprocess.PIPE
        command = [sys.executable, "-c", MARKER, str(root)]
        self._starter = subprocess.Popen(command, env=environment, text=True, bufsize=1, stdin=pipe, stdout=pipe)
        self.calls = 0

    def start(self, last: int = 0) -> int:
        """Start one that kills itself before a call of the system, and return its process."""
        assert self._starter.stdin is not None
        self._starter.stdin.write(f"{last}\n")
        return int(self.read_line())

    def read_line(self) -> str:
        """Return the next line that was said."""
        assert self._starter.stdout is not None
        line = self._starter.stdout.readline()
        assert line
        return line.strip()

    def wait(self) -> int:
        """Return how the one that was started ended; what it says meanwhile is noted."""
        assert self._starter.stdin is not None
        self._starter.stdin.write("\n")
        while True:
            word, _, rest = self.read_line().partition(" ")
            if word == "ended":
                return int(rest)
            if word == "calls":
                self.calls = int(rest)

    def end(self) -> None:
        """End the starter itself."""
        self._starter.communicate()


class World:
    """A project of fifty specs, all of which a mark changes, and what stands there before and after it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        project = write_marking_project(root, specs=50, criteria=2)
        write_records(root, project, lambda _: ("passed", ""))
        self.old = read_all(root)
        self.mark()
        self.new = read_all(root)
        self.changing = [path for path in self.old if self.old[path] != self.new[path]]
        assert len(self.changing) == 50

    def mark(self) -> None:
        """Mark, and be left in peace."""
        mark_command(read_config(self.root), now=NOW)

    def reset(self) -> None:
        """Write the old content of all specs."""
        for path in self.changing:
            (self.root / path).write_bytes(self.old[path])

    def check(self) -> str:
        """Check that all is whole after a kill and done after the next run, and return how far the killed one came."""
        found = {path: (self.root / path).read_bytes() for path in self.old}
        assert all(content in (self.old[path], self.new[path]) for path, content in found.items())
        done = sum(found[path] == self.new[path] for path in self.changing)
        # It works in the order of the paths, so what is done is done up to one.
        assert [found[path] == self.new[path] for path in self.changing] == [True] * done + [False] * (50 - done)
        left = sum(path.suffix == ".tmp" for path in self.root.rglob("*"))
        self.mark()
        assert read_all(self.root) == self.new
        if done == 50:
            return "after the last move, with leftovers" if left else "after the last move"
        if done:
            return "between two moves"
        return "while temporary files were written" if left else "before the first temporary file"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a project to be killed in."""
    return World(tmp_path)


@pytest.fixture
def marker(world: World) -> Iterator[Marker]:
    """Return what starts the processes that are killed."""
    marker = Marker(world.root)
    yield marker
    marker.end()


def test_every_spec_is_whole_wherever_mark_is_killed(world: World, marker: Marker) -> None:
    chance = random.Random(20261125)
    world.reset()
    started = time.monotonic()
    marker.start()
    assert marker.read_line() == "writing"
    begun = time.monotonic()
    assert marker.wait() == 0
    reading, writing = begun - started, time.monotonic() - begun
    phases: Counter[str] = Counter()
    wanted = {"before the first temporary file", "while temporary files were written"}
    # Where chance or a busy machine leaves a phase out, a few more are tried.
    for number in range(10 * RANDOM_KILLS):
        if number >= RANDOM_KILLS and wanted <= phases.keys():
            break
        world.reset()
        process = marker.start()
        # One in four dies at any moment, the others while they write, where there is something to break.
        delay = chance.random() * (reading if number % 4 == 0 else writing)
        if number % 4:
            assert marker.read_line() == "writing"
        time.sleep(delay)  # the moment is what is tried; nothing is waited for
        os.kill(process, signal.SIGKILL)
        marker.wait()
        phase = world.check()
        phases[phase] += 1
        if phase.startswith("after"):
            # It is faster than the one that was measured.
            writing *= 0.8
    print(dict(phases))  # noqa: T201, what the kills tried is to be seen with `-s`
    assert wanted <= phases.keys()


def test_every_spec_is_whole_before_whichever_call_of_the_system_mark_is_killed(world: World, marker: Marker) -> None:
    world.reset()
    marker.start()
    assert marker.wait() == 0
    phases: Counter[str] = Counter()
    for number in range(CALL_KILLS):
        world.reset()
        # Spread over all calls from the first temporary file to the end.
        marker.start(2 + number * (marker.calls - 3) // max(CALL_KILLS - 1, 1))
        assert marker.wait() == signal.SIGKILL
        phases[world.check()] += 1
    print(dict(phases), marker.calls)  # noqa: T201
    assert phases["while temporary files were written"] > 0
    assert phases["between two moves"] > 0
    assert phases["after the last move"] + phases["after the last move, with leftovers"] > 0


def test_the_records_that_were_marked_are_left_as_they_are(world: World) -> None:
    before = (world.root / RECORDS).read_bytes()
    world.mark()
    assert (world.root / RECORDS).read_bytes() == before
