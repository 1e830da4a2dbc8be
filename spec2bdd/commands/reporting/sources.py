"""Read what the formats of Cucumber's need besides the results: feature files, and the patterns of step definitions."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import PurePosixPath

from spec2bdd.adapters.formats.gherkin import parse_features
from spec2bdd.config import Config
from spec2bdd.diagnostics.build import build_error
from spec2bdd.domain.steps.definitions import decode_step_file, parse_definitions
from spec2bdd.model import Diagnostic, TestRun
from spec2bdd.model.feature import GherkinSources
from spec2bdd.project.spec_files import read_contents


def read_gherkin_sources(config: Config, runs: Sequence[TestRun]) -> tuple[GherkinSources, list[Diagnostic]]:
    """Read the feature files that runs loaded and the step files that they ran from, with an error for each bad one."""
    named = {path for run in runs for path in run.features}
    contents, diagnostics = read_contents(config, _choose_files(named, config.features, ".feature"))
    features = parse_features(contents)
    diagnostics += [
        build_error(
            "write-failed",
            f"the official parser of Gherkin refuses the file, so its scenarios are left out: {feature.error}",
            path=feature.path,
            at=(feature.error_line, 1),
            hint="write the line as https://cucumber.io/docs/gherkin/reference describes",
        )
        for feature in features
        if feature.error
    ]
    locations = {step.location for run in runs for record in run.results for step in record.steps}
    paths = _choose_files({location.rpartition(":")[0] for location in locations}, config.steps, ".py")
    patterns: dict[str, tuple[str, str]] = {}
    for path, content in read_contents(config, paths)[0].items():
        with suppress(SyntaxError, ValueError):
            for definition in parse_definitions(decode_step_file(content) or ""):
                # A function with several decorators has one location, that of the first.
                first = (decode_step_file(content) or "").count("\n", 0, definition.span.start) + 1
                patterns.setdefault(f"{path}:{first}", (definition.matcher, definition.pattern))
    return GherkinSources(tuple(features), patterns), diagnostics


def _choose_files(paths: Iterable[str], folder: str, suffix: str) -> list[str]:
    """Choose the files below a folder of the project: records could name any file."""
    home = PurePosixPath(posixpath.normpath(folder))
    plain = (path for path in paths if path.endswith(suffix) and posixpath.normpath(path) == path)
    return sorted(path for path in plain if PurePosixPath(path).is_relative_to(home) and not path.startswith("../"))
