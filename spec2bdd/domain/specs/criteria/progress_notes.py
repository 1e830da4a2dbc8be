"""Strip notes of progress ("✅", "- DONE", "(open)") and evidence ("✅ 14 checked") from the text of a criterion."""

from __future__ import annotations

import re
from functools import cache

from spec2bdd.domain.specs.vocabulary import find_words, render_choice
from spec2bdd.model.values import dataclass
from spec2bdd.text.lazy_patterns import compile_lazily

_DATE = r"\(?\d{4}-\d\d-\d\d\)?"
# What may follow a state: where the work went, or when it will be resumed ("deferred to phase 2").
_PLACE = "phase|step|sprint|milestone|release|version|v?\\d|#|pr|future|next|later|user"
_WHERE = rf"(?i:(?:in|to|by|per|on|until)\s+(?:{_PLACE})\b)"

# Evidence after the text, without a sign: "(14 tests passed)", "- verified by hand".
_COUNTED = compile_lazily(
    r"\s*\((?:now\s+)?\d+(?:/\d+)?\s+(?:\w+\s+){0,2}(?:passed|passing|pass|checked|verified|green)\b[^()]*\)$",
    re.IGNORECASE,
)
_VERIFIED = compile_lazily(
    r"\s+[-\u2013\u2014]+\s+(?:verified|tested|checked|confirmed)\s+(?:by|in|on|with|via|manually|against)\b[^-\u2013\u2014]*$",
    re.IGNORECASE,
)
# The same with a date, or with what proves it by name: "- verified 2026-05-04", "(Evidence: tests/test_a.py)".
_DATED = compile_lazily(rf"\s+[-\u2013\u2014]+\s+(?:verified|tested|checked|confirmed)\s+{_DATE}$", re.IGNORECASE)
_NAMED = compile_lazily(
    r"(?:\s+[-\u2013\u2014]+\s+|[.;]\s+|\s+\()(?:evidence|proof|proved by|verified by|tested by|covered by)[:\uff1a]"
    r"\s\S.*$",
    re.IGNORECASE,
)
# What note-taking programs add at the end of a line: the id of a block, dates of a task, its priority.
_BLOCK_ID = re.compile(r"\s+\^(?=[\w-]*[A-Za-z])[A-Za-z0-9-]+$")
_TASK_NOTE = compile_lazily(
    rf"\s+(?:[\U0001f4c5\u23f3\U0001f6eb\u2795\U0001f6d1]\ufe0f?\s*{_DATE}|[\u23eb\u23ec\U0001f53a\U0001f53c\U0001f53d]\ufe0f?)$"
)
# What a sign in the middle of a text is followed by if evidence begins there, and what it is not preceded by: a text
# may be about the sign itself.
_EVIDENCE_START = r"(?=[\d#(]|(?i:verified|tested|checked|confirmed|see|done)\b)"
_ABOUT_SIGN = compile_lazily(
    r"(?:\b(?:an?|the|is|are|as|of|to|or|and|with|by|shows?|displays?|contains?|prints?|gets?|has|sign|icon)|[:,(\"'])$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _ProgressPatterns:
    """What is stripped from the start of a text, and the kinds of note that are stripped from its end."""

    lead: re.Pattern[str]
    loud_lead: re.Pattern[str]
    tails: tuple[re.Pattern[str], ...]
    evidence: re.Pattern[str]


def strip_leading_progress(text: str) -> str:
    """Strip signs such as a tick or a cross from the start of a text, unless nothing would remain."""
    # None of the signs is ASCII.
    if not text[:1].isascii():
        text = _compile_patterns().lead.sub("", text, count=1) or text
    if text[:1] != "[" and ":" not in text[:30]:
        return text
    return _compile_patterns().loud_lead.sub("", text, count=1) or text


def strip_trailing_progress(text: str) -> str:
    """Strip one note of progress from the end of a text, unless nothing would remain."""
    # Most texts have nothing that a note could begin or end with.
    has_sign = "-" in text or ":" in text or "^" in text or text.endswith((")", "]"))
    if not has_sign and text.isascii():
        return text
    for pattern in _compile_patterns().tails:
        if match := pattern.search(text):
            return text[: match.start()].rstrip() or text
    match = _compile_patterns().evidence.search(text)
    before = text[: match.start()].rstrip() if match else ""
    return before if " " in before and not _ABOUT_SIGN.search(before) else text


@cache
def _compile_patterns() -> _ProgressPatterns:
    """Compile the patterns for the signs and words of the vocabulary."""
    quiet, loud_words = find_words("states", "words"), find_words("states", "loud")
    quiet_capitalized, loud_capitalized = (
        render_choice(word[:1].upper() + word[1:] for word in words) for words in (quiet, loud_words)
    )
    sign = render_choice(find_words("states", "signs")) + "\ufe0f?"
    loud = render_choice(map(str.upper, (*quiet, *loud_words)))
    # In parentheses, words such as "done" count in any case; others, such as "pending", only with a capital.
    any_case = rf"(?:(?i:{render_choice(quiet)})|{loud_capitalized}|{loud})"
    capital = rf"(?:{quiet_capitalized}|{loud})"
    date = rf"(?:[:,]?\s*{_DATE})?"
    return _ProgressPatterns(
        lead=re.compile(rf"^(?:{sign}\s*)+(?=\S)"),
        # DONE: any words, [WIP] any words
        loud_lead=re.compile(rf"^(?:\[{loud}\]:?|{render_choice(map(str.upper, quiet))}:)\s+(?=\S)"),
        tails=(
            # (done), (✅ done 2026-01-31), (deferred to phase 2)
            re.compile(rf"\s*[(\uff08](?:{sign}\s*)?{any_case}(?:{date}|\s+{_WHERE}[^()]*)[)\uff09]$"),
            # (DONE - any words)
            re.compile(rf"\s*[(\uff08](?:{sign}\s*)?{loud}\s*[-\u2013\u2014:,\uff1a\uff0c]\s[^()]*[)\uff09]$"),
            # - DONE, - ✅ Done 2026-01-31 (any words)
            re.compile(rf"\s+[-\u2013\u2014]+\s+(?:{sign}\s*)?{capital}{date}(?:\s*\([^()]*\))?[.!]?$"),
            # [DONE]
            re.compile(rf"\s*\[{loud}\]$"),
            # ✅, ✅ done 2026-01-31; the limit keeps a row of thousands of signs from taking minutes
            re.compile(rf"\s+(?:{sign}\s*){{1,50}}(?:{any_case})?(?:\s*{_DATE})?$"),
            _COUNTED,
            _VERIFIED,
            _DATED,
            _NAMED,
            _BLOCK_ID,
            _TASK_NOTE,
        ),
        # ✅ 14 checked
        evidence=re.compile(rf"\s+(?:{sign}\s*){{1,50}}{_EVIDENCE_START}[^{''.join(find_words('states', 'signs'))}]*$"),
    )
