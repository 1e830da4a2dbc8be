"""Keep of HTML what a document needs; whatever could run, load or disguise something is taken out."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nh3 import Cleaner

_TAG_NAMES = """
    a abbr b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q s samp
    small span strong sub summary sup table tbody td th thead tr u ul var
"""
TAGS = frozenset(_TAG_NAMES.split())
"""The elements that stay. None of them loads anything."""

_ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}, "td": {"align"}, "th": {"align"}}
_SCHEMES = {"http", "https", "mailto"}
# Another site, or a place in the page itself; a path would lead away from it.
_ADDRESS = re.compile(r"(?i:https?://|mailto:).*|#[A-Za-z0-9_-]+", re.DOTALL)


def sanitize_html(html: str) -> str:
    """Take everything out of HTML that is not text, its structure, or a link to another site or within the page."""
    return load_cleaner().clean(html)


@cache
def load_cleaner() -> Cleaner:
    """Create the cleaner, which is the same for all documents."""
    # Only the page of `report` has HTML of an author.
    from nh3 import Cleaner

    return Cleaner(
        tags=TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        attribute_filter=lambda _, name, value: value if name != "href" or _ADDRESS.fullmatch(value) else None,
        link_rel="noopener noreferrer",
    )
