"""Walking through syntax trees finds the nodes that Python's own walk finds."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from spec2bdd.adapters.behave.vacuity import nodes


def test_walk_finds_each_node_once_without_how_names_are_used() -> None:
    """Counted over a module of the analysis itself, by the identity of the nodes."""
    tree = ast.parse(Path(nodes.__file__).with_name("statements.py").read_bytes())
    expected = Counter(id(node) for node in ast.walk(tree) if not isinstance(node, ast.expr_context))
    assert Counter(map(id, nodes.walk(tree))) == expected
