"""The `eject` command: move a generated scenario to a hand-written feature file."""

from __future__ import annotations

from spec2bdd.commands.decide import decide
from spec2bdd.commands.options import Options
from spec2bdd.config import Config
from spec2bdd.domain.planning.eject import derive_ejection
from spec2bdd.model import FileChange, ProofSource, Report
from spec2bdd.project.loader import Project
from spec2bdd.project.lookup import find_criterion


def plan_ejection(project: Project, typed: str) -> tuple[tuple[FileChange, ...], tuple[str, ...]]:
    """Plan to make the generated scenario of one criterion its author's own, and say where it will stand.

    Raises:
        ConfigError: it is not clear which criterion is meant, or it has no generated scenario.
    """
    draft, item = find_criterion(project.drafts, typed)
    if item.proof is ProofSource.HAND_WRITTEN:
        return (), (f"nothing to eject: `{item.id}` is proved in {', '.join(f'`{path}`' for path in item.files)}",)
    texts = {path: content.decode("utf-8", "surrogateescape") for path, content in project.contents.items()}
    ejected = derive_ejection(draft, item, texts)
    changes = [
        FileChange(path, project.contents.get(path), text.encode("utf-8", "surrogateescape"))
        for path, text in ejected.texts.items()
    ]
    return tuple(changes), (f"`{item.id}` is yours now, in `{ejected.own}`; keep its tag",)


def eject(config: Config, typed: str, options: Options) -> Report:
    """Make the generated scenario of one criterion its author's own."""
    return decide("eject", config, lambda project: plan_ejection(project, typed), options)
