"""What the changes of OpenSpec say about its specs: where each one belongs, and which requirements were renamed.

A change has its folder until it is archived: then its deltas are merged into the accepted specs, and the folder moves
to `openspec/changes/archive/DATE-CHANGE`, where each delta still says what was renamed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from spec2bdd.domain.specs.markdown.inline import parse_inline
from spec2bdd.model import Spec
from spec2bdd.text.normalize import to_single_line

PLACE = re.compile(r"(?P<root>(?:.*/)?openspec/)(?:specs|changes/(?P<change>[^/]+)/specs)/(?P<capability>.+)/spec\.md")
# Also in Chinese, as a translated OpenSpec writes them.
_RENAMED = re.compile(
    r"^##[ \t]+(?:RENAMED[ \t]+Requirements|\u91cd\u547d\u540d(?:\u7684)?\u9700\u6c42)[ \t]*$"
    r"(?P<body>(?:\n(?!##[ \t]).*)*)",
    re.IGNORECASE | re.MULTILINE,
)
_RENAME = re.compile(
    r"^[ \t]*[-*]?[ \t]*(?P<end>FROM|TO):[ \t]*(?P<tick>`?)#+[ \t]*"
    r"(?:Requirement|Requisito|\u9700\u6c42)[:\uff1a][ \t]*(?P<title>\S.*?)(?P=tick)[ \t]*$",
    re.MULTILINE,
)


def place_spec(spec: Spec) -> Spec:
    """Give a spec the title and the id that its path gives it; those of a delta name the change, too."""
    match = PLACE.fullmatch(spec.path)
    if not match:
        return spec
    capability, change = match["capability"], match["change"]
    title = spec.title or capability
    if change:
        return replace(spec, title=f"{title} (change {change})", derived_id=f"{change}/{capability}")
    changes = f"{match['root']}changes"
    delta = f"specs/{capability}/spec.md"
    return replace(
        spec,
        title=title,
        derived_id=capability,
        merged_from=f"{changes}/*/{delta}",
        # Those of the archive begin with a date, and so come first and in the order of time.
        renamed_in=(f"{changes}/archive/*/{delta}", f"{changes}/*/{delta}"),
    )


def add_former_texts(spec: Spec, deltas: Iterable[str]) -> Spec:
    """Add to each criterion the texts that it had before deltas renamed its requirement; the oldest delta is first."""
    former: dict[str, tuple[str, ...]] = {}
    for before, after in (pair for delta in deltas for pair in find_renames(delta)):
        former[after] = (*former.get(after, ()), *former.get(before, ()), before)
    criteria = []
    for criterion in spec.criteria:
        rest = criterion.text.removeprefix(criterion.group)
        titles = former.get(criterion.group, ())
        criteria.append(replace(criterion, former=tuple(title + rest for title in titles)) if titles else criterion)
    return replace(spec, criteria=tuple(criteria))


def find_renames(delta: str) -> Iterator[tuple[str, str]]:
    """Find the requirements that a delta renames: the title before and the title after, in the order of the file."""
    for section in _RENAMED.finditer(delta.replace("\r\n", "\n")):
        before = ""
        for match in _RENAME.finditer(section["body"]):
            title = _read_title(match["title"])
            if match["end"] == "FROM":
                before = title
            elif before:
                yield before, title
                before = ""


def _read_title(source: str) -> str:
    """Read a title; what is nested too deeply stays as it is written, as in the title of the requirement itself."""
    try:
        return parse_inline(source, {}).text
    except RecursionError:
        return to_single_line(source)
