"""The `generate` command: write feature files, and stubs for undefined steps."""

from __future__ import annotations

from collections.abc import Sequence

from spec2bdd.adapters.system.file_stamps import read_file_clock
from spec2bdd.commands.options import WriteMode
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.errors import UsageError
from spec2bdd.model import Report
from spec2bdd.project.cache.generate_cache import load_cached_report, store_report


def generate(
    project: ProjectLocation = ".",
    *,
    names: Sequence[str] = (),
    prune: bool = False,
    mode: WriteMode = WriteMode.WRITE,
    cached: bool = True,
) -> Report:
    """Write feature files, and stubs for the steps that are undefined.

    With `names`, only the features and stubs of the specs that they match are written. With `prune`, generated features
    whose spec is gone and unmodified stubs that no scenario uses are deleted as well. If nothing of what the last
    answer was computed from has changed, that answer is returned, unless `cached` is false.

    Raises:
        ConfigError: the configuration is invalid, or there are no specs.
        UsageError: a name matches nothing or more than one thing, or there are names and `prune`.
        RunError: a feature or step file cannot be read.
    """
    config = resolve_config(project)
    if names and prune:
        hint = "run `spec2bdd generate --prune`; what is unused is known only for the whole project"
        raise UsageError("`--prune` cannot be combined with names", hint=hint)
    cacheable = not prune and not names
    if cached and cacheable and (known := load_cached_report(config, check=not mode.writes)):
        return known
    # Most calls find nothing to do and end above, so what plans and renders is loaded only here.
    from spec2bdd.commands.generation import write_generated

    started = read_file_clock(config.root)
    report, inputs, _ = write_generated(config, names=names, prune=prune, mode=mode)
    if cacheable:
        store_report(config, report, inputs, started=started)
    return report
