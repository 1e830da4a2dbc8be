"""A part of a generated feature file in, the digest that vouches for it out."""

from __future__ import annotations

from spec2bdd.text.normalize import digest_text


def derive_block_digest(text: str) -> str:
    """Return the digest that stands above a block; blank lines around it and trailing blanks do not count."""
    return digest_text("\n".join(line.rstrip() for line in text.split("\n")).strip("\n"))


def derive_head_digest(spec_path: str, text: str, *, language: str = "en") -> str:
    """Return the digest that stands above the head, which also vouches for what stands above it."""
    return digest_text(f"{describe_head_context(spec_path, language)} {derive_block_digest(text)}")


def derive_entry_digest(entry_id: str, state: str, text: str) -> str:
    """Return the digest at the end of a line of memory; the note of trust does not count."""
    return digest_text(f"{entry_id} {state} {text}")


def describe_head_context(spec_path: str, language: str) -> str:
    """Return what the digest of the head covers besides the head; English is not named in a file."""
    return spec_path if language == "en" else f"{language} {spec_path}"
