"""Find the spec or the criterion that a command line names by its path, id, number or text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from shlex import quote

from spec2bdd.adapters.system.files import read_file
from spec2bdd.domain.gherkin.naming import build_spec_key
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.errors import AmbiguousNameError, NotFoundError
from spec2bdd.model import TrackedCriterion
from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import to_comparison_key
from spec2bdd.text.slugs import slugify_unique
from spec2bdd.text.suggest import suggest_several

# `3.2#4` is the fourth criterion of spec 3.2, `#4` of the only spec that has so many.
_NUMBERED = re.compile(r"(?P<spec>.*)#(?P<number>[1-9]\d*(?:\.\d+)*)", re.DOTALL)
# A line of a spec, which may have a column, as in diagnostics.
_PLACE = re.compile(r"(?P<path>.+?):(?P<line>[1-9]\d*)(?::\d+)?", re.DOTALL)
# Also `#0` and `#`, which are meant as such.
_LIKE_A_NUMBER = re.compile(r"(?P<spec>.*)#[\d.]*", re.DOTALL)
# Paths may be completed by a shell in a subfolder of the project.
_UPWARD = re.compile(r"(?:\.{1,2}/)+")
# More matches than a person reads.
_MOST_SHOWN = 8
_MOST_SUGGESTED = 3
_LONGEST_LABEL = 60
_SHORTEST_WORD = 4


@dataclass(frozen=True, slots=True)
class Match:
    """A spec that a name matches, or one of its criteria."""

    plan: SpecPlan
    tracked: TrackedCriterion | None = None


def find_spec(plans: Sequence[SpecPlan], name: str) -> SpecPlan:
    """Find the spec with that path, that `feature_id`, that file name, or that part of its name.

    Raises:
        AmbiguousNameError: several specs match.
        NotFoundError: no spec matches.
    """
    return _find_one([Match(plan) for plan in plans], name, plans, kinds="spec").plan


def find_criterion(plans: Sequence[SpecPlan], name: str) -> tuple[SpecPlan, TrackedCriterion]:
    """Find the criterion with that id, that number in its spec (`3.2#4`), or that part of its text.

    Raises:
        AmbiguousNameError: several criteria match.
        NotFoundError: no criterion matches.
    """
    criteria = [Match(plan, tracked) for plan in plans for tracked in plan.tracked]
    match = _find_one(criteria, name, plans, kinds="criterion")
    assert match.tracked  # noqa: S101  Nothing else was searched.
    return match.plan, match.tracked


def find_match(plans: Sequence[SpecPlan], name: str) -> Match:
    """Find the spec or the criterion with that name; a spec's whole name wins over a part of a criterion's text.

    Raises:
        AmbiguousNameError: several specs or criteria match.
        NotFoundError: none matches.
    """
    criteria = [Match(plan, tracked) for plan in plans for tracked in plan.tracked]
    return _find_one([*map(Match, plans), *criteria], name, plans, kinds="spec or criterion")


def normalize_path(name: str) -> str:
    """Return a path as the project writes it: with slashes, and without steps upward at its beginning."""
    # Windows paths are typed with backslashes; ours have slashes.
    return _UPWARD.sub("", name.replace("\\", "/"), count=1)


def is_partial_path(path: str, name: str) -> bool:
    """Whether a path was given in part, from a folder below or above the root, or without its suffix."""
    return f"/{path}".endswith((f"/{name}", f"/{name}.md")) or name.endswith(f"/{path}")


def find_path(paths: Collection[str], name: str, *, missing: str, hint: str) -> str:
    """Find the one of some paths that a name is, or is a part of; `missing` is the error if there is none.

    Raises:
        NotFoundError: there is none.
        AmbiguousNameError: there are several.
    """
    wanted = normalize_path(name)
    matches = [wanted] if wanted in paths else sorted(path for path in paths if is_partial_path(path, wanted))
    if len(matches) > 1:
        shown = "; ".join(f"`{path}`" for path in matches)
        raise AmbiguousNameError(f"`{name}` matches {len(matches)} files: {shown}", hint="use the full path")
    if not matches:
        near = suggest_names(wanted, {path: (path, "") for path in paths})
        raise NotFoundError(missing, hint=near or hint)
    return matches[0]


def check_line(root: Path, path: str, line: int) -> None:
    """Refuse a line that a file of the project does not have; of a file that cannot be read, no line is refused.

    Raises:
        NotFoundError: the file has no such line.
    """
    try:
        content = read_file(root, path)
    except OSError:
        content = None
    if content is None:
        return
    count = len(content.splitlines())
    if not 1 <= line <= count:
        lines = f"its last line is {count}" if count else "the file is empty"
        raise NotFoundError(f"`{path}` has no line {line}", hint=lines)


def refuse_other_file(name: str) -> NotFoundError:
    """Build the error for a Markdown file that is no spec of the project."""
    hint = "check `specs` and `exclude` in the configuration; `spec2bdd lint` reads any file"
    return NotFoundError(f"`{name}` is not among the specs of the project", hint=hint)


def suggest_names(name: str, labels: dict[str, tuple[str, str]]) -> str:
    """Build a hint with the most similar names; empty where none is similar.

    `labels` has for each way to write a name the name to show, and what it refers to or nothing.
    """
    shown: dict[str, str] = {}
    # One thing may be similar by its id, its path and its name.
    for candidate in suggest_several(name, labels, limit=2 * _MOST_SUGGESTED):
        text, label = labels[candidate]
        if len(label) > _LONGEST_LABEL:
            label = f"{label[: _LONGEST_LABEL - 3].rstrip()}..."
        shown.setdefault(text, f"`{text}` ({label})" if label else f"`{text}`")
    names = list(shown.values())[:_MOST_SUGGESTED]
    if not names:
        return ""
    return f"did you mean {', '.join(names[:-1])} or {names[-1]}?" if names[1:] else f"did you mean {names[0]}?"


def _find_one(candidates: Sequence[Match], name: str, plans: Sequence[SpecPlan], *, kinds: str) -> Match:
    """Find the one candidate that a name matches; the most exact way that matches anything decides."""
    matches = _list_matches(candidates, name, plans)
    if not matches:
        # Only a Markdown file can be a spec.
        if Path(name).is_file() and Path(name).suffix not in (".md", ".feature"):
            raise NotFoundError(f"`{name}` is neither a spec nor a feature file", hint=f"name a {kinds}")
        if Path(name).is_file() and name.endswith(".md"):
            raise refuse_other_file(name)
        message = f"no {kinds} matches `{name}`" if name else "the name is empty"
        raise NotFoundError(message, hint=_find_hint(candidates, name, plans, kinds=kinds))
    if len(matches) > 1:
        raise _refuse_several(name, matches)
    return matches[0]


def _list_matches(candidates: Sequence[Match], name: str, plans: Sequence[SpecPlan]) -> Sequence[Match]:
    """List the candidates that a name matches in the most exact way that matches anything."""
    # Criteria without an id of their own have an empty one.
    return next(filter(None, _find_in_each_way(candidates, name, plans)), ()) if name.strip() else ()


def _find_in_each_way(candidates: Sequence[Match], name: str, plans: Sequence[SpecPlan]) -> Iterator[list[Match]]:
    """Yield what a name matches in each way, from the most exact way to the least."""
    specs = [match for match in candidates if not match.tracked]
    criteria = [(match, match.tracked) for match in candidates if match.tracked]
    path, key, text = normalize_path(name), slugify_unique(name, limit=40), to_comparison_key(name)
    yield [match for match in specs if match.plan.spec.path == path]
    yield [match for match in specs if match.plan.feature and match.plan.feature.path == path]
    yield [match for match in specs if match.plan.spec.find_value("feature_id") == name]
    yield [match for match in specs if build_spec_key(match.plan.spec) == key]
    yield [match for match, tracked in criteria if name.removeprefix("@") in (tracked.id, tracked.id[3:])]
    yield [match for match, tracked in criteria if tracked.criterion.given_id == name]
    # The place of a criterion, as it is printed.
    place = _PLACE.fullmatch(path)
    line = int(place["line"]) if place else 0
    yield [
        match
        for match, tracked in criteria
        if place and (match.plan.spec.path, tracked.criterion.line) == (place["path"], line)
    ]
    # The number of a criterion, in one spec as in `3.2#4`, or in each, as in `#4`.
    if criteria and (number := _NUMBERED.fullmatch(name)):
        of_specs = _find_specs_before_number(plans, number["spec"])
        # The spec's own number, where it gives its criteria numbers, and else the place in the file.
        yield [
            Match(plan, tracked)
            for plan in of_specs
            for tracked in plan.tracked
            if tracked.criterion.number == number["number"]
        ]
        index = int(number["number"].partition(".")[0]) - 1
        yield [
            Match(plan, plan.tracked[index])
            for plan in of_specs
            if "." not in number["number"] and index < len(plan.tracked)
        ]
    yield [match for match, tracked in criteria if tracked.criterion.number and tracked.criterion.number == name]
    named = [(match, to_comparison_key(_find_name(match.plan))) for match in specs]
    named += [(match, to_comparison_key(tracked.criterion.text)) for match, tracked in criteria]
    yield [match for match, known in named if known == text]
    yield [match for match in specs if path and is_partial_path(match.plan.spec.path, path)]
    yield [
        match
        for match, known in named
        if text and (text in known or (not match.tracked and text in match.plan.spec.path))
    ]


def _find_specs_before_number(plans: Sequence[SpecPlan], name: str) -> list[SpecPlan]:
    """Find the spec that is named before a number; all specs where none is named."""
    if not name:
        return list(plans)
    matches = _list_matches([Match(plan) for plan in plans], name, plans)
    return [match.plan for match in matches] if len(matches) == 1 else []


def _find_key(plan: SpecPlan) -> str:
    """Return the shortest name by which a spec can be found: its `feature_id`, or its path."""
    return plan.spec.find_value("feature_id") or plan.spec.path


def _find_name(plan: SpecPlan) -> str:
    """Return the name of a spec, or its title."""
    return plan.spec.find_value("name") or plan.spec.title


def _refuse_several(name: str, matches: Sequence[Match]) -> AmbiguousNameError:
    """Build the error for a name with several matches: each on a line of its own, with a name that matches it alone."""
    shown = []
    for match in matches[:_MOST_SHOWN]:
        path, tracked = match.plan.spec.path, match.tracked
        if tracked:
            form = _find_short_form(match.plan, tracked)
            shown.append(f"`{form}`: {tracked.criterion.text} ({path}:{tracked.criterion.line})")
        else:
            shown.append(f"`{path}`: {_find_name(match.plan)}")
    shown += [f"and {len(matches) - _MOST_SHOWN} more"] if matches[_MOST_SHOWN:] else []
    specs = sum(not match.tracked for match in matches)
    criteria = len(matches) - specs
    counts = [(specs, "spec", "specs"), (criteria, "criterion", "criteria")]
    counted = " and ".join(f"{count} {noun if count == 1 else nouns}" for count, noun, nouns in counts if count)
    message = "\n".join([f"`{name}` matches {counted}", *shown])
    return AmbiguousNameError(message, hint="use one of the names before the colons")


def _find_short_form(plan: SpecPlan, tracked: TrackedCriterion) -> str:
    """Return the number of a criterion in its spec, such as `3.2#4`, or its id where no number is certain to be its."""
    numbers = [item.criterion.number for item in plan.tracked]
    number = tracked.criterion.number if any(numbers) else str(plan.tracked.index(tracked) + 1)
    form = f"{_find_key(plan)}#{number}"
    is_certain = _NUMBERED.fullmatch(form) and numbers.count(number) <= 1
    return form if is_certain else tracked.id


def _find_hint(candidates: Sequence[Match], name: str, plans: Sequence[SpecPlan], *, kinds: str) -> str:
    """Choose the hint for a name that matches nothing: how many criteria there are, similar names, or the forms."""
    done_items = [(plan.spec.path, item) for plan in plans for item in plan.spec.done_items]
    for path, item in done_items if name.strip() else ():
        if kinds != "spec" and to_comparison_key(name) in to_comparison_key(item.text):
            return f"it is an item of the definition of done, not a criterion; tick it by hand in {path}:{item.line}"
    match = _LIKE_A_NUMBER.fullmatch(name)
    if match and kinds != "spec" and (specs := _find_specs_before_number(plans, match["spec"])):
        return _count_criteria(specs[0], match["spec"]) if len(specs) == 1 else "no spec has so many criteria"
    if kinds == "criterion" and name:
        specs = _find_specs_before_number(plans, name)
        # A part of the key of a spec is rather a number without its `#`, which shells take for a comment.
        if len(plans) == 1 and name.isdecimal() and name != _find_key(plans[0]):
            is_number = 0 < int(name) <= len(plans[0].tracked)
            return f'did you mean `"#{name}"`?' if is_number else _count_criteria(plans[0])
        if specs:
            key = _find_key(specs[0])
            is_whole = name in (key, _find_name(specs[0]), specs[0].spec.path)
            is_spec = "is a spec" if is_whole else f"matches the spec `{key}`"
            return f"`{name}` {is_spec}; name one of its criteria, such as `{key}#1`"
    criteria = [Match(plan, tracked) for plan in plans for tracked in plan.tracked] if kinds == "spec" else []
    if len(found := _list_matches(criteria, name, plans)) == 1:
        key = _find_key(found[0].plan)
        return f"it is a criterion of `{key}`: use `{key}`, or `spec2bdd explain {quote(name)}` for the criterion alone"
    lists = f"run `spec2bdd explain {quote(_find_key(plans[0]))}` to list" if plans else ""
    hint = {
        "spec": "use a path, a `feature_id`, or a part of a name",
        "criterion": f"{lists} its criteria" if len(plans) == 1 else f"{lists} the criteria of a spec",
        "spec or criterion": f"use a path, a `feature_id` or a part of a name; or {lists} the criteria of a spec",
    }[kinds if plans else "spec"]
    suggestion = suggest_names(name, _list_labels(candidates))
    if not suggestion and kinds == "criterion":
        # It may be a misspelt spec; typed right, the next hint says how to name one of its criteria.
        suggestion = suggest_names(name, _list_labels([Match(plan) for plan in plans]))
    # All specs of a small project can be listed; its criteria are too many.
    if suggestion or kinds == "criterion" or not 0 < len(plans) <= _MOST_SUGGESTED:
        return suggestion or hint
    names = [f"`{_find_key(plan)}` ({_find_name(plan)})" for plan in plans]
    return f"the specs are {', '.join(names)}" if names[1:] else f"the only spec is {names[0]}"


def _count_criteria(plan: SpecPlan, name: str = "") -> str:
    """Say how many criteria a spec has, and how to name them; `name` is the name that was given for it."""
    count = len(plan.tracked)
    numbers = "1 criterion: `#1`" if count == 1 else f"{count} criteria: `#1` to `#{count}`"
    return f"`{name or _find_key(plan)}` has {numbers if count else 'no criteria'}"


def _list_labels(candidates: Sequence[Match]) -> dict[str, tuple[str, str]]:
    """List for each way to write the names of the candidates the name to show, and what it refers to."""
    labels: dict[str, tuple[str, str]] = {}
    for match in candidates:
        spec, tracked = match.plan.spec, match.tracked
        if tracked:
            criterion = tracked.criterion
            labels |= {id_: (id_, criterion.text) for id_ in (tracked.id, criterion.given_id) if id_}
            labels[criterion.text] = (criterion.text, "")
            continue
        feature_id, name = spec.find_value("feature_id"), _find_name(match.plan)
        shown = (feature_id or spec.path, name)
        stem = spec.path.rpartition("/")[2].removesuffix(".md")
        # A part of a name matches, so a misspelt word of one has to be found too.
        words = [word for word in name.split() if len(word) >= _SHORTEST_WORD]
        labels |= {way: shown for way in (feature_id, name, stem, *words) if way}
        labels[spec.path] = (spec.path, "")
    return labels
