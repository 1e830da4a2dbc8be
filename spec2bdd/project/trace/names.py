"""Find what the names on the command line of `trace` mean."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from spec2bdd.adapters.system.files import read_file
from spec2bdd.config import Config
from spec2bdd.config.tables import name_tables
from spec2bdd.domain.trace.sections import split_number
from spec2bdd.domain.trace.selection import Seeds
from spec2bdd.errors import NotFoundError
from spec2bdd.model import ChallengedScenario
from spec2bdd.model.trace import SectionKind
from spec2bdd.project.left_out import check_in_project
from spec2bdd.project.lookup import check_line, find_path, is_partial_path, normalize_path, suggest_names
from spec2bdd.project.selection import find_feature, find_project_match
from spec2bdd.project.trace.load import TracedProject
from spec2bdd.text.normalize import to_comparison_key
from spec2bdd.text.slugs import slugify

_SECTION = re.compile(r"(?P<kind>prd|plan)[-:_ ]+(?P<name>\S.*)", re.IGNORECASE | re.DOTALL)
_PLACE = re.compile(r"(?P<path>.+\.(?P<kind>py|feature))(?::(?P<line>\d{1,9}))?", re.IGNORECASE | re.DOTALL)
# More lines than a person reads.
_MOST_LINES = 8


def find_seeds(traced: TracedProject, names: Sequence[str]) -> Seeds:
    """Find what all names mean.

    Raises:
        UsageError: a name matches nothing or more than one thing.
    """
    seeds = Seeds()
    for name in names:
        seeds |= find_named(traced, name)
    return seeds


def find_named(traced: TracedProject, name: str) -> Seeds:
    """Find what one name means: a place in a step file or a feature file, a tag, a section, a spec or a criterion.

    Raises:
        UsageError: it matches nothing or more than one thing.
    """
    place = _PLACE.fullmatch(name)
    if place and place["kind"].lower() == "py":
        return find_in_python(traced, place["path"], place["line"])
    if place and (path := find_feature(traced.project, place["path"])):
        return Seeds(scenarios=find_scenarios(traced, path, place["line"]))
    if name.startswith("@"):
        return find_tagged(traced, name)
    section = _SECTION.fullmatch(name)
    if section and (found := find_section_ids(traced, section)):
        return Seeds(sections=found)
    try:
        match = find_project_match(traced.project, name)
    except NotFoundError:
        if not section:
            raise
        raise refuse_section(traced, section) from None
    if match.tracked:
        return Seeds(criteria=frozenset({match.tracked.id}))
    return Seeds(specs=frozenset({match.plan.spec.path}))


def find_in_python(traced: TracedProject, path: str, line: str | None) -> Seeds:
    """Find the definitions in a step file or at a line of it, or a line of other code.

    Raises:
        UsageError: there is no such place, or it is not known what runs it.
    """
    path = check_in_project(traced.project.config, path) or path
    try:
        return Seeds(definitions=find_definitions(traced, path, line))
    except NotFoundError as missing:
        if line is None:
            raise
        config, challenged = traced.project.config, list_challenged(traced)
        try:
            return find_running(traced, path, int(line), challenged)
        except NotFoundError as error:
            has_steps = any(definition.path.endswith(path) for definition in traced.trace.definitions)
            is_code = config.record_lines or challenged or (config.root / path).is_file()
            raise (error if is_code and not has_steps else missing) from None


def find_definitions(traced: TracedProject, path: str, line: str | None) -> frozenset[str]:
    """Find the definitions in a step file, or those whose function is at a line of it.

    Raises:
        UsageError: there are none, or the name is a part of several paths.
    """
    missing, hint = f"no step file with definitions matches `{path}`", "use the path of a step file"
    paths = {definition.path for definition in traced.trace.definitions}
    is_step_file = any(is_partial_path(known, normalize_path(path)) for known in paths)
    if line is None and not is_step_file and (example := find_product_line(traced.project.config, path)):
        missing = f"`{example.rpartition(':')[0]}` has no step definitions"
        hint = f"name a line of it, such as `{example}`"
    file = find_path(paths, path, missing=missing, hint=hint)
    own = [definition for definition in traced.trace.definitions if definition.path == file]
    found = [definition.id for definition in own if line is None or definition.line <= int(line) <= definition.last]
    if found:
        return frozenset(found)
    check_line(traced.project.config.root, file, int(line or 1))
    starts = sorted({definition.line for definition in own})
    raise NotFoundError(f"no step definition at `{path}:{line}`", hint=list_lines("definitions", file, starts))


def find_product_line(config: Config, path: str) -> str:
    """Find a line to name in a file of the product, of which only single lines are traced; empty for another name."""
    # For an error alone.
    from spec2bdd.domain.changes.statements import find_first_body
    from spec2bdd.project.since.product import list_product_files

    files, path = list_product_files(config), normalize_path(path)
    matches = [path] if path in files else [known for known in files if is_partial_path(known, path)]
    content = read_file(config.root, matches[0]) if len(matches) == 1 else None
    return f"{matches[0]}:{find_first_body(content)}" if content is not None else ""


def list_challenged(traced: TracedProject) -> list[ChallengedScenario]:
    """List the scenarios that were challenged in the project as it is today."""
    # Few names are of code.
    from spec2bdd.project.trace.code_lines import recall_current

    return [scenario for strength in recall_current(traced).values() for scenario in strength.scenarios]


def find_running(traced: TracedProject, path: str, line: int, challenged: Collection[ChallengedScenario]) -> Seeds:
    """Find a line of code and the scenarios that ran it.

    Raises:
        UsageError: that is not known, or none did.
    """
    from spec2bdd.project.since.line_uses import find_line

    known = {scenario.path for scenario in traced.trace.scenarios}
    found = find_line(traced.project.config, path, line, challenged)
    ids = [find_scenarios(traced, feature, str(number)) for feature, number in found.scenarios if feature in known]
    return Seeds(scenarios=frozenset().union(*ids), lines=(found,))


def find_scenarios(traced: TracedProject, path: str, line: str | None) -> frozenset[str]:
    """Find the scenarios of a feature file, or the one that a line is in.

    Raises:
        NotFoundError: there are none.
    """
    own = [scenario for scenario in traced.trace.scenarios if scenario.path == path]
    if line is None and own:
        return frozenset(scenario.id for scenario in own)
    lines = sorted(scenario.line for scenario in own)
    if line is None or not lines:
        raise NotFoundError(f"no scenario in `{path}`", hint="name a feature file with a scenario")
    # The lines between two scenarios belong to the first; of an outline also those of its rows.
    start = max((start for start in lines if start <= int(line)), default=0)
    check_line(traced.project.config.root, path, int(line))
    if not start:
        raise NotFoundError(f"no scenario at `{path}:{line}`", hint=list_lines("scenarios", path, lines))
    return frozenset({f"{path}:{start}"})


def find_tagged(traced: TracedProject, name: str) -> Seeds:
    """Find the scenarios and the criteria with a tag, which may be a criterion's own.

    Raises:
        NotFoundError: there are none.
    """
    tag = name.removeprefix("@")
    criteria = frozenset(item.id for item in traced.trace.criteria if tag == item.id or tag in item.tags)
    scenarios = frozenset(scenario.id for scenario in traced.trace.scenarios if tag in scenario.tags)
    if criteria or scenarios:
        return Seeds(criteria=criteria, scenarios=scenarios)
    known = dict.fromkeys(tag for scenario in traced.trace.scenarios for tag in scenario.tags)
    hint = suggest_names(tag, {other: (f"@{other}", "") for other in known})
    raise NotFoundError(f"no scenario has the tag `{name}`", hint=hint or "use a tag of a scenario or of its feature")


def find_section_ids(traced: TracedProject, match: re.Match[str]) -> frozenset[str]:
    """Find the sections of a kind with that number, that title, or that id."""
    kind, name = SectionKind(match["kind"].lower()), match["name"]
    number, title = split_number(name)
    key = to_comparison_key(name)
    return frozenset(
        section.id
        for section in traced.trace.sections
        if section.kind is kind
        and (
            (number and not title and section.number == number)
            or key in (to_comparison_key(section.title), to_comparison_key(f"{section.number} {section.title}"))
            or (not number and slugify(section.title) == slugify(name))
        )
    )


def refuse_section(traced: TracedProject, match: re.Match[str]) -> NotFoundError:
    """Build the error for a section that neither a document nor a spec has."""
    kind = SectionKind(match["kind"].lower())
    labels: dict[str, tuple[str, str]] = {}
    for section in traced.trace.sections:
        if section.kind is kind:
            shown = f"{match['kind']}-{section.number or section.title}"
            labels |= {name: (shown, section.title) for name in (section.number, section.title) if name}
    config = traced.project.config
    is_configured = config.prd if kind is SectionKind.PRD else config.plan
    message = f"no section of the {kind.label} matches `{match['name']}`"
    close = suggest_names(match["name"], labels)
    hint = close or "use the number or the title of a section"
    if not close and not is_configured:
        message += f": `{kind}` is not configured"
        hint = name_tables(f'set `{kind} = "docs/{kind}.md"` under `[tool.spec2bdd]`', config)
    return NotFoundError(message, hint=hint)


def list_lines(what: str, path: str, lines: Sequence[int]) -> str:
    """Render the hint of an error: the lines in which the things of a file begin."""
    shown = ", ".join(map(str, lines[:_MOST_LINES]))
    more = f" and {len(lines) - _MOST_LINES} more" if lines[_MOST_LINES:] else ""
    return f"the {what} of `{path}` begin at lines {shown}{more}" if lines else f"`{path}` has no {what}"
