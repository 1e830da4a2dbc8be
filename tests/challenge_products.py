"""Example products for challenges, each with steps that check it, and the same steps with their checks removed."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from spec2bdd.adapters.behave.challenger import ChallengeOptions
from spec2bdd.commands.challenge import challenge
from spec2bdd.commands.generate import generate
from spec2bdd.commands.run import run
from spec2bdd.config import read_config
from spec2bdd.model import ChallengeReport, Strength

FOLDER = Path(__file__).parent / "challenges"
# Each product, and the client by which its steps reach it, where there is a choice.
PRODUCTS = (
    ("library", ""),
    ("command", ""),
    ("service", "urllib"),
    ("service", "requests"),
    ("service", "httpx"),
    ("database", ""),
)


def copy_product(name: str, target: Path, *, client: str = "") -> Path:
    """Copy an example product, the service with the module by which its steps use that client."""
    shutil.copytree(FOLDER / name, target, ignore=shutil.ignore_patterns("__pycache__", "clients"))
    if client:
        (target / "testing").mkdir()
        shutil.copy(FOLDER / name / "clients" / f"{client}.py", target / "testing" / "client.py")
    return target


def gut_steps(root: Path, *, choose: Callable[[int], bool] = lambda _: True) -> None:
    """Remove the checks of the steps that `choose` accepts by their number: what they do, they still do.

    Each `assert X` becomes `X; assert __name__ is not None`, which no reading of the source shows for certain.
    """
    for path in sorted((root / "steps").glob("*_steps.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        steps = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list]
        for number, step in enumerate(steps):
            if choose(number):
                step.body = [part for node in step.body for part in _split_assertion(node)]
        path.write_text(ast.unparse(ast.fix_missing_locations(tree)), encoding="utf-8")


def _split_assertion(node: ast.stmt) -> list[ast.stmt]:
    """Split an assertion into its condition and an assertion that always holds."""
    if not isinstance(node, ast.Assert):
        return [node]
    return [ast.Expr(node.test), *ast.parse("assert __name__ is not None").body]


def run_challenges(root: Path, options: ChallengeOptions | None = None, *names: str) -> ChallengeReport:
    """Generate and run the features of a project, and challenge what passes."""
    config = read_config(root)
    generate(config)
    run(config)
    return challenge(config, names=names, options=options or ChallengeOptions(jobs=2, most=15))


def list_strengths(report: ChallengeReport) -> Mapping[str, Strength]:
    """List the strengths of a report by the texts of the criteria."""
    return {challenged.criterion.text: challenged.strength.strength for challenged in report.criteria}
