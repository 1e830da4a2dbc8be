"""Parse Cobertura XML, which nearly all coverage tools can write."""

from __future__ import annotations

import re

from spec2bdd.adapters.formats import starts_with
from spec2bdd.adapters.formats.xml import XML_STARTS, find_number, parse_xml
from spec2bdd.errors import EvidenceError
from spec2bdd.model import Coverage, EvidenceKind

# The branches of a line: `condition-coverage="50% (1/2)"`.
_CONDITIONS = re.compile(r"\((\d{1,9})/(\d{1,9})\)", re.ASCII)


class CoberturaReader:
    """The reader of Cobertura XML."""

    kind = EvidenceKind.COVERAGE

    def detects(self, content: bytes) -> bool:
        """Whether a file looks like XML."""
        return starts_with(content, XML_STARTS)

    def parse(self, content: bytes) -> Coverage:
        """Parse the counts of a report: its sums, or where a tool left them out, those of its lines.

        Raises:
            EvidenceError: it is no such report, or not whole.
        """
        root = parse_xml(content)
        if root.tag != "coverage":
            hint = "use a Cobertura file; JaCoCo reports can be converted to it" if root.tag == "report" else ""
            raise EvidenceError(f"not a Cobertura report: the root element is `{root.tag}`", hint=hint)
        lines = list(root.iterfind(".//class/lines/line"))
        # `line-rate` and `branch-rate` are never read: they are rounded, and some tools compute them differently.
        covered_lines, valid_lines = (find_number(root, f"lines-{name}") for name in ("covered", "valid"))
        if covered_lines is None or valid_lines is None:
            covered_lines, valid_lines = sum(bool(find_number(line, "hits")) for line in lines), len(lines)
        covered_branches, valid_branches = (find_number(root, f"branches-{name}") for name in ("covered", "valid"))
        if covered_branches is None or valid_branches is None:
            matches = [_CONDITIONS.search(line.get("condition-coverage", "")) for line in lines]
            covered_branches, valid_branches = (sum(int(match[n]) for match in matches if match) for n in (1, 2))
        return Coverage(valid_lines, covered_lines, valid_branches, covered_branches)
