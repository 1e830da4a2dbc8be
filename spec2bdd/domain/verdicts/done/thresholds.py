"""Find the limit that the text of a done item names: a comparison with a number of percent or of seconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction

from spec2bdd.model.values import dataclass


class Comparison(StrEnum):
    """How a measured value has to compare with the number of a limit."""

    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Threshold:
    """A comparison with a number, and the words before both."""

    comparison: Comparison
    number: Fraction
    subject: str = ""

    def admits(self, value: Fraction) -> bool:
        """Whether a measured value keeps to the limit."""
        if self.comparison is Comparison.ABOVE:
            return value > self.number
        if self.comparison is Comparison.AT_LEAST:
            return value >= self.number
        return value < self.number if self.comparison is Comparison.BELOW else value <= self.number


# Not a part of a longer number or word: `3.5` is one number, and `v2` none.
_NUMBER = r"(?<![\w.,])(?P<number>\d+(?:[.,]\d+)*)"
_PERCENT = re.compile(rf"{_NUMBER}\s*(?:%|percent\b|per\s+cent\b|pct\b|prozent\b)", re.IGNORECASE)
# How many seconds each unit is; micro is written with `u` or either of the two signs that Unicode has for it.
_SECONDS: Mapping[str, Fraction] = {
    "ns|nanoseconds?": Fraction(1, 10**9),
    "[u\u00b5\u03bc]s|microseconds?": Fraction(1, 10**6),
    "ms|msecs?|milliseconds?|millis": Fraction(1, 1000),
    "s|secs?|seconds?": Fraction(1),
    "mins?|minutes?": Fraction(60),
}
_DURATION = re.compile(rf"{_NUMBER}\s*(?P<unit>{'|'.join(_SECONDS)})\b", re.IGNORECASE)

# The phrases before a number, each table with what it means. The negated ones come first: "not below" says the opposite
# of "below".
_BEFORE_NUMBER: Mapping[str, Comparison] = {
    r">=|=>|\u2265|at\s+least|min(?:imum)?(?:\s+of)?|min\.|(?:no|not)\s+(?:less|lower|fewer)\s+than"
    r"|(?:not|never)\s+(?:\w+\s+){0,2}(?:below|under)": Comparison.AT_LEAST,
    r"<=|=<|\u2264|at\s+most|max(?:imum)?(?:\s+of)?|max\.|within|up\s+to|(?:no|not)\s+(?:more|longer|slower)\s+than"
    r"|(?:not|never)\s+(?:\w+\s+){0,2}(?:above|over|exceed(?:s|ing)?)": Comparison.AT_MOST,
    r">|above|over|more\s+than|greater\s+than|higher\s+than|exceed(?:s|ing)?": Comparison.ABOVE,
    r"<|below|under|less\s+than|lower\s+than|faster\s+than|shorter\s+than|quicker\s+than": Comparison.BELOW,
}
# Each phrase ends right before the number, and does not begin inside of a word or of another sign.
_PATTERNS_BEFORE = [
    (re.compile(rf"(?:^|(?<![\w<>=]))(?:{phrases})\s*$", re.IGNORECASE), comparison)
    for phrases, comparison in _BEFORE_NUMBER.items()
]
# The phrases after a number: "85 % or more", "85%+", "2 s or less".
_PATTERNS_AFTER = [
    (re.compile(r"\s*(?:\+|(?:or|and)\s+(?:more|higher|above|better|over)\b)", re.IGNORECASE), Comparison.AT_LEAST),
    (re.compile(r"\s*(?:or|and)\s+(?:less|lower|below|faster|under)\b", re.IGNORECASE), Comparison.AT_MOST),
]
# A percentage without a comparison is a limit only if it cannot be anything else: "by 5 %" is none.
_BARE_COVERAGE = re.compile(
    r"""
    (?: ^                                              # nothing comes before the number
      | coverage (?: \s+ (?: of | is | at | reaches ) )?  # "coverage 85 %", "coverage of 85 %"
      | [:=]                                           # "coverage (lines): 85 %"
    ) \s* $
    """,
    re.IGNORECASE | re.VERBOSE,
)


def find_percent(text: str) -> Threshold | None:
    """Find the one percentage that a text requires; nothing if it has none, several, or no comparison."""
    limit = _find_limit(text, _PERCENT)
    # An upper limit, such as "less than 5 % duplication", is not about coverage.
    if limit is None or limit.comparison not in (Comparison.ABOVE, Comparison.AT_LEAST) or limit.number > 100:
        return None
    return limit


def find_duration(text: str) -> Threshold | None:
    """Find the one duration in seconds that a text allows; nothing if it has none, or several."""
    limit = _find_limit(text, _DURATION)
    # A lower limit, such as "runs at least 10 s", is not about speed.
    return limit if limit and limit.comparison in (Comparison.BELOW, Comparison.AT_MOST) else None


def _find_limit(text: str, pattern: re.Pattern[str]) -> Threshold | None:
    """Find the limit at the only number of its kind."""
    matches = list(pattern.finditer(text))
    # "from 80 to 90 %" or "80 % of lines, 70 % of branches": which number counts is not clear.
    if len(matches) != 1:
        return None
    (match,) = matches
    before, after = text[: match.start()], text[match.end() :]
    # A comma before exactly three digits separates thousands, any other is a decimal point; a second point is dropped.
    plain = re.sub(r",(?=\d{3}(?:\D|$))", "", match["number"]).replace(",", ".")
    whole, _, rest = plain.partition(".")
    number = Fraction(f"{whole}.{rest.replace('.', '')}" if rest else whole)
    if unit := match.groupdict().get("unit"):
        number *= next(value for names, value in _SECONDS.items() if re.fullmatch(names, unit, re.IGNORECASE))
    for pattern_before, comparison in _PATTERNS_BEFORE:
        if phrase := pattern_before.search(before):
            return Threshold(comparison, number, before[: phrase.start()])
    after_number = next((comparison for phrase, comparison in _PATTERNS_AFTER if phrase.match(after)), None)
    if after_number is None and pattern is _PERCENT and _BARE_COVERAGE.search(before):
        after_number = Comparison.AT_LEAST
    return Threshold(after_number, number, before) if after_number else None


_STATISTIC = re.compile(
    r"""
    \b (?: p (?P<p>\d{1,2})                                          # p95
       | (?P<th>\d{1,2}) (?:st|nd|rd|th) \s+ percentile             # 95th percentile
       | (?P<word> mean | average | avg | median | max (?:imum)? )
    ) \b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_STATISTIC_NAMES = {"average": "mean", "avg": "mean", "maximum": "max"}


def find_statistic(subject: str) -> str:
    """Find the statistic that the words before a limit name, or nothing."""
    match = _STATISTIC.search(subject)
    if match is None:
        return ""
    word = (match["word"] or "").lower()
    return _STATISTIC_NAMES.get(word, word) or f"p{int(match['p'] or match['th'])}"
