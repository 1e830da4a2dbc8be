"""Report criteria in the front matter: only the body of a spec has any."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spec2bdd.domain.specs.dialects.protocol import Dialect
from spec2bdd.domain.specs.headings.classifier import HeadingKind
from spec2bdd.domain.specs.headings.heading_path import classify_heading_source
from spec2bdd.domain.specs.unread.file_places import describe_criteria_place, find_body_start
from spec2bdd.domain.specs.vocabulary import HeadingVocabulary
from spec2bdd.domain.specs.vocabulary.placeholders import is_empty_marker, is_placeholder, is_unfilled
from spec2bdd.model import Diagnostic, Spec
from spec2bdd.text.source_file import SourceFile

_KEY = re.compile(
    r"""
    ^(?P<indent>[ \t]*(?:-[ \t]+)?)
    (?P<quote>["']?)(?P<key>[^\W\d][^\r\n:"'\#]{0,60}?)(?P=quote)[ \t]*:
    [ \t]*(?P<value>[^\r\n]*)
    """,
    re.MULTILINE | re.VERBOSE,
)
# The items and the deeper lines under a key; so many of them say enough.
_BELOW = re.compile(r"(?:\r?\n(?:[ \t]*|[ \t]*-[ \t][^\r\n]*|[ \t]+[^\r\n]*)(?=[\r\n]|\Z)){0,100}")
# What separates the words of a key: `acceptance_criteria`, `acceptance-criteria`, `acceptanceCriteria`.
_BETWEEN_WORDS = re.compile(r"[_-]+|(?<=[a-z])(?=[A-Z])")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?P<words>\S[^\r\n]*)")
# What says where the criteria are, or how many of them are met.
_REFERENCE = re.compile(
    r"""["']?(?:(?:see|refer to|cf|tbd|todo)\b|\d+[ ]?(?:of|/)[ ]?\d+\b|[\w.-]+/[\w./ -]+\.md\b)""", re.IGNORECASE
)
_COMMENT = re.compile(r"(?:^|[ \t])#[^\r\n]*")
_KINDS = (HeadingKind.CRITERIA, HeadingKind.DONE, HeadingKind.MUST, HeadingKind.SHOULD, HeadingKind.COULD)


def report_front_matter_criteria(
    file: SourceFile, spec: Spec, dialect: Dialect, vocabulary: HeadingVocabulary
) -> Iterator[Diagnostic]:
    """Warn of each key of the front matter that is named like a heading of criteria, and has texts for its value."""
    known = {found.line for found in spec.diagnostics if found.code == "front-matter-yaml"}
    for match in _KEY.finditer(file.text, 0, find_body_start(file.text)):
        kind = classify_heading_source(_BETWEEN_WORDS.sub(" ", match["key"]), vocabulary)
        if kind not in _KINDS or file.find_place(match.start("key"))[0] in known:
            continue
        value = _COMMENT.sub("", match["value"]).strip()
        below = _BELOW.match(file.text, match.end())
        texts = _list_texts(value, match["indent"], below[0] if below else "")
        # A tier in the front matter is mostly one word of a list of options, and one success that of the project.
        is_ambiguous = kind.tier is not None or match["key"].lower().startswith("success")
        is_ambiguous = is_ambiguous or _REFERENCE.match(value) is not None
        if not any(map(_is_sentence, texts)) or (is_ambiguous and len(texts) == 1 and value):
            continue
        message = f"`{match['key']}` in the front matter is not read: {describe_criteria_place(dialect)}"
        hint = "write each of its texts as an item there: `- [ ] What must work`"
        if kind is HeadingKind.DONE:
            message = f"`{match['key']}` in the front matter is not read: only the body has a definition of done"
            hint = "write its items as a list under `## Definition of Done`"
        hint += ", or put `<!-- spec2bdd: ignore unread-criterion -->` above the first heading"
        yield file.build_warning(match.start("key"), "unread-criterion", message=message, hint=hint)


def _list_texts(value: str, indent: str, below: str) -> list[str]:
    """List the texts that a key has for its value: those of a list, in brackets or not, or one text."""
    if is_placeholder(value) and not {",", '"', "'"}.intersection(value):
        return []
    if value.startswith("["):
        return [part.strip(" \"'") for part in value.strip("[]").split(",")]
    depth = len(indent.expandtabs())
    lines = [_COMMENT.sub("", line).rstrip() for line in below.splitlines()]
    lines = [line for line in lines if line.strip()]
    items = [item["words"] for item in map(_ITEM.match, lines) if item]
    deeper = [line.strip() for line in lines if len(line.expandtabs()) - len(line.expandtabs().lstrip()) > depth]
    if items:
        return items
    is_block = not value or value[0] in "|>"
    return [" ".join(deeper)] if is_block else [" ".join([value, *deeper]).strip("\"'")]


def _is_sentence(text: str) -> bool:
    """Whether a text may say what must work: it has several words, and is no id, number, path or placeholder."""
    words = text.strip("\"'").strip()
    has_words = len(words.split()) > 1 or (not words.isascii() and len(words) > 4)
    return has_words and not is_unfilled(words) and not is_empty_marker(words)
