"""Play the argument on a copy of the chat example: a box that was ticked by hand is unticked, and ticked once proved.

The output fits 80 lines: one criterion with its scenario and its step, a run with two failures that are intended, what
changed in the spec, the repair, and the same criterion ticked again.
"""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape

HERE = Path(__file__).resolve().parent
COPY = HERE.parent / "build" / "demo"
SPEC = "specs/1.1-rooms-and-messages.md"
FEATURE = "features/1_1_rooms_and_messages.feature"
STEPS = "steps/rooms_and_messages_steps.py"
CRITERION = "A message of 500 characters is accepted in every language"
STEP = '@then("a message of {length:d} characters is accepted in every language")'
# The bugs of the example: file, faulty code, repaired code.
BUGS = (
    ("chatstore/store.py", "len(text.encode())", "len(text)"),
    ("chatstore/search.py", "words in message.text", "words.casefold() in message.text.casefold()"),
)
CHECK_FAILED = 1
STYLES = {"+": "green", "-": "red"}


def main() -> int:
    """Run the demo; 0 if both runs of `spec2bdd verify` ended as they should."""
    console = Console(highlight=False, soft_wrap=True)
    copy_example()
    run_command("generate", quiet=True)
    console.print("A chat application with two bugs and three specs: two criteria fail on purpose.")
    show_criterion(console)
    ticked_by_hand = read_spec()
    failed = verify(console)
    unticked = read_spec()
    show_changes(console, ticked_by_hand, unticked)
    console.print("\n[bold]Both bugs are fixed[/bold]")
    for bug in BUGS:
        fix_bug(console, *bug)
    passed = verify(console)
    show_changes(console, unticked, read_spec())
    if (failed, passed) != (CHECK_FAILED, 0):
        console.print(f"\n[bold red]The demo failed:[/] `verify` exited with {failed} and {passed}, not with 1 and 0.")
        return 1
    place = os.path.relpath(COPY)
    activate = os.path.relpath(Path(sys.prefix) / "bin" / "activate")
    console.print(
        f"The copy is yours to break, as its README.md says: [cyan]. {activate} && cd {place} && spec2bdd verify[/]"
    )
    return 0


def copy_example() -> None:
    """Make a fresh copy of the example, so that the clone stays as it is."""
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(HERE / "chat", COPY, ignore=shutil.ignore_patterns("__pycache__", ".spec2bdd", "features"))


def show_criterion(console: Console) -> None:
    """Show one criterion in its spec, in the scenario that is generated from it, and in the step that checks it."""
    show_lines(console, SPEC, "ticked by hand", f"- [x] {CRITERION}")
    show_lines(console, FEATURE, "generated from it", f"Scenario: {CRITERION}", 1)
    # The decorator, and the line that can fail.
    show_lines(console, STEPS, "written by the team", STEP, 6)


def show_lines(console: Console, path: str, origin: str, first: str, *more: int) -> None:
    """Show the line of a file that has this text, and those so many lines under it."""
    lines = (COPY / path).read_text(encoding="utf-8").splitlines()
    number = next(number for number, line in enumerate(lines) if line.strip() == first)
    console.print(f"[bold]{path}:{number + 1}[/bold]  [dim]{origin}[/]")
    for offset in (0, *more):
        console.print(f"  {escape(lines[number + offset])}")


def verify(console: Console) -> int:
    """Run `spec2bdd verify` in the copy, and return its exit code."""
    console.print("\n[bold]$ spec2bdd verify[/bold]")
    return run_command("verify")


def run_command(command: str, *, quiet: bool = False) -> int:
    """Run a command of spec2bdd in the copy, and return its exit code."""
    sys.stdout.flush()
    output = subprocess.DEVNULL if quiet else None
    arguments = [sys.executable, "-m", "spec2bdd", command]
    return subprocess.run(arguments, cwd=COPY, stdout=output, stderr=output, check=False).returncode


def read_spec() -> list[str]:
    """Return the lines of the spec."""
    return (COPY / SPEC).read_text(encoding="utf-8").splitlines()


def show_changes(console: Console, before: list[str], after: list[str]) -> None:
    """Show the lines that differ, but for the time; the first two lines of the diff only name the files."""
    console.print(f"\n[bold]What changed in {SPEC}[/bold]  [dim]besides `updated`[/]")
    for line in list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]:
        if not line.startswith(("@", "-updated:", "+updated:")):
            console.print(f"  {escape(line)}", style=STYLES.get(line[0]))


def fix_bug(console: Console, path: str, faulty: str, repaired: str) -> None:
    """Replace the faulty code in a file of the copy, and show the line."""
    file = COPY / path
    before = file.read_text(encoding="utf-8")
    after = before.replace(faulty, repaired)
    file.write_text(after, encoding="utf-8")
    number = before[: before.index(faulty)].count("\n") + 1
    console.print(f"  {path}:{number}  {escape(faulty)} [dim]is now[/] {escape(repaired)}")


if __name__ == "__main__":
    sys.exit(main())
