"""What is imported in a run of the files of another commit."""

from __future__ import annotations

import builtins
import os
import sys
from pathlib import Path

import pytest

from spec2bdd.adapters.behave.challenges.origins import OriginIndex
from spec2bdd.adapters.behave.plugin.redirection import redirect_imports


def test_only_what_is_in_the_folder_of_the_user_is_imported_from_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both the environment and the checkout may be in the user's folder."""
    top = tmp_path / "top"
    tree = top / ".spec2bdd/base"
    entries = [
        "",
        str(top),
        f"{top}/src",
        str(tree),
        f"{tree}/src",
        f"{top}/.venv/lib",
        f"{tmp_path}/topping",
        "/usr/lib",
    ]
    monkeypatch.setattr(sys, "prefix", str(top / ".venv"))
    monkeypatch.setattr(sys, "path", entries)
    monkeypatch.setenv("PYTHONPATH", "")
    with monkeypatch.context() as patch:
        patch.setattr(builtins, "__import__", builtins.__import__)
        redirect_imports(top, tree, origins=OriginIndex(tree, steps=[]))
    assert sys.path == ["", str(tree), f"{tree}/src", str(tree), f"{tree}/src", *entries[5:]]
    assert os.environ["PYTHONPATH"].split(os.pathsep) == [str(tree), f"{tree}/src"]
