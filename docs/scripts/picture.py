"""Render `verify.svg`, the picture in the README: what `spec2bdd verify` prints for the chat example, in color.

The example is copied without its third spec and with a fixed search, so that one spec is promoted and one demoted. Two
pictures are compared by their words only, because Rich's layout may differ between its versions.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "chat"
COMMAND = "spec2bdd verify"
WIDTH = 96
CHECKS_FAILED = 1
ENVIRONMENT = {
    "FORCE_COLOR": "1",
    "COLUMNS": str(WIDTH),
    "PYTHONPATH": str(ROOT),
    # Which expressions a traceback marks with carets depends on the version of Python, so no expression is marked.
    "PYTHONNODEBUGRANGES": "1",
    # Bytecode that is written without these ranges must not replace the bytecode of this package.
    "PYTHONDONTWRITEBYTECODE": "1",
}

PLAIN, BRIGHT, GREY, BACKGROUND = (201, 209, 217), (240, 246, 252), (110, 118, 129), (22, 27, 34)
COLOURS = [(255, 123, 114), (86, 211, 100), (227, 179, 65), (121, 192, 255), (210, 168, 255), (86, 212, 221)]
THEME = TerminalTheme(BACKGROUND, PLAIN, [BACKGROUND, *COLOURS, PLAIN], [GREY, *COLOURS, BRIGHT])

# Rich's own frame loads a font from the network. Any monospaced font works: every piece of text has its length set.
FRAME = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" role="img" xmlns="http://www.w3.org/2000/svg">
<title>Output of `spec2bdd verify`: specs, their boxes, a failure, and the summary</title>
<style>
.{unique_id}-matrix {{
    font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
    font-size: {char_height}px;
    line-height: {line_height}px;
    white-space: pre;
}}
.{unique_id}-title {{ font: 600 16px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def render_page(_: str = "") -> str:
    """Run the example and render the picture."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "chat"
        copy_example(project)
        run_command(project, "generate")
        verified = run_command(project, "verify")
    if verified.returncode != CHECKS_FAILED:
        raise SystemExit(f"`{COMMAND}` exited with {verified.returncode}, expected {CHECKS_FAILED}\n{verified.stderr}")
    return render_picture(verified.stdout)


def find_words(picture: str) -> list[str]:
    """Return the words of a picture, in their order, without durations, which differ from run to run."""
    text = html.unescape(" ".join(re.findall(r"<text[^>]*>([^<]*)</text>", picture)))
    return re.sub(r"\b\d+(?:\.\d+)?\s?m?s\b", "", text).split()


def copy_example(project: Path) -> None:
    """Copy the example without its third spec and the steps of it, and fix the search."""
    ignored = shutil.ignore_patterns("__pycache__", ".spec2bdd", "features", "1.3-*.md", "keeping_*_steps.py")
    shutil.copytree(EXAMPLE, project, ignore=ignored)
    search = project / "chatstore" / "search.py"
    text = search.read_text(encoding="utf-8")
    fixed = text.replace("words in message.text", "words.casefold() in message.text.casefold()")
    search.write_text(fixed, encoding="utf-8")


def run_command(project: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of spec2bdd in the project, in color."""
    variables = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    environment = {**variables, **ENVIRONMENT}
    arguments = [sys.executable, "-m", "spec2bdd", command]
    return subprocess.run(arguments, cwd=project, env=environment, capture_output=True, text=True, check=False)


def render_picture(output: str) -> str:
    """Return the picture of a terminal that shows the command and its output."""
    console = Console(
        record=True, width=WIDTH + 2, file=StringIO(), force_terminal=True, color_system="truecolor", soft_wrap=True
    )
    console.print("", Text.assemble(("$ ", "bright_black"), (COMMAND, "bold")), "", sep="\n ")
    for line in Text.from_ansi(output.rstrip("\n")).split("\n", allow_blank=True):
        console.print(Text(" ").append_text(line))
    console.print("")
    # A fixed id, so that the same output gives the same picture.
    picture = console.export_svg(title=COMMAND, theme=THEME, code_format=FRAME, unique_id="verify")
    return "".join(line.rstrip() + "\n" for line in picture.splitlines())
