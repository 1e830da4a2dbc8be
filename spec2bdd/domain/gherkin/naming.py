"""Names of features: key, title, language and file stem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from spec2bdd.domain.gherkin.grammar.keywords import find_language
from spec2bdd.model import Spec
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.slugs import slugify, slugify_unique


def derive_key(spec: Spec) -> str:
    """Return what stands for a spec in tags and file names: its feature id, else the name of its file."""
    return slugify_unique(spec.find_value("feature_id") or PurePosixPath(spec.path).stem, limit=40)


def derive_name(spec: Spec) -> str:
    """Return the name that a spec goes by."""
    stem = PurePosixPath(spec.path).stem
    names = (to_single_line(name) for name in (spec.find_value("name"), spec.title, stem))
    return next(filter(None, names), derive_key(spec))


def derive_titles(specs: Sequence[Spec]) -> list[str]:
    """Return the names of the features of all specs: the name of the spec, and its key where others have that name."""
    names = [derive_name(spec) for spec in specs]
    shared = Counter(map(str.casefold, names))
    return [
        name if shared[name.casefold()] == 1 else f"{name} ({derive_key(spec)})"
        for spec, name in zip(specs, names, strict=True)
    ]


def derive_language(spec: Spec, default: str) -> str:
    """Return the language of a spec: the one that its front matter names, if we know it."""
    return find_language(spec.find_value("language")) or default


def derive_feature_stem(spec: Spec) -> str:
    """Return the name of a new feature file without its ending; it never leads out of its folder."""
    if not spec.find_value("feature_id"):
        return derive_key(spec)
    return f"{derive_key(spec)}_{slugify(derive_name(spec))}"
