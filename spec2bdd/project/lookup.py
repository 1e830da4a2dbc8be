"""Find the spec or the criterion that a command line names by its path, id, number or text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from spec2bdd.domain.gherkin.naming import build_spec_key
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.errors import AmbiguousNameError, ConfigError
from spec2bdd.model import TrackedCriterion
from spec2bdd.text.normalize import to_comparison_key
from spec2bdd.text.slugs import slugify_unique
from spec2bdd.text.suggest import suggest

# `3.2#4` is the fourth criterion of spec 3.2, `#4` of the only spec that has so many.
_NUMBERED = re.compile(r"(?P<spec>.*)#(?P<number>[1-9]\d*)", re.DOTALL)
# Paths may be completed by a shell in a subfolder of the project.
_UPWARD = re.compile(r"(?:\.{1,2}/)+")
# More matches than a person reads.
_MOST_SHOWN = 8
_Found = tuple[SpecPlan, TrackedCriterion]


def find_spec(drafts: Sequence[SpecPlan], typed: str) -> SpecPlan:
    """Find the spec with that path, that `feature_id`, that file name, or that part of its name.

    Raises:
        AmbiguousNameError: several specs match.
        ConfigError: no spec matches.
    """
    # Windows paths are typed with backslashes; ours have slashes.
    path = _UPWARD.sub("", typed.replace("\\", "/"), count=1)
    name = to_comparison_key(typed)
    named = [(draft, to_comparison_key(draft.spec.find_value("name") or draft.spec.title)) for draft in drafts]
    # From the most exact way to name a spec to the least; the first way that matches anything decides.
    ways = (
        [draft for draft in drafts if draft.spec.path == path],
        [draft for draft in drafts if draft.spec.find_value("feature_id") == typed],
        [draft for draft in drafts if build_spec_key(draft.spec) == slugify_unique(typed, limit=40)],
        [draft for draft in drafts if path and _is_partial_path(draft.spec.path, path)],
        [draft for draft, known in named if known == name],
        [draft for draft, known in named if name and (name in known or name in draft.spec.path)],
    )
    if matches := next(filter(None, ways), None):
        if len(matches) == 1:
            return matches[0]
        shown = [f"`{draft.spec.path}` ({draft.spec.find_value('name') or draft.spec.title})" for draft in matches]
        raise _refuse_many(typed, "specs", shown, hint="type the path of one")
    names = [name for draft in drafts for name in (draft.spec.find_value("feature_id"), draft.spec.path) if name]
    hint = _guess(typed, names) or "type its path, its `feature_id`, or a part of its name"
    raise ConfigError(f"no spec matches `{typed}`", hint=hint)


def find_criterion(drafts: Sequence[SpecPlan], typed: str) -> _Found:
    """Find the criterion with that id, that number in its spec (`3.2#4`), or that part of its text.

    Raises:
        AmbiguousNameError: several criteria match.
        ConfigError: no criterion matches.
    """
    criteria = [(draft, item) for draft in drafts for item in draft.tracked]
    identifier = typed.removeprefix("@")
    match = _NUMBERED.fullmatch(typed)
    index = int(match["number"]) - 1 if match else 0
    numbered = _find_numbered(drafts, match["spec"]) if match else []
    text = to_comparison_key(typed)
    texts = [(criterion, to_comparison_key(criterion[1].criterion.text)) for criterion in criteria]
    # From the most exact way to name a criterion to the least; the first way that matches anything decides.
    ways = (
        [criterion for criterion in criteria if criterion[1].id in (identifier, f"ac_{identifier}")],
        [criterion for criterion in criteria if criterion[1].criterion.given_id == typed],
        [(draft, draft.tracked[index]) for draft in numbered if index < len(draft.tracked)],
        [criterion for criterion, known in texts if known == text],
        [criterion for criterion, known in texts if text and text in known],
    )
    if matches := next(filter(None, ways), None):
        if len(matches) == 1:
            return matches[0]
        shown = [
            f"`{item.id}` ({draft.spec.path}:{item.criterion.line}, {item.criterion.text})" for draft, item in matches
        ]
        raise _refuse_many(typed, "criteria", shown, hint="type the id of one of them")
    raise ConfigError(f"no criterion matches `{typed}`", hint=_find_hint(drafts, typed))


def _find_numbered(drafts: Sequence[SpecPlan], spec: str) -> list[SpecPlan]:
    """Find the spec that is named before a number; all specs where none is named."""
    return [draft for draft in drafts if not spec or build_spec_key(draft.spec) == slugify_unique(spec, limit=40)]


def _is_partial_path(path: str, typed: str) -> bool:
    """Whether a path was typed in part, from a folder below or above the root, or without its suffix."""
    return f"/{path}".endswith((f"/{typed}", f"/{typed}.md")) or typed.endswith(f"/{path}")


def _refuse_many(typed: str, what: str, matches: Sequence[str], *, hint: str) -> AmbiguousNameError:
    """Build the error for a name with several matches, with a list of them."""
    more = [f"and {len(matches) - _MOST_SHOWN} more"] if matches[_MOST_SHOWN:] else []
    shown = "; ".join([*matches[:_MOST_SHOWN], *more])
    return AmbiguousNameError(f"`{typed}` could be {len(matches)} {what}: {shown}", hint=hint)


def _find_hint(drafts: Sequence[SpecPlan], typed: str) -> str:
    """Choose a hint: how many criteria there are, a criterion with a similar name, or how to name one."""
    match = _NUMBERED.fullmatch(typed)
    if match and (named := _find_numbered(drafts, match["spec"])):
        count = len(named[0].tracked)
        counted = f"`{match['spec'] or named[0].spec.path}` has {count} {'criterion' if count == 1 else 'criteria'}"
        return counted if len(named) == 1 else "no spec has so many criteria"
    items = [item for draft in drafts for item in draft.tracked]
    # A wrong id, a wrong id of the author, or a wrong word of the text.
    names = [name for item in items for name in (item.id, item.criterion.given_id, item.criterion.text) if name]
    hint = "type its id, such as `ac_3_2_5f3a9c`, its number in its spec, such as `3.2#4`, or a part of its text"
    return _guess(typed, names) or hint


def _guess(typed: str, names: Iterable[str]) -> str:
    """Build a hint with the most similar name; empty where none is similar."""
    close = suggest(typed, names, cutoff=0.7)
    return f"did you mean `{close}`?" if close else ""
