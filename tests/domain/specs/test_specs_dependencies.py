"""The dependencies that a spec lists, with the position of each id."""

from __future__ import annotations

import pytest

from spec2bdd.domain.specs.parser import parse_spec

FRONT = "---\nfeature_id: 9\nname: n\nstatus: Draft\n---\n"

FOUND = {
    "items below a heading": ("## Upstream Dependencies\n\n- 1.2\n- AUTH-3 for the login\n", ["1.2 8:3", "AUTH-3 9:3"]),
    "one line after a label": ("**Upstream Dependencies**: 1.2, 3.4 and 5.6\n", ["1.2 6:28", "3.4 6:33", "5.6 6:41"]),
    "one dependency": ("- **Upstream Dependency:** feature 1.2\n", ["1.2 6:36"]),
    "a label of a list item": (
        "- Upstream dependencies:\n  - spec 1.2\n  - [x] 1.3 done\n- 1.4 is another list\n",
        ["1.2 7:10", "1.3 8:9"],
    ),
    "words below an item": ("- Upstream dependencies:\n  1.2 and\n  1.3\n", ["1.2 7:3", "1.3 8:3"]),
    "the label of a paragraph": ("Upstream Dependencies:\n1.2\n\n1.3\n", ["1.2 7:1", "1.3 9:1"]),
    "until a bold line": ("**Upstream Dependencies**:\n- 1.2\n\n**Downstream**:\n- 1.3\n", ["1.2 7:3"]),
    "until the next heading": ("### Upstream Dependencies ###\n1. 1.2\n### Others\n1. 1.3\n", ["1.2 7:4"]),
    "two lists": (
        "Upstream Dependencies: 1.2\n\n# Other\n\n- 1.9\n\nUpstream Dependencies: 1.3\n",
        ["1.2 6:24", "1.3 12:24"],
    ),
    "links, code and brackets": (
        "## Upstream Dependencies\n- [1.2](a.md)\n- `1.3`\n- (1.4)\n- **#1.5**\n",
        ["1.2 7:4", "1.3 8:4", "1.4 9:4", "1.5 10:6"],
    ),
    "carriage returns": ("x\r## Upstream Dependencies\r\r- 1.2\r", ["1.2 9:3"]),
    "a fence above": ("```\nx\n```\n## Upstream Dependencies\n- 1.2\n# z\n- 1.3\n", ["1.2 10:3"]),
}
NOTHING = {
    "no such words": "- 1.2\n",
    "a version": "## Upstream Dependencies\n- Python 3.11\n- 1.2-rc1 of nothing\n- 1.2.x\n",
    "percent": "## Upstream Dependencies\n- 1.5% more\n",
    "in code": "```\n## Upstream Dependencies\n- 1.2\n```\n",
    "within a sentence": "See the upstream dependencies of 1.2 there\n",
    "a number": "## Upstream Dependencies\n- 12\n",
    "after another list": "- Upstream dependencies:\n- 1.2\n",
    "below another heading": "## Upstream Dependencies\n\n## Next\n- 1.2\n",
}


@pytest.mark.parametrize(("body", "expected"), FOUND.values(), ids=FOUND)
def test_a_dependency_is_found_with_its_position(body: str, expected: list[str]) -> None:
    upstream = parse_spec("specs/a.md", (FRONT + body).encode()).upstream
    assert [f"{dependency.id} {dependency.line}:{dependency.column}" for dependency in upstream] == expected


@pytest.mark.parametrize("body", NOTHING.values(), ids=NOTHING)
def test_what_only_looks_like_an_id_is_none(body: str) -> None:
    assert parse_spec("specs/a.md", (FRONT + body).encode()).upstream == ()
