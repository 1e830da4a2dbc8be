"""A git repository with a product, for tests of what a result depends on."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

FILES = {
    "app.py": "RATE = 3\n",
    "data/rates.json": '{"rate": 3}\n',
    "src/shop/basket.py": "ITEMS = []\n",
    "src/shop/__init__.py": "",
    "README.md": "# Shop\n",
    "specs/notes.md": "# Notes\n",
    "run.sh": "exit 0\n",
    ".gitignore": "*.log\nlocal/\n",
}


def run_git(root: Path, *arguments: str) -> str:
    """Run git with an identity, apart from the user's configuration, and return its output."""
    quiet = ("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", "-c", "protocol.file.allow=always")
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *quiet, *identity, *arguments], cwd=root, check=True, capture_output=True, env=environment
    )
    return done.stdout.decode("utf-8", "replace")


def write_files(root: Path, files: dict[str, str]) -> Path:
    """Write files by their paths."""
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
    return root


def commit_all(root: Path, message: str = "change") -> str:
    """Commit everything, and return the commit."""
    run_git(root, "add", "--all")
    run_git(root, "commit", "--quiet", "--allow-empty", "--message", message)
    return run_git(root, "rev-parse", "HEAD").strip()


def make_repository(root: Path, files: dict[str, str] | None = None) -> Path:
    """Make a repository with one commit."""
    root.mkdir(parents=True, exist_ok=True)
    run_git(root, "init", "--quiet", "--initial-branch=main")
    write_files(root, FILES if files is None else files)
    commit_all(root)
    return root


def clone(source: Path, target: Path, *options: str) -> Path:
    """Clone a repository."""
    run_git(source.parent, "clone", "--quiet", *options, f"file://{source}", str(target))
    return target
