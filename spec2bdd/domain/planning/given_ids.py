"""The ids that authors give criteria in comments: suggest one, and report what is not one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from operator import attrgetter

from spec2bdd.domain.specs.criteria.annotations import GIVEN_ID
from spec2bdd.model import Diagnostic, Severity, Spec
from spec2bdd.text.markdown_lines import LineKind, split_markdown_lines
from spec2bdd.text.slugs import slugify, slugify_words

# The limits keep the time linear for hostile texts.
_COMMENT = re.compile(r"<!--[ \t]{0,9}id:(?P<id>[^\n>]{0,200}?)-->", re.IGNORECASE)
_LOOK_BEHIND = 2000
_MOST_CHARACTERS = 30


def suggest_id_comment(text: str) -> str:
    """Suggest a comment with an id that is made from the text of a criterion."""
    slug = slugify(slugify_words(text), limit=_MOST_CHARACTERS).replace("_", "-")
    return f"<!-- id: {slug} -->"


def describe_bad_ids(spec: Spec) -> Iterator[Diagnostic]:
    """Yield a warning for each comment in a criterion that should be its id and cannot be one."""
    bad = [match for match in _COMMENT.finditer(spec.text) if not GIVEN_ID.fullmatch(match["id"].strip())]
    # Nearly no spec has any.
    if not bad:
        return
    document = split_markdown_lines(spec.path, spec.text)
    for match in bad:
        number, column = document.find_place(match.start())
        line = document.lines[number - 1]
        before = line.text[max(column - 1 - _LOOK_BEHIND, 0) : column - 1]
        above = bisect_right(spec.criteria, number, key=attrgetter("line"))
        # Code only shows what a comment looks like.
        if not above or line.kind is LineKind.CODE or before.count("`") % 2:
            continue
        criterion = spec.criteria[above - 1]
        item = document.lines[criterion.line - 1]
        between = document.lines[item.number : number]
        if all(other.kind is LineKind.BLANK or other.indent > item.indent for other in between):
            name = match["id"].strip()
            message = f"`{name}` cannot be the id of a criterion" if name else "this comment names no id"
            hint = f"write one word, such as `{suggest_id_comment(criterion.text)}`"
            yield Diagnostic(spec.path, number, column, Severity.WARNING, "bad-id", message, hint)
