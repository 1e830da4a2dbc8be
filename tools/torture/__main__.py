"""Hurt the commands that write at random moments for a bounded time, and check what is left.

Usage: python tools/torture [--kind KIND] [--seconds N] [--seed N] [--rounds N]

Each round takes a copy of a small project, runs commands, and hurts them: a signal at a random moment, a disk that is
full or fails from a random call on, a slow disk, several commands at once, or a signal while `challenge` puts faults
into a product. Afterwards each file is byte for byte the old or the new one, nothing is ticked that was not proved, no
process is left, no traceback was printed, and the next `verify` completes the work. A round is repeated by its seed and
its kind. The exit code is 1 if a promise was broken.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
# The example products that are challenged, in `tests/challenges`.
PRODUCTS = ("library", "command", "database")
COMMANDS = (
    ("verify", "-q"),
    ("verify", "-q", "-j", "2"),
    ("generate", "-q"),
    ("run", "-q"),
    ("mark", "-q"),
    ("status",),
)
CHALLENGE = ("challenge", "-q", "--all", "-j", "2")
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
_LIMIT = 120
_SPEC = """\
---
status: Draft
updated: 2026-05-04T09:00:00-04:00
---

# Shelf {number}

## Acceptance Criteria

### Must Have
- [ ] Shelf {number} holds {count} books
- [ ] Shelf {number} holds no lamp
- [ ] Shelf {number} is never empty
"""
_STEPS = """\
from behave import then


@then("shelf {number:d} holds {count:d} books")
def shelf_holds_books(context, number, count):
    assert number + count > 0


@then("shelf {number:d} holds no lamp")
def shelf_holds_no_lamp(context, number):
    assert number < 0
