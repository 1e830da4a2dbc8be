"""Split off what comes before a criterion's demand: the label of a list item, or the title of a scenario.

The label becomes the name of the scenario, and only the demand becomes a step: `Lifecycle: state survives a restart`.
"""

from __future__ import annotations

import re

from spec2bdd.domain.gherkin.grammar.keywords import compile_label
from spec2bdd.text.lazy_patterns import compile_lazily

_SEPARATOR = r"(?:\s?[:\uff1a]\s?|\s[-\u2013\u2014]{1,2}\s)"
# A label is short, starts with a capital or a digit, and holds no punctuation of a sentence.
_LABEL = re.compile(
    rf"(?P<label>[^\W_a-z][^:\uff1a,.;!?\"\u201c<>\u3001\u3002\uff01\uff0c\uff1b\uff1f]{{0,59}}?){_SEPARATOR}\s*(?P<rest>\S.*)"
)
_MOST_WORDS = 6
_MOST_LABELS = 2
_BRACKETS = (("(", ")"), ("[", "]"), ('"', '"'))
# A word that makes a sentence of the words before the colon: "The user can choose: ...".
_VERB = compile_lazily(
    r"\b(?:an?|the|is|are|was|were|be|been|can|could|may|must|should|shall|will|has|have|had|does|do|not|if|when|then|given"
    r"|that|which|works?|returns?|shows?|supports?|allows?|includes?|contains?|follows?|displays?|uses?)\b",
    re.IGNORECASE,
)
# A rest that is incomplete without the label: a value, a limit or a list of names.
_FRAGMENT = compile_lazily(
    r"""
    [<>\u2264\u2265=~\u2248+/\\$\u20ac-]
    | \d
    | (?:under|within|below|above|over|between|up[ ]to|less[ ]than|more[ ]than|at[ ](?:least|most)|e\.g\.)\b
    | (?:[^\s,]+(?:[ ][^\s,]+){0,2},[ ])+(?:(?:and|or)[ ])?[^\s,]+(?:[ ][^\s,]+){0,2}$
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A rest that says how far the work is, or where to read more; the demand is what comes before it.
_WORK_NOTE = compile_lazily(
    r"""
    (?:(?:fully|partly|partially|already|now|not(?:[ ]yet)?|all)[ ]+)?
    (?:
        (?:see|needs?[ ]review|waiting[ ]for)\b
      | (?:
            done|implemented|completed?|finished|fixed|shipped|merged|released|delivered|verified|tested|checked
          | confirmed|covered|blocked|deferred|postponed|moved|dropped|planned|started|assigned|optional
          | out[ ]of[ ]scope|in[ ]progress|wip|to[ ]?do|tbd
        )
        (?:[ ]+yet)?
        (?:
            $ | \s*[(\[\#:,;] | [ ]+[\d\#@]
          | [ ]+(?:in|to|by|per|on|until|for|with|via|at|manually|pr|commit|phase|sprint|v\d)\b
        )
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What has to be in a text for it to have a label or a title. Most have neither, and these find that out sooner.
_SIGN = re.compile(r"[:\uff1a\u2013\u2014-]")
_KEYWORD = re.compile(r"[GgWw](?i:iven|hen)\b")
# The words before a Given or When that begins a sentence of its own.
_TITLE = re.compile(
    rf"(?P<title>\S.{{0,119}}?)(?:{_SEPARATOR}|[.!?]\s|\s(?=[(\[]))\s*(?P<rest>[(\[]?(?:given|when)\b.*)",
    re.IGNORECASE,
)


# An id without any punctuation after it: "AC-1 Given ...".
_ID_TITLE = re.compile(r"(?P<title>[A-Z]{1,8}[-_]?\d+(?:[._-]\d+)*)\s+(?P<rest>(?:[Gg]iven|GIVEN|[Ww]hen|WHEN)\b.*)")


def split_label(text: str) -> tuple[str, str]:
    """Split a text into its label and the demand after it; the label is empty if there is none.

    The demand may have a label too, as in `Step 7: Frontend: the list is shown`: then both are the label.
    """
    start = 0
    for _ in range(_MOST_LABELS if _SIGN.search(text) else 0):
        match = _LABEL.match(text, start)
        if not match or not _is_label(match):
            break
        start = match.start("rest")
    return text[:start].rstrip(" :\uff1a-\u2013\u2014"), text[start:]


def split_title(text: str) -> tuple[str, str]:
    """Split a text into a title and the sentence after it that begins with Given or When; the title may be empty."""
    match = (_TITLE.fullmatch(text) or _ID_TITLE.fullmatch(text)) if _KEYWORD.search(text) else None
    if not match:
        return "", text
    rest = match["rest"]
    if rest[0] in "([" and rest.endswith((")", "]")):
        rest = rest[1:-1]
    return match["title"].rstrip(" :-\u2013\u2014"), rest


def drop_scenario_keyword(text: str, language: str) -> str:
    """Drop a keyword such as `Scenario:` from the start of a name, unless nothing would remain."""
    for keyword in ("scenario", "outline"):
        if match := compile_label(language, keyword).fullmatch(text):
            return (match[1] or "").strip() or text
    return text


def _is_label(match: re.Match[str]) -> bool:
    """Whether the words before a separator are a label, and the rest can be understood without it."""
    label, rest = match["label"], match["rest"]
    if len(label.split()) > _MOST_WORDS or _VERB.search(label) or len(rest.split()) < 2:
        return False
    if _FRAGMENT.match(rest) or _WORK_NOTE.match(rest):
        return False
    # A colon without a space is part of a word, such as in `12:30`, `C:` or `app:start`.
    separator = match.string[match.end("label") : match.start("rest")]
    is_spaced = separator[-1:].isspace() or "\uff1a" in separator
    return is_spaced and all(label.count(opening) == label.count(closing) for opening, closing in _BRACKETS)
