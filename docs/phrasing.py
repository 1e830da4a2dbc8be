"""Write `phrasing.md` from the test cases of phrasing and the specs of the demo; `--check` only compares."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

from spec2bdd.commands.generate import generate
from spec2bdd.config import read_config

HERE = Path(__file__).resolve().parent
PAGE = HERE / "phrasing.md"
DEMO = HERE.parent / "examples" / "chat"
CASES = HERE.parent / "tests" / "domain" / "gherkin" / "data" / "phrasing.toml"

_HEAD = """\
# Phrasing

<!-- Generated from `tests/domain/gherkin/data/phrasing.toml` by `make picture`; edit it there. -->

How a criterion becomes steps, rule by rule; the tests hold every example of this page. The best source wins: a block of
Gherkin or bullets below the criterion; *given*, *when* and *then* in its sentence; a requirement as EARS has them; a
leading condition; else one `Then`. No words are added, and only the keywords and commas between the parts are dropped.
"""
# GitHub renders Markdown in a table cell only between blank lines. A spec may contain backtick fences, hence tildes.
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
    """Write the page, or with `--check` report whether it is up to date; the exit code is 1 if it is not."""
    if "--check" not in arguments:
        PAGE.write_text(render_page(), encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == render_page():
        return 0
    sys.stdout.write(f"{PAGE.name} is out of date; run `make picture`\n")
    return 1


def render_page() -> str:
    """Render the whole page."""
    parts = [_HEAD]
    # Each rule is a section with a table, and each of its cases a row.
    for rule in tomllib.loads(CASES.read_text(encoding="utf-8"))["rule"]:
        rows = ""
        for case in rule["cases"]:
            warning = f"\nwarning: {case['warning']}\n" if "warning" in case else ""
            rows += _ROW.format(spec=case["spec"].strip("\n"), outcome=case["outcome"].strip("\n"), warning=warning)
        head = f"## {rule['title']}\n\n{rule['about'].strip()}\n\n"
        parts.append(f"{head}<table>\n<tr><th>criterion</th><th>outcome</th></tr>\n{rows}</table>\n")
    return "\n".join([*parts, *_render_demo()])


def _render_demo() -> list[str]:
    """Render the criteria of each spec of the demo, and the whole feature that is generated from them."""
    parts = [
        "## Three whole features\n\nThe specs of [the demo](../examples/chat/README.md), and what is made of them.\n"
    ]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "chat"
        # The committed features would be read as manifests, so they are generated from scratch.
        shutil.copytree(DEMO, root, ignore=shutil.ignore_patterns("features", ".spec2bdd"))
        generate(read_config(root))
        for path, feature in zip(sorted(root.glob("specs/*.md")), sorted(root.glob("features/*.feature")), strict=True):
            spec = path.read_text("utf-8")
            name = re.search(r"^name: (.*)$", spec, re.MULTILINE)
            # The section up to the next heading of its level.
            criteria = re.search(r"^## Acceptance Criteria\n.*?(?=^## )", spec, re.DOTALL | re.MULTILINE)
            if not name or not criteria:
                raise SystemExit("a spec of the demo has no name or no criteria")
            code = f"```gherkin\n{feature.read_text('utf-8')}```\n"
            parts.append(f"### {name[1]}\n\n~~~markdown\n{criteria[0].strip()}\n~~~\n\n{code}")
    return parts


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