"""


class BrokenError(Exception):
    """A promise was broken."""


@dataclass(frozen=True, slots=True)
class World:
    """A project before and after an undisturbed `verify`: the bytes of its files, without the time of a change.

    `folder` has both as `project` and `finished`; `seconds` is how long the command takes that is hurt.
    """

    folder: Path
    old: dict[str, bytes]
    new: dict[str, bytes]
    seconds: float


def main(arguments: list[str]) -> int:
    """Play rounds until the time is over, and print what was tried."""
    parser = argparse.ArgumentParser(prog="python tools/torture")
    default = int(os.environ.get("TORTURE_SECONDS", "600"))
    parser.add_argument("--kind", choices=list(HURTS), help="play only rounds of this kind; by default, all in turn")
    parser.add_argument("--seconds", type=int, default=default, help="when no new round begins")
    parser.add_argument("--seed", type=int, default=1, help="the seed of the first round; the next has the next one")
    parser.add_argument("--rounds", type=int, default=sys.maxsize, help="at most so many rounds")
    options = parser.parse_args(arguments)
    end = time.monotonic() + options.seconds
    tried: Counter[str] = Counter()
    broken: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        worlds: dict[str, World] = {}
        for seed in range(options.seed, options.seed + options.rounds):
            if time.monotonic() > end:
                break
            kind = options.kind or list(HURTS)[seed % len(HURTS)]
            project = PRODUCTS[seed % len(PRODUCTS)] if kind == "challenges" else "shelves"
            if project not in worlds:
                worlds[project] = make_world(folder / project)
            tried[kind] += 1
            try:
                play_round(worlds[project], kind, seed, folder)
            except BrokenError as error:
                broken.append(f"seed {seed}, {kind}: {error}")
                print(broken[-1], flush=True)
    print("\n".join(f"{kind:12} {count:5} rounds" for kind, count in sorted(tried.items())))
    print(f"{sum(tried.values())} rounds, {len(broken)} broken; repeat one with --kind KIND --seed N --rounds 1")
    return int(bool(broken))


def make_world(folder: Path) -> World:
    """Write the project with the name of the folder, and find out what an undisturbed `verify` makes of it."""
    is_product = folder.name in PRODUCTS
    if is_product:
        shutil.copytree(ROOT / "tests/challenges" / folder.name, folder / "project")
    else:
        write_project(folder / "project")
    shutil.copytree(folder / "project", folder / "finished")
    call(folder / "finished", ("verify", "-q"))
    shutil.copytree(folder / ("finished" if is_product else "project"), folder / "timed")
    start = time.monotonic()
    call(folder / "timed", CHALLENGE if is_product else ("verify", "-q"))
    return World(folder, read_files(folder / "project"), read_files(folder / "finished"), time.monotonic() - start)


def write_project(root: Path) -> None:
    """Write specs and steps: each spec has a criterion that passes, one that fails and one without a step."""
    for folder in ("specs", "steps", "features"):
        (root / folder).mkdir(parents=True)
    for number in range(1, 9):
        text = _SPEC.format(number=number, count=number * 3)
        (root / "specs" / f"1.{number}-shelf.md").write_text(text, encoding="utf-8")
    (root / "steps" / "shelf_steps.py").write_text(_STEPS, encoding="utf-8")
    (root / "pyproject.toml").write_text('[tool.spec2bdd]\n\n[tool.behave]\npaths = ["features"]\n', encoding="utf-8")


def play_round(world: World, kind: str, seed: int, folder: Path) -> None:
    """Hurt commands in a copy of the project, and check what is left.

    Raises:
        BrokenError: a promise was broken.
    """
    chance = random.Random(seed)
    root = folder / f"round{seed}"
    # Half of the rounds begin with a finished project whose boxes were unticked: then there is something to mark, too.
    # Only what has passed is challenged.
    begin = "finished" if kind == "challenges" else chance.choice(("project", "finished"))
    shutil.copytree(world.folder / begin, root)
    for path in (root / "specs").glob("*.md"):
        path.write_bytes(path.read_bytes().replace(b"- [x]", b"- [ ]"))
    before = read_files(root)
    token = f"torture-{os.getpid()}-{seed}"
    try:
        HURTS[kind](root, chance, world.seconds, token)
        check_files(root, before, world)
        check_processes(token)
        call(root, ("verify", "-q"))
        left = read_files(root)
        if left != world.new:
            raise BrokenError(f"the next `verify` left other files: {compare(left, world.new)}")
    finally:
        for process in find_processes(token):
            os.kill(process, signal.SIGKILL)
    shutil.rmtree(root)


def hurt_by_signal(root: Path, chance: random.Random, seconds: float, token: str) -> None:
    """Send a signal to a command at a random moment, and to all that it started if it cannot do so itself."""
    process = start(root, chance.choice(COMMANDS), token)
    time.sleep(chance.uniform(0.1, 1.1) * seconds)
    number = chance.choice(SIGNALS)
    if process.poll() is None:
        os.killpg(process.pid, number)
    finish(process, killed=True)


def hurt_by_fault(root: Path, chance: random.Random, _: float, token: str) -> None:
    """Let each call that changes the disk fail from a random one on."""
    fault = f"{chance.choice(('ENOSPC', 'EIO', 'EROFS', 'EDQUOT'))}:{chance.randrange(60)}"
    finish(start(root, chance.choice(COMMANDS), token, TORTURE_FAULT=fault, TORTURE_ROOT=str(root)))


def hurt_by_slowness(root: Path, chance: random.Random, seconds: float, token: str) -> None:
    """Let each call that changes the disk take a while, and kill the command in the middle of it, or do not."""
    process = start(
        root, chance.choice(COMMANDS), token, TORTURE_SLOW=str(chance.uniform(0.005, 0.05)), TORTURE_ROOT=str(root)
    )
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0.3, 3) * seconds)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        finish(process, killed=True)
    else:
        finish(process)


def hurt_by_company(root: Path, chance: random.Random, seconds: float, token: str) -> None:
    """Run several commands at once in one project."""
    processes = []
    for _ in range(chance.choice((2, 3, 4))):
        processes.append(start(root, chance.choice(COMMANDS), token))
        time.sleep(chance.uniform(0, 0.5) * seconds)
    for process in processes:
        finish(process)


def hurt_by_file_size(root: Path, chance: random.Random, _: float, token: str) -> None:
    """Let no file grow over a size, as a quota does."""
    finish(start(root, chance.choice(COMMANDS), token, TORTURE_SIZE=str(chance.randrange(100, 20_000))))


def hurt_challenge(root: Path, chance: random.Random, seconds: float, token: str) -> None:
    """Send a signal to `challenge` at a random moment: to itself alone, or to all that it started as well."""
    (root.parent / "tmp").mkdir(exist_ok=True)
    number, send = chance.choice(SIGNALS), chance.choice((os.kill, os.killpg))
    while True:
        # What a killed command leaves in its folder of temporary files, the next one removes only after a while.
        process = start(root, CHALLENGE, token, TMPDIR=str(root.parent / "tmp"))
        time.sleep(chance.uniform(0.05, 1) * seconds)
        if process.poll() is None:
            break
        # It was faster this time: again, without what it remembers.
        finish(process)
        (root / ".spec2bdd/challenges.json").unlink(missing_ok=True)
        seconds /= 2
    send(process.pid, number)
    finish(process, killed=True)


HURTS: dict[str, Callable[[Path, random.Random, float, str], None]] = {
    "signals": hurt_by_signal,
    "faults": hurt_by_fault,
    "slow disk": hurt_by_slowness,
    "company": hurt_by_company,
    "file size": hurt_by_file_size,
    "challenges": hurt_challenge,
}


def start(root: Path, arguments: tuple[str, ...], token: str, **variables: str) -> subprocess.Popen[bytes]:
    """Start a command in a process group of its own; all that it starts has the token in its environment."""
    paths = os.pathsep.join([str(FOLDER / "faults"), str(ROOT)])
    environment = {**os.environ, **variables, "PYTHONPATH": paths, "TORTURE_TOKEN": token}
    return subprocess.Popen(
        [sys.executable, "-m", "spec2bdd", *arguments],
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        process_group=0,
    )


def finish(process: subprocess.Popen[bytes], *, killed: bool = False) -> None:
    """Wait for a command, and check how it ended.

    Raises:
        BrokenError: it hangs, it printed a traceback, or its exit code is none of ours.
    """
    try:
        _, errors = process.communicate(timeout=_LIMIT)
    except subprocess.TimeoutExpired as error:
        raise BrokenError(f"a command has not ended after {_LIMIT} s") from error
    if b"Traceback (most recent call last)" in errors:
        raise BrokenError(f"a traceback was printed: {errors.decode(errors='replace')[-1500:]}")
    # A command that has something to stop first ends as a shell says that a signal has ended it.
    allowed = {0, 1, 2, 130, *({end for number in SIGNALS for end in (-number, 128 + number)} if killed else ())}
    if process.returncode not in allowed:
        raise BrokenError(f"a command exited with {process.returncode}: {errors.decode(errors='replace')[-1500:]}")


def call(root: Path, arguments: tuple[str, ...]) -> None:
    """Run a command without disturbing it."""
    finish(start(root, arguments, "undisturbed"))


def check_files(root: Path, before: dict[str, bytes], world: World) -> None:
    """Check that each file is as before or as an undisturbed run leaves it; of a spec, each box is one or the other.

    Raises:
        BrokenError: one is neither, or something was ticked that is not proved.
    """
    for path, content in read_files(root).items():
        known = [files[path] for files in (before, world.old, world.new) if path in files]
        if content in known or path.endswith(".tmp"):
            continue
        # A scenario that a fault made fail leaves its box and the status, and no other byte.
        boxes = [set(re.findall(rb"(?m)^- \[x\] .*$", text)) for text in (content, world.new.get(path, b""))]
        bare = {re.sub(rb"(?m)^- \[x\]|^status: .*$", b"- [ ]", text) for text in known}
        if re.sub(rb"(?m)^- \[x\]|^status: .*$", b"- [ ]", content) not in bare or not boxes[0] <= boxes[1]:
            raise BrokenError(f"`{path}` is neither old nor new: {content[:3000]!r}")


def check_processes(token: str) -> None:
    """Check that all processes end soon after the command that started them.

    Raises:
        BrokenError: one is left.
    """
    end = time.monotonic() + 20
    while left := list(find_processes(token)):
        if time.monotonic() > end:
            raise BrokenError(f"{len(left)} processes are left")
        time.sleep(0.05)


def find_processes(token: str) -> Iterator[int]:
    """Find the processes that have the token in their environment."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"TORTURE_TOKEN={token}\0".encode() in (folder / "environ").read_bytes() + b"\0":
                yield int(folder.name)
        except OSError:
            continue


def read_files(root: Path) -> dict[str, bytes]:
    """Read all files of a project but those that are only remembered, without the time in `updated`."""
    return {
        path.relative_to(root).as_posix(): re.sub(rb"(?m)^updated: .*$", b"updated:", path.read_bytes())
        for path in root.rglob("*")
        if path.is_file() and not {"__pycache__", ".spec2bdd"}.intersection(path.parts)
    }


def compare(left: dict[str, bytes], right: dict[str, bytes]) -> list[str]:
    """Name the paths whose files differ."""
    return sorted(path for path in left.keys() | right.keys() if left.get(path) != right.get(path))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
