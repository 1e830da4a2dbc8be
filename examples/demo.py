"""Show the main job on a copy of the chat example: verify its specs, show what changed in them, say what to try."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from spec2bdd.model import FileChange
from spec2bdd.reporters.diff import render_diff

HERE = Path(__file__).resolve().parent
COPY = HERE.parent / "build" / "demo"
ANSWER_IS_NO = 1


def main() -> int:
    """Run the demo; 0 if all went as it should, although a criterion of the example fails on purpose."""
    console = Console(highlight=False, soft_wrap=True)
    copy_example()
    before = read_specs()
    console.print(
        "\nThe chat example has three specs, written from the template. Their boxes say what somebody believes.\n"
        "Now spec2bdd writes the scenarios, runs them with Behave, and makes the boxes say what is proved.\n"
    )
    console.print("[bold]$ spec2bdd verify[/bold]\n")
    code = run_verify()
    if code != ANSWER_IS_NO:
        console.print(f"\n[bold red]The demo went wrong:[/] `spec2bdd verify` ended with {code}, and 1 was expected.")
        return 1
    after = read_specs()
    console.print("\n[bold]What changed in the specs[/bold] (boxes, `status`, `updated`, and not one other byte):\n")
    changes = [FileChange(path, before[path], after[path]) for path in before if before[path] != after[path]]
    print(render_diff(changes, color=console.is_terminal), end="")
    settled = run_verify(quiet=True) == ANSWER_IS_NO and read_specs() == after
    console.print(
        f"\nA second `spec2bdd verify` changes {'nothing.' if settled else '[bold red]something: a fault.[/]'}"
    )
    show_next(console)
    return 0 if settled else 1


def copy_example() -> None:
    """Make a fresh copy of the example, so that the clone stays as it is."""
    shutil.rmtree(COPY, ignore_errors=True)
    shutil.copytree(HERE / "chat", COPY, ignore=shutil.ignore_patterns("__pycache__", ".spec2bdd", "features"))


def read_specs() -> dict[str, bytes]:
    """Return the bytes of the copy's specs by path."""
    return {path.relative_to(COPY).as_posix(): path.read_bytes() for path in sorted((COPY / "specs").glob("*.md"))}


def run_verify(*, quiet: bool = False) -> int:
    """Run `spec2bdd verify` in the copy and return its exit code."""
    output = subprocess.DEVNULL if quiet else None
    command = [sys.executable, "-m", "spec2bdd", "verify"]
    return subprocess.run(command, cwd=COPY, stdout=output, stderr=output, check=False).returncode


def show_next(console: Console) -> None:
    """Say what to try now."""
    place = os.path.relpath(COPY)
    tries = {
        f"cd {place} && ../../.venv/bin/spec2bdd verify -v": "what is pending, and why",
        "less features/*.feature steps/*.py": "what was generated",
        "less README.md": "which criteria fail on purpose; mend one and verify again",
    }
    console.print(f"\n[bold]Try next[/bold] (the copy is in [cyan]{place}[/], yours to break):")
    for command, what in tries.items():
        console.print(f"  {command:{max(map(len, tries))}}  [dim]{what}[/]")


if __name__ == "__main__":
    sys.exit(main())
