"""What somebody typed for a spec or a criterion in, the one that is meant out, or who else it could be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from spec2bdd.domain.gherkin.naming import derive_key
from spec2bdd.domain.planning.spec_plan import SpecPlan
from spec2bdd.errors import AmbiguousNameError, ConfigError
from spec2bdd.model import TrackedCriterion
from spec2bdd.text.normalize import to_comparison_key
from spec2bdd.text.slugs import slugify_unique
from spec2bdd.text.suggest import suggest

_NUMBERED = re.compile(r"(?P<spec>.*)#(?P<number>[1-9]\d*)", re.DOTALL)
_UPWARD = re.compile(r"(?:\.{1,2}/)+")
_MOST_SHOWN = 8
_Found = tuple[SpecPlan, TrackedCriterion]


def find_spec(drafts: Sequence[SpecPlan], typed: str) -> SpecPlan:
    """Return the spec with that path, that `feature_id`, that file name, or that part of its name.

    Raises:
        AmbiguousNameError: several specs match.
        ConfigError: no spec matches.
    """
    path = _UPWARD.sub("", typed.replace("\\", "/"), count=1)
    ways = (
        [draft for draft in drafts if draft.spec.path == path],
        [draft for draft in drafts if draft.spec.find_value("feature_id") == typed],
        [draft for draft in drafts if derive_key(draft.spec) == slugify_unique(typed, limit=40)],
        [draft for draft in drafts if path and _tell_path(draft.spec.path, path)],
        _find_named(drafts, to_comparison_key(typed)),
    )
    for found in ways:
        if len(found) == 1:
            return found[0]
        if found:
            raise _refuse_many(typed, "specs", [_describe_spec(draft) for draft in found], hint="type the path of one")
    names = [name for draft in drafts for name in (draft.spec.find_value("feature_id"), draft.spec.path) if name]
    hint = _guess(typed, names) or "type its path, its `feature_id`, or a part of its name"
    raise ConfigError(f"no spec is meant by `{typed}`", hint=hint)


def find_criterion(drafts: Sequence[SpecPlan], typed: str) -> _Found:
    """Return the criterion with that id, that number in its spec (`3.2#4`), or that part of its text.

    Raises:
        AmbiguousNameError: several criteria match.
        ConfigError: no criterion matches.
    """
    every = [(draft, item) for draft in drafts for item in draft.identified]
    for found in (_find_by_id(every, typed), _find_by_number(drafts, typed), _find_by_text(every, typed)):
        if len(found) == 1:
            return found[0]
        if found:
            told = [_describe(one) for one in found]
            raise _refuse_many(typed, "criteria", told, hint="type the id of one of them")
    raise ConfigError(f"no criterion is meant by `{typed}`", hint=_find_hint(drafts, every, typed))


def _find_by_id(every: Sequence[_Found], typed: str) -> list[_Found]:
    """Return the criterion with that id, with or without `@` and `ac_`, or that id of its author's."""
    plain = typed.removeprefix("@")
    found = [one for one in every if one[1].id in (plain, f"ac_{plain}")]
    return found or [one for one in every if one[1].criterion.given_id == typed]


def _find_by_number(drafts: Sequence[SpecPlan], typed: str) -> list[_Found]:
    """Return the criterion with that number in the spec that is named before it, or in each where none is."""
    match = _NUMBERED.fullmatch(typed)
    place = int(match["number"]) - 1 if match else 0
    named = _find_numbered(drafts, match["spec"]) if match else []
    return [(draft, draft.identified[place]) for draft in named if place < len(draft.identified)]


def _find_numbered(drafts: Sequence[SpecPlan], spec: str) -> list[SpecPlan]:
    """Return the spec that is named in front of a number, or all where none is."""
    return [draft for draft in drafts if not spec or derive_key(draft.spec) == slugify_unique(spec, limit=40)]


def _find_by_text(every: Sequence[_Found], typed: str) -> list[_Found]:
    """Return the criteria whose text is that, or else holds it; typography does not count."""
    wanted = to_comparison_key(typed)
    texts = [(one, to_comparison_key(one[1].criterion.text)) for one in every]
    same = [one for one, text in texts if text == wanted]
    return same or [one for one, text in texts if wanted and wanted in text]


def _find_named(drafts: Sequence[SpecPlan], wanted: str) -> list[SpecPlan]:
    """Return the specs with that name, or else those whose name, title or path holds it."""
    named = [(draft, to_comparison_key(draft.spec.find_value("name") or draft.spec.title)) for draft in drafts]
    same = [draft for draft, name in named if name == wanted]
    return same or [draft for draft, name in named if wanted and (wanted in name or wanted in draft.spec.path)]


def _tell_path(path: str, typed: str) -> bool:
    """Tell whether a path was typed in part, from a folder below or above the root, or without its ending."""
    return f"/{path}".endswith((f"/{typed}", f"/{typed}.md")) or typed.endswith(f"/{path}")


def _refuse_many(typed: str, what: str, told: Sequence[str], *, hint: str) -> AmbiguousNameError:
    """Return the error for words that could mean several things, with a list of them."""
    more = [f"and {len(told) - _MOST_SHOWN} more"] if told[_MOST_SHOWN:] else []
    shown = "; ".join([*told[:_MOST_SHOWN], *more])
    return AmbiguousNameError(f"`{typed}` could be {len(told)} {what}: {shown}", hint=hint)


def _find_hint(drafts: Sequence[SpecPlan], every: Sequence[_Found], typed: str) -> str:
    """Say what to type instead: the criterion that is like it, a number that there is, or any way to name one."""
    match = _NUMBERED.fullmatch(typed)
    if match and (named := _find_numbered(drafts, match["spec"])):
        count = len(named[0].identified)
        one = f"`{match['spec'] or named[0].spec.path}` has {count} {'criterion' if count == 1 else 'criteria'}"
        return one if len(named) == 1 else "no spec has so many criteria"
    names = [name for _, item in every for name in (item.id, item.criterion.given_id, item.criterion.text) if name]
    hint = "type its id, such as `ac_3_2_5f3a9c`, its number in its spec, such as `3.2#4`, or a part of its text"
    return _guess(typed, names) or hint


def _guess(typed: str, names: Iterable[str]) -> str:
    """Return a hint that names what was meant, if something is like it."""
    close = suggest(typed, names, cutoff=0.7)
    return f"did you mean `{close}`?" if close else ""


def _describe_spec(draft: SpecPlan) -> str:
    """Return what a spec is told from others by."""
    return f"`{draft.spec.path}` ({draft.spec.find_value('name') or draft.spec.title})"


def _describe(found: _Found) -> str:
    """Return what a criterion is told from others by."""
    draft, item = found
    return f"`{item.id}` ({draft.spec.path}:{item.criterion.line}, {item.criterion.text})"
