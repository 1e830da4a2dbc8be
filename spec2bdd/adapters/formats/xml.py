"""The bytes of an XML file in, its tree without text out; entities and what is cut off are refused."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from spec2bdd.errors import EvidenceError

# Reports have about six levels; a tree of any depth would be walked by recursion somewhere.
_DEEPEST = 100


def parse_xml(content: bytes) -> Element:
    """Return the root of an XML file; nothing that the file names is ever opened.

    A document type may be named, as Cobertura does, and is not looked at. Text is left out: only elements and
    attributes are facts.

    Raises:
        EvidenceError: it is not XML, is cut off, is nested too deeply, or declares entities.
    """
    tree = _Tree()
    parser = expat.ParserCreate()
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    # Without entities of its own there is nothing that could grow, and nothing that leads out of the file.
    parser.EntityDeclHandler = _refuse_entities
    parser.ExternalEntityRefHandler = _refuse_entities
    try:
        parser.Parse(content, True)  # noqa: FBT003  The parser knows its parameters by place only.
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise EvidenceError(f"not whole XML: {error}") from error
    return tree.builder.close()


class _Tree:
    """Build the tree, as deep as reports are."""

    __slots__ = ("builder", "depth")

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self.depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Begin an element."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise EvidenceError("the XML is nested too deeply for a report")
        self.builder.start(name, attributes)

    def end(self, name: str) -> None:
        """End an element."""
        self.depth -= 1
        self.builder.end(name)


def find_number(element: Element, name: str) -> int | None:
    """Return an attribute that is a whole number, or nothing."""
    value = element.get(name, "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else None


def _refuse_entities(*_: object) -> Any:
    """Refuse what an XML file declares to be put in elsewhere."""
    raise EvidenceError("the file declares entities, which no report needs", hint="write the report again")
