"""The bytes of a Cobertura XML report in, its counts out."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from spec2bdd.adapters.formats.xml import find_number, parse_xml
from spec2bdd.errors import EvidenceError
from spec2bdd.model import Coverage

_CONDITIONS = re.compile(r"\((\d{1,9})/(\d{1,9})\)", re.ASCII)


def parse_cobertura(content: bytes) -> Coverage:
    """Return the counts of a report; those at its top, or where a tool left them out, those of its lines.

    Rates are never read: they are rounded, and some tools write them of something else.

    Raises:
        EvidenceError: it is no such report, or not whole.
    """
    root = parse_xml(content)
    if root.tag != "coverage":
        hint = "name a Cobertura file; JaCoCo's own format can be converted to it" if root.tag == "report" else ""
        raise EvidenceError(f"it is no Cobertura report: its first element is `{root.tag}`", hint=hint)
    lines = list(root.iterfind(".//class/lines/line"))
    covered, valid = (find_number(root, f"lines-{name}") for name in ("covered", "valid"))
    if covered is None or valid is None:
        covered, valid = sum(map(_is_hit, lines)), len(lines)
    branches_covered, branches_valid = (find_number(root, f"branches-{name}") for name in ("covered", "valid"))
    if branches_covered is None or branches_valid is None:
        branches_covered, branches_valid = _count_branches(lines)
    return Coverage(valid, covered, branches_valid, branches_covered)


def _is_hit(line: Element) -> bool:
    """Tell whether a line was reached."""
    return bool(find_number(line, "hits"))


def _count_branches(lines: list[Element]) -> tuple[int, int]:
    """Return how many branches were taken, and how many there are, as lines say: `50% (1/2)`."""
    found = [_CONDITIONS.search(line.get("condition-coverage", "")) for line in lines]
    return sum(int(match[1]) for match in found if match), sum(int(match[2]) for match in found if match)
