"""Make names from any text that every tool and file system accepts: tags, file names, function names."""

from __future__ import annotations

import builtins
import keyword
import re

from spec2bdd.text.normalize import digest_text, fold_accents

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_SECTION = re.compile(r"\d+(?:\.\d+)*")
# Names that a step function must not shadow: those of Python, and those that step files use themselves.
_RESERVED = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "behave", "context", "given", "step", "then", "when"}


def slugify(text: str, *, limit: int = 60) -> str:
    """Turn a text into a slug of `[a-z0-9_]`, cut between words; a text without any of these gives a digest."""
    slug = _NOT_PLAIN.sub("_", fold_accents(text)).strip("_")
    if not slug:
        return f"x{digest_text(text)}"
    if len(slug) <= limit:
        return slug
    # One character more than the limit: the cut may fall exactly after a word.
    return slug[: limit + 1].rpartition("_")[0] or slug[:limit]


def slugify_unique(text: str, *, limit: int = 60) -> str:
    """Turn a text into a slug that is unique to it: one that loses letters, or is cut, ends with a digest."""
    # Folding can make a character longer, up to 18 of them; this limit never cuts.
    whole, folded = slugify(text, limit=len(text) * 20 + 20), fold_accents(text)
    plain = folded.isascii() or not any(char.isalnum() and not char.isascii() for char in folded)
    if len(whole) <= limit and plain:
        return whole
    slug = slugify(text, limit=limit - 8)
    return slug if slug == f"x{digest_text(text)}" else f"{slug}_x{digest_text(text)}"


def slugify_section(text: str) -> str:
    """Turn a reference to a section into a tag part: its number if it begins with one, else a slug of its words."""
    match = _SECTION.match(text.strip())
    return slugify(match[0] if match else text, limit=40)


def slugify_words(text: str) -> str:
    """Turn a text into a slug that can be read: letters of other scripts are written as they sound."""
    if fold_accents(text).isascii():
        return slugify(text)
    # Its tables take time to load, and only names of functions need them.
    from anyascii import anyascii

    return slugify(f"{anyascii(text)}" if any(char.isalnum() for char in anyascii(text)) else text)


def choose_function_name(text: str, taken: set[str]) -> str:
    """Choose a valid Python function name that reads like `text` and is not among `taken`."""
    name = slugify_words(text)
    if name[0].isdigit():
        name = f"step_{name}"
    if name in _RESERVED:
        name = f"{name}_step"
    if name not in taken:
        return name
    return next(f"{name}_{n}" for n in range(2, len(taken) + 3) if f"{name}_{n}" not in taken)
