"""Random edits of a project, and whether `--since` gives the same answer after each as a run of everything."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from challenge_products import copy_product
from small_project import verify
from tree_repository import run_git, write_files

from spec2bdd.model import Report, RunOptions, Selection

PRODUCTS = ("library", "command", "database", "service")
_LIMIT = RunOptions(timeout=20)


@dataclass(frozen=True)
class Outcome:
    """What came of one edit: what it was, the criteria that `--since` ran and all, and both answers."""

    edit: str
    ran: int
    count: int
    since: tuple[object, ...]
    whole: tuple[object, ...]
    before: tuple[object, ...]

    @property
    def is_missed(self) -> bool:
        """Whether a run of everything says something else."""
        return self.since != self.whole

    @property
    def has_effect(self) -> bool:
        """Whether the edit changed a verdict."""
        return self.whole != self.before


def write_product(name: str, root: Path) -> Path:
    """Write an example product that records lines, with the records of a whole run, and commit it."""
    copy_product(name, root, client="urllib" if name == "service" else "")
    write_files(root, {"spec2bdd.toml": "record-lines = true\n", ".gitignore": "__pycache__/\n"})
    run_git(root, "init", "-q", "-b", "main")
    verify(root)
    run_git(root, "add", "-A")
    run_git(root, "commit", "-qm", "one")
    verify(root)
    return root


def try_edits(root: Path, count: int, seed: int) -> Iterator[Outcome]:
    """Make that many random edits, each of the same state of a project, and compare both answers."""
    chance = random.Random(seed)
    before = summarize(verify(root, plan=_LIMIT, check=True))
    files = sorted(path for folder in root.iterdir() if folder.name not in (".git", ".spec2bdd", "specs", "features") for path in ([folder] if folder.is_file() else folder.rglob("*.py")))  # fmt: skip  # noqa: E501
    files = [path for path in files if path.suffix == ".py"]
    for _ in range(count):
        path = chance.choice(files)
        name, text = edit_source(chance, path.read_text(encoding="utf-8"))
        target = path
        if chance.random() < 0.05:
            # A new file that hides another module, or that nothing imports.
            target = path.with_name(chance.choice(["json.py", "extra.py"]))
            name, text = "new file", "VALUE = 1\n"
        content = target.read_bytes() if target.exists() else None
        target.write_text(text, encoding="utf-8")
        try:
            report = verify(root, choice=Selection(since="HEAD"), plan=_LIMIT, check=True)
            whole = verify(root, plan=_LIMIT, check=True)
        finally:
            target.unlink()
            if content is not None:
                target.write_bytes(content)
        shown = f"{root.name}: {name} in {target.relative_to(root)}"
        ran = {tag for result in report.run.results if result.status != "skipped" for tag in result.tags} if report.run and not report.nothing_run else set()  # fmt: skip  # noqa: E501
        ids = {verdict.id for spec in whole.specs for verdict in spec.verdicts}
        yield Outcome(shown, len(ran & ids), len(ids), summarize(report), summarize(whole), before)


def summarize(report: Report) -> tuple[object, ...]:
    """Summarize an answer: the exit code and the verdict of each criterion.

    Where the project cannot be loaded, a partial run has no result, and a criterion with an earlier one is stale.
    """
    none = {"stale": "not run"}
    verdicts = [
        (verdict.id, none.get(verdict.verdict, str(verdict.verdict)))
        for spec in report.specs
        for verdict in spec.verdicts
    ]
    return report.exit_code, *sorted(verdicts)


def edit_source(chance: random.Random, source: str) -> tuple[str, str]:
    """Edit Python source at random, and name the edit; the result may be broken, but it is never the same."""
    while True:
        name, edit = chance.choice(list(_EDITS.items()))
        text = edit(chance, source)
        if text not in ("", source):
            return name, text


def _pick(chance: random.Random, tree: ast.AST, *kinds: type[ast.AST]) -> ast.AST | None:
    """Pick a node of one of these kinds."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    return chance.choice(nodes) if nodes else None


def _change_constant(chance: random.Random, source: str) -> str:
    tree = ast.parse(source)
    node = _pick(chance, tree, ast.Constant)
    if isinstance(node, ast.Constant):
        value = node.value
        node.value = f"{value}x" if isinstance(value, str) else not value if isinstance(value, bool) else 7
    return ast.unparse(tree)


def _change_operator(chance: random.Random, source: str) -> str:
    tree = ast.parse(source)
    node = _pick(chance, tree, ast.Compare)
    if isinstance(node, ast.Compare):
        node.ops = [chance.choice([ast.NotEq(), ast.Lt(), ast.Eq(), ast.IsNot()])]
    return ast.unparse(tree)


def _drop_statement(chance: random.Random, source: str) -> str:
    tree = ast.parse(source)
    node = _pick(chance, tree, ast.FunctionDef, ast.ClassDef, ast.Module, ast.If, ast.For)
    if node and len(body := getattr(node, "body", [])) > 1:
        body.pop(chance.randrange(len(body)))
    return ast.unparse(tree)


def _empty_function(chance: random.Random, source: str) -> str:
    tree = ast.parse(source)
    node = _pick(chance, tree, ast.FunctionDef)
    if isinstance(node, ast.FunctionDef):
        node.body = ast.parse(chance.choice(["pass", "return 3", "raise KeyError('x')", "yield 1"])).body
    return ast.unparse(tree)


def _insert_statement(chance: random.Random, source: str) -> str:
    tree = ast.parse(source)
    node = _pick(chance, tree, ast.FunctionDef, ast.ClassDef, ast.Module)
    inserted = chance.choice(["x = 1", "import json", "raise ValueError('x')", "assert True", "def later(): return 2"])
    body = getattr(node, "body", [])
    body.insert(chance.randint(0, len(body)), ast.parse(inserted).body[0])
    return ast.unparse(tree)


def _rename_function(chance: random.Random, source: str) -> str:
    tree = ast.parse(source)
    node = _pick(chance, tree, ast.FunctionDef)
    if isinstance(node, ast.FunctionDef):
        node.name += "_2"
    return ast.unparse(tree)


def _change_default(chance: random.Random, source: str) -> str:
    tree = ast.parse(source)
    node = _pick(chance, tree, ast.FunctionDef)
    if isinstance(node, ast.FunctionDef) and node.args.args:
        node.args.defaults = [ast.Constant(3)]
    return ast.unparse(tree)


def _swap_lines(chance: random.Random, source: str) -> str:
    lines = source.splitlines(keepends=True)
    place = chance.randrange(len(lines))
    other = chance.randrange(len(lines))
    lines[place], lines[other] = lines[other], lines[place]
    return "".join(lines)


_EDITS: dict[str, Callable[[random.Random, str], str]] = {
    "constant": _change_constant,
    "operator": _change_operator,
    "dropped statement": _drop_statement,
    "emptied function": _empty_function,
    "new statement": _insert_statement,
    "renamed function": _rename_function,
    "default": _change_default,
    "swapped lines": _swap_lines,
    "comment": lambda chance, source: f"{source}\n# {chance.random()}\n",
    "layout": lambda _, source: ast.unparse(ast.parse(source)) + "\n\n",
}
