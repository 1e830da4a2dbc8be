"""Derive the ids of specs whose authors gave them none, from the names of their files and folders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from spec2bdd.model import Spec
from spec2bdd.text.slugs import slugify

# Names that say what a file is and not what it is about: the folder says that.
_FIXED_NAMES = frozenset(
    {"feature", "functional-spec", "index", "prd", "requirements", "spec", "specification", "story"}
)


def assign_derived_ids(specs: Sequence[Spec]) -> tuple[Spec, ...]:
    """Give each spec without a `feature_id` the id that its path gives it, longer by folders until it is unique.

    An id that the dialect of a spec derived is kept where no other spec has it.
    """
    # Most projects have no spec without an id.
    if all(spec.find_value("feature_id") for spec in specs):
        return tuple(specs)
    given = {slug for spec in specs if (slug := slugify(spec.find_value("feature_id")))}
    # The names that identify each file, the last one first to be used: its folders under that of all specs, and its
    # stem. A fixed name such as `spec.md` counts only where there is no folder.
    names: dict[str, tuple[str, ...]] = {}
    for spec in specs:
        if not spec.find_value("feature_id"):
            *folders, stem = PurePosixPath(spec.path).with_suffix("").parts
            inner = tuple(folders[1:])
            names[spec.path] = inner if inner and stem.casefold() in _FIXED_NAMES else (*inner, stem)
    # How many of the names make the id; none where the dialect has derived one.
    preferred = {spec.path: spec.derived_id for spec in specs}
    sizes = {path: 0 if preferred[path] else 1 for path in names}
    while True:
        ids = {path: "/".join(names[path][-size:]) if size else preferred[path] for path, size in sizes.items()}
        counts = Counter(slugify(name) for name in ids.values())
        clashing = [
            path
            for path, name in ids.items()
            if (counts[slugify(name)] > 1 or slugify(name) in given) and sizes[path] < len(names[path])
        ]
        if not clashing:
            return tuple(replace(spec, derived_id=ids[spec.path]) if spec.path in ids else spec for spec in specs)
        sizes.update((path, sizes[path] + 1) for path in clashing)
