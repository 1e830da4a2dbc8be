"""Load a project from disk: its specs, feature files and plans, with a diagnostic for whatever cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from spec2bdd.adapters.system import files
from spec2bdd.adapters.system.digests import read_digests
from spec2bdd.adapters.system.git import find_former
from spec2bdd.adapters.system.process_pool import parallel_map
from spec2bdd.config import Config
from spec2bdd.config.location import ProjectLocation, resolve_config
from spec2bdd.diagnostics.from_error import diagnose_error
from spec2bdd.domain.gherkin.manifest.index import FeatureIndex, index_features
from spec2bdd.domain.gherkin.tag_places import TagPlace, find_shared_tags
from spec2bdd.domain.planning.hand_edits import with_hand_edit_diffs
from spec2bdd.domain.planning.spec_plan import SpecPlan, find_orphans, find_unlinked, plan_specs
from spec2bdd.domain.specs.dialects import DIALECTS, ReadingOptions, RegisteredDialect, describe_detection, find_dialect
from spec2bdd.domain.specs.identity import assign_derived_ids
from spec2bdd.domain.specs.parser import parse_spec
from spec2bdd.domain.specs.vocabulary import build_vocabulary
from spec2bdd.errors import ConfigError, Spec2bddError
from spec2bdd.model import Box, BoxKind, Criterion, Diagnostic, FileChange, Severity, Spec, SpecReading
from spec2bdd.text.globs import compile_glob

SPEC_SUFFIX = ".md"


@dataclass(frozen=True, slots=True)
class Project:
    """The plan of each spec that could be read, the feature files, and the digests of what a run depends on.

    `orphans` are the generated feature files whose spec is gone.
    """

    config: Config
    plans: tuple[SpecPlan, ...]
    feature_index: FeatureIndex
    contents: Mapping[str, bytes]
    digests: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]
    orphans: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedSpecs:
    """The specs that could be read, the bytes of their files, and a diagnostic for each that could not."""

    specs: tuple[Spec, ...]
    contents: Mapping[str, bytes]
    diagnostics: tuple[Diagnostic, ...]


def load_project(project: ProjectLocation = ".", *, sources: bool = True) -> Project:
    """Load the project; what cannot be read becomes a diagnostic and does not hide the rest.

    Without `sources`, the bytes of the specs are not kept, and `contents` has empty ones for them: only commands that
    edit specs need them.

    Raises:
        ConfigError: there are no specs at all.
        RunError: a feature or step file cannot be read.
    """
    config = resolve_config(project)
    # Specs and features.
    paths = find_specs(config)
    read = read_specs(config, paths, sources=sources)
    contents, diagnostics = read.contents, list(read.diagnostics)
    digests = read_digests(config.root, features=config.features, steps=config.steps)
    features, unreadable = _read_contents(config, [path for path in digests if path.endswith(".feature")])
    texts: dict[str, str] = {}
    for path, content in features.items():
        try:
            texts[path] = content.decode("utf-8")
        except UnicodeDecodeError as error:
            # Behave 1.3.3 would refuse the file and run nothing at all.
            unreadable.append(_describe_encoding(path, content, error.start))
            texts[path] = content.decode("utf-8", "replace")
    library = index_features(texts, spread=parallel_map)
    # Planning is when memory use peaks, and nothing else needs the texts.
    del texts
    # The plan of each spec.
    known = frozenset(paths)
    specs = tuple(spec for spec in read.specs if not spec.is_template)
    templates = tuple(spec for spec in read.specs if spec.is_template)
    diagnostics += [diagnostic for spec in templates for diagnostic in spec.diagnostics]
    plans, conflicts = plan_specs(
        specs,
        library,
        folder=config.features,
        paths=known,
        language=config.language,
        names_language=bool(config.behave_language),
        former=_find_former_features(config, specs, library),
        spread=parallel_map,
    )
    plans = tuple(_show_edits(plan, features) for plan in plans)
    diagnostics += [*unreadable, *conflicts]
    diagnostics += [diagnostic for plan in plans for diagnostic in (*plan.spec.diagnostics, *plan.diagnostics)]
    # What is in the feature files without a spec.
    orphans = find_orphans(plans, library, paths=known)
    diagnostics += [_describe_orphan(path, library) for path in orphans]
    # A tag may belong to a spec that could not be read.
    unlinked = find_unlinked(plans, library) if len(plans) + len(templates) == len(paths) else ()
    diagnostics += [_describe_unlinked(path, tag, features[path]) for path, tag in unlinked]
    diagnostics += _diagnose_shared_tags(plans, library, features)
    return Project(config, plans, library, {**contents, **features}, digests, tuple(diagnostics), orphans)


def update_project(project: Project, changes: Sequence[FileChange]) -> Project:
    """Build the project as it is after changes of its specs and feature files; nothing is read or written."""
    config = project.config
    after = {change.path: change.after for change in changes}
    contents = {path: content for path, content in {**project.contents, **after}.items() if content is not None}
    index = project.feature_index
    if any(path.endswith(".feature") for path in after):
        features = {path: content for path, content in contents.items() if path.endswith(".feature")}
        index = index_features({path: content.decode("utf-8", "replace") for path, content in features.items()})
    specs = [
        parse_project_spec(config, plan.spec.path, after[plan.spec.path] or b"")
        if plan.spec.path in after
        else plan.spec
        for plan in project.plans
    ]
    plans, _ = plan_specs(
        specs,
        index,
        folder=config.features,
        paths=frozenset(find_specs(config)),
        language=config.language,
        former=_find_former_features(config, specs, index),
        spread=parallel_map,
    )
    return replace(
        project, plans=tuple(_show_edits(plan, contents) for plan in plans), feature_index=index, contents=contents
    )


def _find_former_features(config: Config, specs: Sequence[Spec], library: FeatureIndex) -> frozenset[str]:
    """Find the feature files that git knows from earlier, if a spec without one has ticked boxes."""
    unknown = (spec for spec in specs if not library.find_generated(spec.path))
    if not any(criterion.box.ticked for spec in unknown for criterion in spec.criteria):
        return frozenset()
    return find_former(config.root, config.features)


def refresh_digests(project: Project) -> Project:
    """Read the digests of the feature and step files again.

    Raises:
        RunError: a feature or step file cannot be read.
    """
    config = project.config
    return replace(project, digests=read_digests(config.root, features=config.features, steps=config.steps))


def read_specs(config: Config, paths: Sequence[str], *, sources: bool = True) -> LoadedSpecs:
    """Read and parse specs; what cannot be read becomes a diagnostic and does not hide the rest."""
    contents, diagnostics = _read_contents(config, paths)
    # A folder that cannot be listed may hide specs, whose features would look like orphans.
    diagnostics += [_describe_unreadable(path, reason) for path, reason in find_unreadable_specs(config)]
    parsed = parallel_map(partial(_parse, config), tuple(contents.items()))
    diagnostics += [result for result in parsed if isinstance(result, Diagnostic)]
    specs = assign_derived_ids([result for result in parsed if isinstance(result, Spec)])
    if not sources:
        return LoadedSpecs(specs, dict.fromkeys(contents, b""), tuple(diagnostics))
    # Workers do not send the content back; see `_parse`.
    whole = tuple(replace(spec, content=contents[spec.path]) for spec in specs)
    return LoadedSpecs(whole, contents, tuple(diagnostics))


def find_specs(config: Config) -> list[str]:
    """Find the paths of all specs that the configuration does not exclude.

    Raises:
        ConfigError: there are none.
    """
    paths = list_specs(config)
    if paths:
        return paths
    if config.exclude and files.find_matching(config.root, config.specs, suffix=SPEC_SUFFIX):
        hint = "remove one of its patterns from the configuration"
        raise ConfigError("no specs found: `exclude` matches all of them", hint=hint)
    # A folder is shown with a slash, a pattern as it is.
    patterns = [f"`{name}/`" if files.find_base(name) == name else f"`{name}`" for name in config.specs]
    where = f"no `{SPEC_SUFFIX}` files in {', '.join(patterns)}"
    missing = [base for pattern in config.specs if not (config.root / (base := files.find_base(pattern))).exists()]
    if missing:
        where = f"no folder `{missing[0]}/`"
    hint = "add a spec there, or set the folder: `specs = ...` under `[tool.spec2bdd]` in pyproject.toml"
    raise ConfigError(f"no specs found: {where}", hint=hint)


def list_specs(config: Config) -> list[str]:
    """List the paths of all specs, also if there are none."""
    paths = files.find_matching(config.root, config.specs, exclude=config.exclude, suffix=SPEC_SUFFIX)
    selective = [dialect for dialect in DIALECTS if dialect.selective and set(dialect.patterns) & set(config.specs)]
    return [path for path in paths if not selective or _is_spec(config, path, selective)]


def _is_spec(config: Config, path: str, selective: Sequence[RegisteredDialect]) -> bool:
    """Whether a file is a spec, where the tool of a dialect keeps other files in the same folders."""
    dialects = [dialect for dialect in selective if dialect.is_in_place(path)]
    if not dialects:
        return True
    try:
        text = (config.root / path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        # It is reported when the specs are read.
        return True
    return any(dialect.detects(path, text) for dialect in dialects)


def find_unreadable_specs(config: Config) -> list[tuple[str, str]]:
    """Find what cannot be read among the folders of specs, with the reasons."""
    bases = dict.fromkeys(files.find_base(pattern) for pattern in config.specs)
    return [
        found
        for base in bases
        if (config.root / base).is_dir()
        for found in files.find_unreadable(config.root, base, suffix=SPEC_SUFFIX)
    ]


def _read_contents(config: Config, paths: Sequence[str]) -> tuple[dict[str, bytes], list[Diagnostic]]:
    """Read the bytes of files, with a diagnostic for each that cannot be read."""
    contents: dict[str, bytes] = {}
    diagnostics: list[Diagnostic] = []
    for path in paths:
        try:
            contents[path] = (config.root / path).read_bytes()
        except OSError as error:
            diagnostics.append(_describe_unreadable(path, str(error.strerror)))
    return contents, diagnostics


def _describe_unreadable(path: str, reason: str) -> Diagnostic:
    """Build the error for a file or a folder that cannot be read."""
    hint = "check that the file exists and is readable"
    return Diagnostic(path, 0, 0, Severity.ERROR, "unreadable", f"cannot read: {reason}", hint)


def parse_project_spec(config: Config, path: str, content: bytes) -> Spec:
    """Parse a spec with the vocabulary, the dialects and the kinds of marks of this project.

    Raises:
        SpecError: the content is not UTF-8.
    """
    options = build_reading_options(config)
    dialects = [find_dialect(name) for pattern, name in config.dialect.items() if compile_glob(pattern).fullmatch(path)]
    spec = parse_spec(path, content, options=options, dialects=dialects[:1] or DIALECTS)
    if config.marks == "comments" or all(criterion.box.kind is BoxKind.BOX for criterion in spec.criteria):
        return spec
    # Nothing is written where a dialect has no place for it.
    return replace(spec, criteria=tuple(map(_without_comment, spec.criteria)))


def build_reading_options(config: Config) -> ReadingOptions:
    """Build the options with which the specs of a project are read."""
    return ReadingOptions(build_vocabulary(config.headings), boxless=config.boxless, requirements=config.requirements)


def _without_comment(criterion: Criterion) -> Criterion:
    """Return a criterion as one that has no place for a mark, unless it has a box."""
    if criterion.box.kind is not BoxKind.COMMENT:
        return criterion
    return replace(criterion, box=Box(" ", criterion.box.offset, 0, BoxKind.NONE))


def explain_project_spec(config: Config, path: str, content: bytes) -> SpecReading:
    """Explain how this project reads a spec: its dialect, and every checkbox.

    Raises:
        SpecError: the content is not UTF-8.
    """
    # Only `lint --explain-reading` needs it.
    from spec2bdd.domain.specs.explain import explain_criteria, explain_reading

    spec = parse_project_spec(config, path, content)
    configured = next((pattern for pattern in config.dialect if compile_glob(pattern).fullmatch(path)), "")
    shown_by = f"the configuration names it for `{configured}`" if configured else describe_detection(path, spec.text)
    if spec.dialect == "template":
        checkboxes = explain_reading(path, content, build_vocabulary(config.headings))
    else:
        checkboxes = explain_criteria(spec.criteria)
    return SpecReading(path, spec.dialect, shown_by, checkboxes)


def _parse(config: Config, file: tuple[str, bytes]) -> Spec | Diagnostic:
    """Parse a spec, or build the diagnostic why that failed. The caller has the content, so it is not sent back."""
    try:
        return replace(parse_project_spec(config, *file), content=b"")
    except Spec2bddError as error:
        return diagnose_error(error, path=file[0])


def _describe_encoding(path: str, content: bytes, start: int) -> Diagnostic:
    """Build the error for a feature file that is not UTF-8."""
    line = content.count(b"\n", 0, start) + 1
    message = f"byte 0x{content[start]:02X} is not UTF-8 text"
    return Diagnostic(path, line, 1, Severity.ERROR, "feature-encoding", message, "save the file as UTF-8")


def _show_edits(plan: SpecPlan, features: Mapping[str, bytes]) -> SpecPlan:
    """Attach to each hand edit the diff to what would be generated."""
    content = features.get(plan.feature.path, b"") if plan.feature else b""
    return with_hand_edit_diffs(plan, content.decode("utf-8", "replace"))


def _describe_orphan(path: str, library: FeatureIndex) -> Diagnostic:
    """Build the warning for a generated feature file whose spec is gone."""
    message = f"its spec `{library.manifests[path].spec_path}` does not exist; Behave still runs this file"
    hint = "run `spec2bdd generate --prune` to delete it, or restore the spec"
    return Diagnostic(path, 1, 1, Severity.WARNING, "orphan", message, hint)


def _diagnose_shared_tags(
    plans: Sequence[SpecPlan], library: FeatureIndex, features: Mapping[str, bytes]
) -> Iterator[Diagnostic]:
    """Warn of criteria's tags that are on a feature, a rule or a table of examples of the user's own files."""
    criteria = {item.id for plan in plans for item in plan.tracked}
    for path, content in features.items():
        if path in library.manifests or criteria.isdisjoint(library.tags[path]):
            continue
        for line, tag, place in find_shared_tags(content.decode("utf-8", "replace")):
            if tag in criteria:
                part = "all rows of its outline" if place is TagPlace.EXAMPLES else "all scenarios below it"
                message = f"the tag `@{tag}` is on a {place}, so the criterion needs {part} to pass"
                hint = "put the tag on the scenario or scenario outline that proves the criterion"
                yield Diagnostic(path, line, 1, Severity.WARNING, "shared-tag", message, hint)


def _describe_unlinked(path: str, tag: str, content: bytes) -> Diagnostic:
    """Build the warning for a tag of a criterion that no spec has."""
    lines = content.decode("utf-8", "replace").splitlines()
    line = next((number for number, text in enumerate(lines, 1) if f"@{tag}" in text.split()), 1)
    column = lines[line - 1].find(f"@{tag}") + 1 if lines else 1
    message = f"no criterion has the id `{tag}`, so this scenario proves nothing"
    hint = "correct the tag or give the criterion this id"
    return Diagnostic(path, line, max(column, 1), Severity.WARNING, "unlinked-tag", message, hint)
