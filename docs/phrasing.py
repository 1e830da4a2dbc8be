"""The cases of the rules of phrasing and the specs of the demo in, `phrasing.md` out; `--check` only compares."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from spec2bdd.commands.generate import generate
from spec2bdd.config import read_config

HERE = Path(__file__).resolve().parent
PAGE = HERE / "phrasing.md"
DEMO = HERE.parent / "examples" / "chat"
CASES = HERE.parent / "tests" / "domain" / "gherkin" / "data" / "phrasing.toml"

_HEAD = """\
# Phrasing

<!-- Made from `tests/domain/gherkin/data/phrasing.toml` by `make picture`: change it there. -->

How a criterion becomes steps, rule by rule; the tests hold every example of this page. The best source wins: a block of
Gherkin or bullets below the criterion; *given*, *when* and *then* in its sentence; a requirement as EARS has them; a
leading *when*; else one `Then`. No word is added, and none of the criterion is lost but the keywords and commas between
the parts.
"""
_ROW = """\
<tr><td>

~~~markdown
{spec}
~~~

</td><td>

```gherkin
{outcome}
```
{warning}
</td></tr>
"""


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is up to date; 1 if it is not."""
    if "--check" not in arguments:
        PAGE.write_text(render_page(), encoding="utf-8")
        return 0
    same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == render_page()
    if not same:
        sys.stdout.write(f"{PAGE.name} is not what the cases say\n")
    return int(not same)


def render_page() -> str:
    """Return the whole page."""
    rules = tomllib.loads(CASES.read_text(encoding="utf-8"))["rule"]
    return "\n".join([_HEAD, *map(_render_rule, rules), *_render_demo()])


def _render_rule(rule: dict[str, Any]) -> str:
    """Return one rule with its cases side by side."""
    rows = "".join(map(_render_case, rule["cases"]))
    head = f"## {rule['title']}\n\n{rule['about'].strip()}\n\n"
    return f"{head}<table>\n<tr><th>criterion</th><th>outcome</th></tr>\n{rows}</table>\n"


def _render_case(case: dict[str, str]) -> str:
    """Return one case as a row of the table."""
    warning = f"\nwarning: {case['warning']}\n" if "warning" in case else ""
    return _ROW.format(spec=case["spec"].strip("\n"), outcome=case["outcome"].strip("\n"), warning=warning)


def _render_demo() -> list[str]:
    """Return the criteria of each spec of the demo, and the whole feature that is made of them."""
    parts = [
        "## Three whole features\n\nThe specs of [the demo](../examples/chat/README.md), and what is made of them.\n"
    ]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "chat"
        shutil.copytree(DEMO, root, ignore=shutil.ignore_patterns("features", ".spec2bdd"))
        generate(read_config(root))
        pairs = zip(sorted(root.glob("specs/*.md")), sorted(root.glob("features/*.feature")), strict=True)
        parts += [_render_pair(spec.read_text("utf-8"), feature.read_text("utf-8")) for spec, feature in pairs]
    return parts


def _render_pair(spec: str, feature: str) -> str:
    """Return the criteria of a spec and its feature below each other."""
    name = re.search(r"^name: (.*)$", spec, re.MULTILINE)
    criteria = re.search(r"^## Acceptance Criteria\n.*?(?=^## )", spec, re.DOTALL | re.MULTILINE)
    if not name or not criteria:
        raise SystemExit("a spec of the demo has no name or no criteria")
    return f"### {name[1]}\n\n~~~markdown\n{criteria[0].strip()}\n~~~\n\n```gherkin\n{feature}```\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
