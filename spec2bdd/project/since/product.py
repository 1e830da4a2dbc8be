"""Find the files of the product: the Python code of a project that is neither a step, a hook nor a test."""

from __future__ import annotations

from spec2bdd.adapters.behave.challenges.origins import Origin, OriginIndex
from spec2bdd.adapters.system.git import find_tracked, find_untracked
from spec2bdd.adapters.system.untracked import drop_installed, find_python_files, find_sources
from spec2bdd.config import Config
from spec2bdd.text.globs import build_expression


def build_origins(config: Config) -> OriginIndex:
    """Build the index that says of each file of a project whether it is one of the product."""
    folders = (config.root / config.features, config.root / config.steps)
    return OriginIndex(config.root, steps=folders, helpers=build_expression(config.step_helpers))


def list_product_files(config: Config) -> tuple[str, ...]:
    """List the files of the product by their paths: those that `sources` names, or else all that git does not ignore.

    Where there is no repository, they are found on disk.
    """
    root, origins = config.root, build_origins(config)
    if config.sources:
        found = {*find_sources(root, config.sources)}
    elif (tracked := find_tracked(root)) is not None:
        found = {*drop_installed(root, (*tracked, *find_untracked(root)))}
    else:
        found = {*find_python_files(root)}
    code = (path for path in sorted(found) if path.endswith(".py") and (root / path).is_file())
    return tuple(path for path in code if origins.find(str(root / path)) is Origin.PRODUCT)
