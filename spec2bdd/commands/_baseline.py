"""Read the baseline of a project, and plan how it changes: see `domain/verdicts/baseline.py`."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from spec2bdd.adapters.system import files
from spec2bdd.config import Config
from spec2bdd.diagnostics.build import build_error
from spec2bdd.domain.verdicts.baseline import (
    BASELINE,
    find_proved,
    list_unknown,
    parse_baseline,
    render_baseline,
    update_baseline,
)
from spec2bdd.errors import BaselineError
from spec2bdd.model import FileChange, JudgeOptions, SpecReport
from spec2bdd.project.outcome import PlannedChanges

_UPDATE = "spec2bdd verify --update-baseline"


def read_baseline(config: Config, options: JudgeOptions) -> JudgeOptions:
    """Add the baseline to the options, if they ask for it.

    Raises:
        BaselineError: there is none and it is not to be written, or it cannot be read.
    """
    if not options.gate_baseline:
        return options
    try:
        content = files.read_file(config.root, BASELINE)
        text = (content or b"").decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise BaselineError(f"cannot read: {reason}", path=BASELINE) from error
    if content is None and not options.update_baseline:
        raise BaselineError("there is no baseline", hint=f"run `{_UPDATE}` and commit the file", path=BASELINE)
    return replace(options, baseline=parse_baseline(text))


def plan_baseline(
    config: Config, specs: Sequence[SpecReport], options: JudgeOptions, *, known: Set[str]
) -> PlannedChanges:
    """Plan the new baseline if it is to be updated; else report ids that no criterion has, and suggest new ones.

    `known` are the ids of all criteria, also of those in specs that could not be read.
    """
    baseline = options.baseline
    if baseline is None:
        return PlannedChanges()
    if not options.update_baseline:
        diagnostics = tuple(
            build_error(
                BaselineError.code,
                f"no criterion has the id `{id_}`",
                path=BASELINE,
                at=(line, 1),
                hint=f"if the criterion was removed on purpose, run `{_UPDATE}`",
            )
            for id_, line in list_unknown(baseline, known)
        )
        count = len(find_proved(specs) - baseline.keys())
        passes = "1 criterion passes" if count == 1 else f"{count} criteria pass"
        note = f"{passes} and {'is' if count == 1 else 'are'} not in `{BASELINE}`; add with `{_UPDATE}`"
        return PlannedChanges(diagnostics=diagnostics, notes=(note,) if count else ())
    before = files.read_file(config.root, BASELINE)
    after = render_baseline(update_baseline(baseline.keys(), specs, known=known)).encode()
    # Git may have checked it out with CRLF.
    if before is not None and before.replace(b"\r\n", b"\n") == after:
        return PlannedChanges()
    return PlannedChanges((FileChange(BASELINE, before, after),))
