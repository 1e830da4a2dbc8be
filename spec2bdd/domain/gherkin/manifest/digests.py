"""Compute the digests by which an edit by hand is noticed in a generated feature file."""

from __future__ import annotations

from spec2bdd.text.normalize import digest_text


def compute_block_digest(text: str, criterion: str = "") -> str:
    """Compute the digest above a block, which also covers the text of its criterion if it is recorded next to it.

    Blank lines around the block and trailing white space are ignored: editors strip these on save, which is no edit.
    """
    block = "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
    return digest_text(f"{criterion}\n{block}" if criterion else block)


def compute_head_digest(spec_path: str, text: str, *, language: str = "en") -> str:
    """Compute the digest above the head of a feature, which also covers the header and the language line above it."""
    return digest_text(f"{join_head_context(spec_path, language)} {compute_block_digest(text)}")


def compute_entry_digest(entry_id: str, state: str, text: str) -> str:
    """Compute the digest of a manifest entry; the note after it is not covered, because `mark` removes it."""
    return digest_text(f"{entry_id} {state} {text}")


def join_head_context(spec_path: str, language: str) -> str:
    """Join what the digest of the head covers above the head itself."""
    # English is not named in a file, nor here.
    return spec_path if language == "en" else f"{language} {spec_path}"
