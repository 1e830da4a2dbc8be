"""Find, read and parse the specs of a project, in whatever dialect each is written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from spec2bdd.adapters.system import files
from spec2bdd.adapters.system.digests import CHECK_READABLE
from spec2bdd.adapters.system.process_pool import parallel_map
from spec2bdd.config import Config
from spec2bdd.config.discovery import CONFIG_NAMES
from spec2bdd.config.key_positions import locate_errors
from spec2bdd.config.spec_places import find_default_specs
from spec2bdd.diagnostics.build import build_error
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.domain.planning.given_ids import describe_bad_ids
from spec2bdd.domain.specs.dialects import DIALECTS, ReadingOptions, describe_detection, find_dialect
from spec2bdd.domain.specs.identity import assign_derived_ids
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.domain.specs.vocabulary import build_vocabulary
from spec2bdd.errors import ConfigError, Spec2bddError
from spec2bdd.model import Box, BoxKind, Diagnostic, Spec, SpecReading
from spec2bdd.model.values import dataclass
from spec2bdd.text.globs import compile_glob

SPEC_SUFFIX = ".md"
# So many folders above the current one may be the root of the project.
_MOST_LEVELS = 3
NO_CONTENTS: Mapping[str, bytes] = MappingProxyType({})
# Fewer specs are parsed in the time that it takes to open the cache.
LEAST_CACHED = 50
_READINGS = "readings.json"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class LoadedSpecs:
    """The specs that could be read, the bytes of their files, and a diagnostic for each that could not.

    `digests` are those of the contents that were read, also where the contents are not kept.
    """

    specs: tuple[Spec, ...]
    contents: Mapping[str, bytes]
    diagnostics: tuple[Diagnostic, ...]
    digests: Mapping[str, str]


def read_specs(
    config: Config, paths: Sequence[str], *, sources: bool = True, unsaved: Mapping[str, bytes] = NO_CONTENTS
) -> LoadedSpecs:
    """Read and parse specs; what cannot be read becomes a diagnostic and does not hide the rest.

    `unsaved` are contents that count in place of those on disk, by path.
    """
    contents, diagnostics = read_contents(config, [path for path in paths if path not in unsaved])
    if unsaved:
        # In their order, which decides which of two specs an error is reported for.
        contents = {path: contents.get(path, unsaved.get(path, b"")) for path in paths if path in {*contents, *unsaved}}
    # A folder that cannot be listed may hide specs, whose features would look like orphans.
    diagnostics += [_describe_unreadable(path, reason) for path, reason in find_unreadable_specs(config)]
    digests = {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
    parsed = _parse_changed(config, contents, digests)
    diagnostics += [result for result in parsed if isinstance(result, Diagnostic)]
    specs = assign_derived_ids([result for result in parsed if isinstance(result, Spec)])
    if not sources:
        return LoadedSpecs(specs, dict.fromkeys(contents, b""), tuple(diagnostics), digests)
    # Workers do not send the content back; see `_parse`.
    whole = tuple(replace(spec, content=contents[spec.path]) for spec in specs)
    return LoadedSpecs(whole, contents, tuple(diagnostics), digests)


def find_specs(config: Config) -> list[str]:
    """Find the paths of all specs that the configuration does not exclude.

    Raises:
        ConfigError: there are none.
    """
    paths = list_specs(config)
    if paths:
        return paths
    for path, reason in find_unreadable_specs(config):
        raise ConfigError(f"no specs found: cannot read: {reason}", hint=CHECK_READABLE, path=path)
    if config.exclude and files.find_matching(config.root, config.specs, suffix=SPEC_SUFFIX):
        hint = "remove one of its patterns from the configuration"
        raise ConfigError("no specs found: `exclude` matches all of them", hint=hint)
    # A folder is shown with a slash, a pattern as it is.
    patterns = [f"`{name}/`" if files.find_base(name) == name else f"`{name}`" for name in config.specs]
    where = f"no `{SPEC_SUFFIX}` files in {', '.join(patterns)}"
    missing = [base for pattern in config.specs if not (config.root / (base := files.find_base(pattern))).exists()]
    if len(missing) == len(patterns):
        where = f"no folder {' or '.join(f'`{base}/`' for base in missing)}"
    is_own = (config.root / CONFIG_NAMES[0]).is_file()
    place = f"in `{CONFIG_NAMES[0]}`" if is_own else f"under `[tool.spec2bdd]` in `{CONFIG_NAMES[1]}`"
    hint = f'add a spec there with `spec2bdd new`, or set the folder of the specs: `specs = ["docs"]` {place}'
    if missing and not config.file:
        hint = "set up a project here with `spec2bdd init`, or run the command in the folder of your project"
    if len(missing) == len(patterns) and config.specs != ("specs",):
        hint = f"correct `specs` {place}, which names it, or add a spec there"
    for level, folder in enumerate(() if config.file else list(config.root.parents)[:_MOST_LEVELS], start=1):
        if any((folder / files.find_base(pattern)).is_dir() for pattern in find_default_specs(folder)):
            above = "/".join([".."] * level)
            hint = f"run the command in `{above}`, or create an empty `{CONFIG_NAMES[0]}` there, to make it the root"
            break
    # The current folder may be one under the root.
    error = ConfigError(f"no specs found in `{config.root}`: {where}", hint=hint).inside("specs")
    raise locate_errors(error, config.root / config.file) if config.file else error


def list_specs(config: Config) -> list[str]:
    """List the paths of all specs, also if there are none."""
    paths = files.find_matching(config.root, config.specs, exclude=config.exclude, suffix=SPEC_SUFFIX)
    return [path for path in paths if is_spec(config, path, None)]


def is_spec(config: Config, path: str, content: bytes | None) -> bool:
    """Whether a file is a spec, where the tool of a dialect keeps other files in the same folders.

    Without a content, that on disk counts.
    """
    selective = (dialect for dialect in DIALECTS if dialect.selective and set(dialect.patterns) & set(config.specs))
    dialects = [dialect for dialect in selective if dialect.is_in_place(path)]
    if not dialects:
        return True
    try:
        content = (config.root / path).read_bytes() if content is None else content
    except OSError:
        # It is reported when the specs are read.
        return True
    return any(dialect.detects(path, content.decode("utf-8", "replace")) for dialect in dialects)


def find_unreadable_specs(config: Config) -> list[tuple[str, str]]:
    """Find what cannot be read among the folders of specs, with the reasons."""
    bases = dict.fromkeys(files.find_base(pattern) for pattern in config.specs)
    return [
        found
        for base in bases
        if (config.root / base).is_dir()
        for found in files.find_unreadable(config.root, base, suffix=SPEC_SUFFIX)
    ]


def read_contents(config: Config, paths: Sequence[str]) -> tuple[dict[str, bytes], list[Diagnostic]]:
    """Read the bytes of files, with a diagnostic for each that cannot be read."""
    contents: dict[str, bytes] = {}
    diagnostics: list[Diagnostic] = []
    for path in paths:
        file = config.root / path
        # Opening a named pipe would wait for its other end.
        if file.exists() and not file.is_file() and not file.is_dir():
            diagnostics.append(_describe_unreadable(path, "not a regular file"))
            continue
        try:
            contents[path] = file.read_bytes()
        except OSError as error:
            diagnostics.append(_describe_unreadable(path, str(error.strerror)))
    return contents, diagnostics


def _describe_unreadable(path: str, reason: str) -> Diagnostic:
    """Build the error for a file or a folder that cannot be read."""
    return build_error("unreadable", f"cannot read: {reason}", path=path, hint=CHECK_READABLE)


def parse_project_spec(config: Config, path: str, content: bytes) -> Spec:
    """Parse a spec with the vocabulary, the dialects and the kinds of marks of this project.

    Raises:
        SpecError: the content is not UTF-8.
    """
    options = build_reading_options(config)
    dialects = [find_dialect(name) for pattern, name in config.dialect.items() if compile_glob(pattern).fullmatch(path)]
    spec = parse_spec(path, content, options=options, dialects=dialects[:1] or DIALECTS)
    # Most commands plan specs without their texts.
    if bad_ids := tuple(describe_bad_ids(spec)):
        spec = replace(spec, diagnostics=(*spec.diagnostics, *bad_ids))
    if config.marks == "comments" or all(criterion.box.kind is BoxKind.BOX for criterion in spec.criteria):
        return spec
    # Nothing is written where a dialect has no place for it.
    criteria = (
        replace(criterion, box=Box(" ", criterion.box.offset, 0, BoxKind.NONE))
        if criterion.box.kind is BoxKind.COMMENT
        else criterion
        for criterion in spec.criteria
    )
    return replace(spec, criteria=tuple(criteria))


def build_reading_options(config: Config) -> ReadingOptions:
    """Build the options with which the specs of a project are read."""
    return ReadingOptions(
        build_vocabulary(config.headings),
        boxless=config.boxless,
        requirements=config.requirements,
        state_cells=config.marks == "cells",
    )


def explain_project_spec(config: Config, path: str, content: bytes) -> SpecReading:
    """Explain how this project reads a spec: its dialect, and every checkbox.

    Raises:
        SpecError: the content is not UTF-8.
    """
    # Only `lint --explain-reading` needs it.
    from spec2bdd.domain.specs.explain import explain_criteria, explain_other_boxes, explain_reading

    spec = parse_project_spec(config, path, content)
    configured = next((pattern for pattern in config.dialect if compile_glob(pattern).fullmatch(path)), "")
    shown_by = f"the configuration names it for `{configured}`" if configured else describe_detection(path, spec.text)
    vocabulary = build_vocabulary(config.headings)
    if spec.dialect == "template":
        return SpecReading(path, spec.dialect, shown_by, explain_reading(path, content, vocabulary))
    read = {criterion.line for criterion in spec.criteria}
    if spec.dialect == "headings":
        # Its files are read as the template's are, under more headings.
        others = [box for box in explain_reading(path, content, vocabulary) if not box.tier and box.line not in read]
    else:
        others = [*explain_other_boxes(spec, find_dialect(spec.dialect).load(), vocabulary)]
    both = (*explain_criteria(spec.criteria), *others)
    checkboxes = tuple(sorted(both, key=lambda checkbox: (checkbox.line, checkbox.column)))
    return SpecReading(path, spec.dialect, shown_by, checkboxes)


def _parse_changed(
    config: Config, contents: Mapping[str, bytes], digests: Mapping[str, str]
) -> list[Spec | Diagnostic]:
    """Parse specs, or build the diagnostics why that failed; what the cache has is not parsed again."""
    if len(contents) < LEAST_CACHED:
        return [_parse(config, file) for file in contents.items()]
    # Small projects do without.
    from spec2bdd.project.cache.row_cache import RowCache
    from spec2bdd.project.cache.spec_rows import spec_from_row, spec_to_row

    cache = RowCache(config, _READINGS, version=_VERSION)
    parsed: dict[str, Spec | Diagnostic] = {}
    for path, digest in digests.items():
        if spec := cache.find(path, digest, spec_from_row):
            parsed[path] = spec
    changed = [(path, content) for path, content in contents.items() if path not in parsed]
    for (path, _), result in zip(changed, parallel_map(partial(_parse, config), changed), strict=True):
        parsed[path] = result
        if isinstance(result, Spec):
            cache.keep(path, digests[path], result, spec_to_row)
    cache.store(names=contents.keys())
    return [parsed[path] for path in contents]


def _parse(config: Config, file: tuple[str, bytes]) -> Spec | Diagnostic:
    """Parse a spec, or build the diagnostic why that failed. The caller has the content, so it is not sent back."""
    try:
        return replace(parse_project_spec(config, *file), content=b"")
    except Spec2bddError as error:
        return diagnose_error(error, path=file[0])
