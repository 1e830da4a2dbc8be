"""Choose the path of a new spec."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spec2bdd.text.globs import compile_glob
from spec2bdd.text.slugs import slugify_words

# All other characters become hyphens: an id is text, and must not name another folder.
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")
_WILDCARD = re.compile(r"[*?\[]")


def build_slug(feature_id: str, name: str) -> str:
    """Build the name of a spec's file without its suffix, such as `3.2-book-returns`."""
    plain_id = _NOT_IN_NAMES.sub("-", feature_id).strip(".-_") or slugify_words(feature_id)
    return f"{plain_id}-{slugify_words(name).replace('_', '-')}"


def choose_spec_path(slug: str, patterns: Sequence[str]) -> str:
    """Choose the path of a new spec among the places of the specs; empty where none can have a new file.

    A folder takes the file. In a pattern, the last part takes the name, as in `docs/*.md`, or the only wildcard does,
    as in `docs/*/spec.md`.
    """
    for pattern in patterns:
        if not _WILDCARD.search(pattern):
            if not pattern.lower().endswith(".md"):
                return f"{pattern}/{slug}.md"
            continue
        *folders, last = pattern.split("/")
        candidates = ["/".join([*folders, f"{slug}.md"])] if _WILDCARD.search(last) else []
        candidates.append(pattern.replace("*", slug, 1))
        for candidate in candidates:
            is_free = not _WILDCARD.search(candidate) and candidate.lower().endswith(".md")
            if is_free and compile_glob(pattern).fullmatch(candidate):
                return candidate
    return ""
