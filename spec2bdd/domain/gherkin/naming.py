"""Name the feature of a spec: its key, title, language and file stem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from spec2bdd.domain.gherkin.grammar.keywords import find_language
from spec2bdd.model import Spec
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.slugs import slugify, slugify_unique


def build_spec_key(spec: Spec) -> str:
    """Build the key of a spec for tags and file names, from its feature id or else the name of its file."""
    name = spec.find_value("feature_id") or spec.derived_id or PurePosixPath(spec.path).stem
    # Short enough that a tag and a file name with more parts stay readable.
    return slugify_unique(name, limit=40)


def choose_name(spec: Spec) -> str:
    """Choose the name of a spec: that of its front matter, its title, the name of its file or its key."""
    names = (to_single_line(name) for name in (spec.find_value("name"), spec.title))
    name = next(filter(None, names), "")
    return name or to_single_line(PurePosixPath(spec.path).stem) or build_spec_key(spec)


def choose_titles(specs: Sequence[Spec]) -> list[str]:
    """Choose the names of the features of all specs: that of the spec, with its key if another spec shares it."""
    names = [choose_name(spec) for spec in specs]
    # Reports identify a feature by its name, and some of them ignore the case.
    counts = Counter(map(str.casefold, names))
    return [
        name if counts[name.casefold()] == 1 else f"{name} ({build_spec_key(spec)})"
        for spec, name in zip(specs, names, strict=True)
    ]


def choose_language(spec: Spec, default: str) -> str:
    """Choose the language of a spec: the one in its front matter if its keywords are known, else the default."""
    return find_language(spec.find_value("language")) or default


def build_feature_stem(spec: Spec) -> str:
    """Build the name of a new feature file without its suffix; it never contains a path separator."""
    # Without an id the key is the file name already, which identifies the spec well enough.
    if not spec.find_value("feature_id"):
        return build_spec_key(spec)
    return f"{build_spec_key(spec)}_{slugify(choose_name(spec))}"
