"""Find the title of a file whose folder may say more about the feature than its heading does."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from pathlib import PurePosixPath

from spec2bdd.domain.specs.dialects.reading.spec_builder import SpecBuilder, read_words
from spec2bdd.domain.specs.markdown.blocks import Paragraph
from spec2bdd.domain.specs.markdown.outline import OutlineSection
from spec2bdd.domain.specs.vocabulary import load_heading_names
from spec2bdd.domain.specs.vocabulary.placeholders import is_placeholder
from spec2bdd.text.normalize import normalize_heading

_TITLE_PARTS = re.compile(r"\s*[:\uff1a]\s*|\s+[-\u2013\u2014]+\s+")
# The number of a feature at the start of the name of its folder: `001-sign-in`.
_FOLDER_NUMBER = re.compile(r"^\d+[-_](?=.)")


def find_document_title(builder: SpecBuilder, sections: Sequence[OutlineSection]) -> str:
    """Find the title of a file; where it only says what kind of document it is, its folder names the feature."""
    headings = (section.headings[0] for section in sections[1:] if section.headings[0].level == 1)
    title = next((read_words(builder, heading.source).text for heading in headings), "")
    generic = load_heading_names("stories", "document")
    parts = [part for part in _TITLE_PARTS.split(title) if part and normalize_heading(part) not in generic]
    if parts and not is_placeholder(parts[0]):
        return ": ".join(parts)
    name = " ".join(re.split(r"[-_\s]+", find_feature_name(builder.file.path)))
    return name[:1].upper() + name[1:]


def find_feature_name(path: str) -> str:
    """Find the name of a feature in that of its folder, without the number before it."""
    return _FOLDER_NUMBER.sub("", PurePosixPath(path).parent.name)


def find_introduction(builder: SpecBuilder, sections: Sequence[OutlineSection], stories: Container[int]) -> str:
    """Find the first paragraph under a heading of the file, before that of the first of its stories."""
    for section in sections[1:]:
        if any(heading.offset in stories for heading in section.headings):
            break
        paragraph = next((block for block in section.blocks if isinstance(block, Paragraph)), None)
        text = read_words(builder, paragraph.source).text if paragraph else ""
        if text and "{{" not in text and section.headings[-1].level > 1:
            return text
    return ""
