"""Write the generated pages of the documentation, or with `--check` report those that are out of date.

Usage: python docs/scripts/generate.py [--check] [PAGE ...]

PAGE is a file of `docs/`, such as `commands.md`; without any, all generated pages are meant.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import codes_page
import commands_page
import configuration_page
import phrasing_page
import picture
import records_page
import tutorial_page

DOCS = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class GeneratedPage:
    """A page that is generated, as a whole or in parts.

    `render` takes the page as it is, since some pages have parts that are written by hand. `normalize` takes out of a
    page what may differ from run to run, before two versions of it are compared.
    """

    render: Callable[[str], str]
    normalize: Callable[[str], object] = str


PAGES: Mapping[str, GeneratedPage] = {
    "commands.md": GeneratedPage(commands_page.render_page),
    "configuration.md": GeneratedPage(configuration_page.render_page),
    "codes.md": GeneratedPage(codes_page.render_page),
    "records.md": GeneratedPage(records_page.render_page),
    "phrasing.md": GeneratedPage(phrasing_page.render_page),
    "tutorial.md": GeneratedPage(tutorial_page.render_page, tutorial_page.remove_times),
    "tutorial-openspec.md": GeneratedPage(tutorial_page.render_page, tutorial_page.remove_times),
    "tutorial-spec-kit.md": GeneratedPage(tutorial_page.render_page, tutorial_page.remove_times),
    "verify.svg": GeneratedPage(picture.render_page, picture.find_words),
}


def main(arguments: list[str]) -> int:
    """Generate pages, or check them; the exit code is 1 if a checked page is out of date."""
    parser = argparse.ArgumentParser(description="Write the generated pages of the documentation.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is out of date")
    parser.add_argument("pages", nargs="*", metavar="PAGE", help=f"one of {', '.join(PAGES)}")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.pages if name not in PAGES]:
        parser.error(f"`{unknown[0]}` is not a generated page")
    changed = [name for name in options.pages or PAGES if update_page(name, check=options.check)]
    for name in changed:
        sys.stdout.write(
            f"docs/{name} is out of date; run `make generated`\n" if options.check else f"wrote docs/{name}\n"
        )
    return int(options.check and bool(changed))


def update_page(name: str, *, check: bool) -> bool:
    """Write a page if it is out of date, or with `check` only compare it; return whether it was out of date."""
    path, page = DOCS / name, PAGES[name]
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    after = page.render(before)
    if page.normalize(before) == page.normalize(after):
        return False
    if not check:
        path.write_text(after, encoding="utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
