"""The words of a done item in, the limit that it sets out: a comparison and a number of percent or of seconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Comparison(StrEnum):
    """How a measured value has to stand to the number of a limit."""

    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="


@dataclass(frozen=True, slots=True)
class Threshold:
    """A comparison with a number, and the words in front of both."""

    comparison: Comparison
    number: Fraction
    subject: str = ""

    def admits(self, value: Fraction) -> bool:
        """Tell whether a measured value keeps to the limit."""
        if self.comparison is Comparison.ABOVE:
            return value > self.number
        if self.comparison is Comparison.AT_LEAST:
            return value >= self.number
        return value < self.number if self.comparison is Comparison.BELOW else value <= self.number


_NUMBER = r"(?<![\w.,])(?P<number>\d+(?:[.,]\d+)*)"
_PERCENT = re.compile(rf"{_NUMBER}\s*(?:%|percent\b|per\s+cent\b|pct\b|prozent\b)", re.IGNORECASE)
_SECONDS: Mapping[str, Fraction] = {
    "ns|nanoseconds?": Fraction(1, 10**9),
    "[u\u00b5\u03bc]s|microseconds?": Fraction(1, 10**6),
    "ms|msecs?|milliseconds?|millis": Fraction(1, 1000),
    "s|secs?|seconds?": Fraction(1),
    "mins?|minutes?": Fraction(60),
}
_DURATION = re.compile(rf"{_NUMBER}\s*(?P<unit>{'|'.join(_SECONDS)})\b", re.IGNORECASE)

# The longer phrases come first: "not below" says the opposite of "below".
_IN_FRONT: Mapping[str, Comparison] = {
    r">=|=>|\u2265|at\s+least|min(?:imum)?(?:\s+of)?|min\.|(?:no|not)\s+(?:less|lower|fewer)\s+than"
    r"|(?:not|never)\s+(?:\w+\s+){0,2}(?:below|under)": Comparison.AT_LEAST,
    r"<=|=<|\u2264|at\s+most|max(?:imum)?(?:\s+of)?|max\.|within|up\s+to|(?:no|not)\s+(?:more|longer|slower)\s+than"
    r"|(?:not|never)\s+(?:\w+\s+){0,2}(?:above|over|exceed(?:s|ing)?)": Comparison.AT_MOST,
    r">|above|over|more\s+than|greater\s+than|higher\s+than|exceed(?:s|ing)?": Comparison.ABOVE,
    r"<|below|under|less\s+than|lower\s+than|faster\s+than|shorter\s+than|quicker\s+than": Comparison.BELOW,
}
_FRONTS = [
    (re.compile(rf"(?:^|(?<![\w<>=]))(?:{words})\s*$", re.IGNORECASE), meaning) for words, meaning in _IN_FRONT.items()
]
_BEHIND = [
    (re.compile(r"\s*(?:\+|(?:or|and)\s+(?:more|higher|above|better|over)\b)", re.IGNORECASE), Comparison.AT_LEAST),
    (re.compile(r"\s*(?:or|and)\s+(?:less|lower|below|faster|under)\b", re.IGNORECASE), Comparison.AT_MOST),
]
# Where a number stands alone it is a limit only if it cannot be anything else: "by 5 %" is none.
_BARE_COVERAGE = re.compile(r"(?:^|coverage(?:\s+(?:of|is|at|reaches))?|[:=])\s*$", re.IGNORECASE)


def find_percent(text: str) -> Threshold | None:
    """Return the one percentage that a text asks for, or nothing where it has none, several, or says no comparison."""
    limit = _find_limit(text, _PERCENT)
    if limit is None or limit.comparison not in (Comparison.ABOVE, Comparison.AT_LEAST) or limit.number > 100:
        return None
    return limit


def find_duration(text: str) -> Threshold | None:
    """Return the one duration in seconds that a text allows, or nothing where it has none, or several."""
    limit = _find_limit(text, _DURATION)
    return limit if limit and limit.comparison in (Comparison.BELOW, Comparison.AT_MOST) else None


def _find_limit(text: str, pattern: re.Pattern[str]) -> Threshold | None:
    """Return the limit at the only number of its kind."""
    matches = list(pattern.finditer(text))
    if len(matches) != 1:
        return None
    (match,) = matches
    before, after = text[: match.start()], text[match.end() :]
    number = _parse_number(match["number"]) * _find_unit(match.groupdict().get("unit"))
    fronts = ((front.search(before), meaning) for front, meaning in _FRONTS)
    found = next(((place, meaning) for place, meaning in fronts if place), None)
    if found:
        return Threshold(found[1], number, before[: found[0].start()])
    behind = next((meaning for words, meaning in _BEHIND if words.match(after)), None)
    if behind is None and pattern is _PERCENT and _BARE_COVERAGE.search(before):
        behind = Comparison.AT_LEAST
    return Threshold(behind, number, before) if behind else None


def _parse_number(text: str) -> Fraction:
    """Return a number; a comma before exactly three digits parts thousands, any other is a decimal point."""
    plain = re.sub(r",(?=\d{3}(?:\D|$))", "", text).replace(",", ".")
    whole, _, rest = plain.partition(".")
    return Fraction(f"{whole}.{rest.replace('.', '')}" if rest else whole)


def _find_unit(name: str | None) -> Fraction:
    """Return how many seconds a unit is; a percentage has none."""
    if name is None:
        return Fraction(1)
    return next(value for names, value in _SECONDS.items() if re.fullmatch(names, name, re.IGNORECASE))


_STATISTIC = re.compile(
    r"\b(?:p(?P<p>\d{1,2})|(?P<th>\d{1,2})(?:st|nd|rd|th)\s+percentile|(?P<word>mean|average|avg|median|max(?:imum)?))\b",
    re.IGNORECASE,
)
_STATISTIC_NAMES = {"average": "mean", "avg": "mean", "maximum": "max"}


def find_statistic(subject: str) -> str:
    """Return the statistic that the words in front of a limit name, or nothing."""
    match = _STATISTIC.search(subject)
    if match is None:
        return ""
    word = (match["word"] or "").lower()
    return _STATISTIC_NAMES.get(word, word) or f"p{int(match['p'] or match['th'])}"
