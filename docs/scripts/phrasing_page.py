"""Render `phrasing.md` from the test cases of phrasing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "domain" / "gherkin" / "data" / "phrasing.toml"

_HEAD = """\
# Phrasing

<!-- Generated from `tests/domain/gherkin/data/phrasing.toml` by `make generated`; edit it there. -->

How a criterion becomes steps, rule by rule. Every example is a test. The first source that a criterion has is used:

1. a block of Gherkin, or *given*, *when* and *then* bullets, under the criterion
2. *given*, *when* and *then* in its sentence
3. a requirement in [EARS](https://alistairmavin.com/ears/) form
4. a leading condition, such as *when* or *if*
5. one `Then` with the whole text

No words are added. Only keywords, and commas between the parts, are removed. `examples/chat` in the repository has
three whole specs.
"""
# A spec may contain backtick fences, hence tildes.
_CASE = """\
~~~markdown
{spec}
~~~

becomes

```gherkin
{outcome}
```
{warning}"""


def render_page(_: str = "") -> str:
    """Render the whole page."""
    parts = [_HEAD]
    # Each rule is a section, with its cases separated by lines.
    for rule in tomllib.loads(CASES.read_text(encoding="utf-8"))["rule"]:
        cases = "\n---\n\n".join(_render_case(case) for case in rule["cases"])
        parts.append(f"## {rule['title']}\n\n{rule['about'].strip()}\n\n{cases}")
    return "\n".join(parts)


def _render_case(case: Mapping[str, str]) -> str:
    """Render one example: the criterion, its scenario, and the warning about it, if there is one."""
    warning = f"\nwith the warning: {case['warning']}\n" if "warning" in case else ""
    return _CASE.format(spec=case["spec"].strip("\n"), outcome=case["outcome"].strip("\n"), warning=warning)
