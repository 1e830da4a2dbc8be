"""Parse XML from outside safely: entities, deep nesting and files that are cut off are refused."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from spec2bdd.errors import EvidenceError

# How an XML file begins; the last two are the byte order marks of UTF-16.
XML_STARTS = (b"<", b"\xff\xfe", b"\xfe\xff")
# Reports have about six levels. ElementTree walks a tree by recursion in places, so that depth has to be bounded.
_MAX_DEPTH = 100
# `int` of a long text takes quadratic time; 18 digits fit into 64 bits.
_MAX_DIGITS = 18


def parse_xml(content: bytes) -> Element:
    """Parse an XML file without its text, and without opening anything that it names.

    A document type may be named, as Cobertura does, and is ignored. Only elements and attributes are kept.

    Raises:
        EvidenceError: it is not XML, is cut off, is nested too deeply, or declares entities.
    """
    tree = _BoundedTree()
    # ElementTree's own parser expands entities ("billion laughs"); expat lets us refuse their declaration.
    parser = expat.ParserCreate()
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.EntityDeclHandler = _refuse_entities
    parser.ExternalEntityRefHandler = _refuse_entities
    try:
        parser.Parse(content, True)  # noqa: FBT003  The parser takes positional arguments only.
    # Unknown encodings raise a LookupError, null bytes a ValueError.
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise EvidenceError(f"invalid or truncated XML: {error}") from error
    return tree.builder.close()


class _BoundedTree:
    """Builds a tree of limited depth."""

    __slots__ = ("builder", "depth")

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self.depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element.

        Raises:
            EvidenceError: it is nested too deeply.
        """
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise EvidenceError("the XML is nested too deeply")
        self.builder.start(name, attributes)

    def end(self, name: str) -> None:
        """End an element."""
        self.depth -= 1
        self.builder.end(name)


def find_number(element: Element, name: str) -> int | None:
    """Find an attribute that is a whole number."""
    value = element.get(name, "").strip()
    # `isdigit` alone accepts other scripts and superscripts.
    return int(value) if value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS else None


def _refuse_entities(*_: object) -> Any:
    raise EvidenceError("XML entities are not allowed in reports", hint="regenerate the report")
