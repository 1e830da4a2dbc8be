"""Parts of a page that are generated, between two comments, in a page that is written by hand otherwise."""

from __future__ import annotations

import re


def replace_part(page: str, name: str, part: str) -> str:
    """Replace what is between the comments `<!-- generated: NAME -->` and `<!-- end of NAME -->`.

    Raises:
        SystemExit: the page does not have exactly one such pair of comments.
    """
    begin, end = f"<!-- generated: {name} -->\n", f"<!-- end of {name} -->\n"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    page, count = pattern.subn(lambda _: f"{begin}\n{part.strip()}\n\n{end}", page)
    if count != 1:
        raise SystemExit(f"the page has {count} parts `{name}`, expected one")
    return page
