"""Split the text of a criterion into weighted words, to compare it with other texts."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from functools import cache
from pathlib import Path

from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import to_comparison_key, to_single_line

_TOKEN = re.compile(
    r"""
    \d+ (?: [.,:/] \d+ )* %?                    # a number with its separators, or a percentage
    |
    [^\W\d_]+ (?: ['\u2019] [^\W\d_]+ )?        # a word, possibly with an apostrophe inside
    """,
    re.VERBOSE,
)
_QUOTED = re.compile(
    r"""
    ["\u201c\u201e\u00ab]                       # opening quotes: straight, English, German, French
    ( [^"\u201c-\u201e\u00ab\u00bb]+ )
    ["\u201c\u201d\u00bb]                       # closing quotes; the German ones are the English opening ones
    """,
    re.VERBOSE,
)
# A word in a script that puts no spaces between words.
_SPACELESS = re.compile(
    "["
    r"\u0e00-\u0eff"  # Thai and Lao
    r"\u3040-\u30ff"  # Hiragana and Katakana
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Chinese characters
    "]+"
)
# English endings, and the doubled consonant before them: `stopped` is `stop`.
_ENDING = re.compile(r"(?:ings?|e[ds]?|s|ly)$")
_DOUBLED = re.compile(r"([bgmnprt])\1$")
# The short forms of `not`, as in "don't" and "cannot".
_SHORT_NOT = re.compile(r"n['\u2019]t\b|(?<=\bcan)not\b")
# Negations in Chinese, Japanese and Korean, which are parts of words.
_NEGATION_SIGNS = re.compile(r"[不没沒無无未非]|ない|ません|ず(?=に)|않|없|아니|말아야")

# The weights: a change of a number is certainly another requirement, a change of an article hardly. A text without
# spaces is cut into overlapping pairs of characters, about two of which make a word.
_WORD, _SMALL, _HEAVY, _PAIR = 4, 1, 8, 2


@dataclass(frozen=True, slots=True)
class WeightedTokens:
    """The words of a text with their weights, the total weight, and the number of negations."""

    words: Mapping[str, int]
    weight: int
    negations: int


@dataclass(frozen=True, slots=True)
class _WordTables:
    """The tables of `tokens.toml`, of all languages together; `opposites` has the stems that exclude each stem."""

    function_words: frozenset[str]
    negations: frozenset[str]
    negating_prefixes: frozenset[str]
    opposites: Mapping[str, frozenset[str]]


def parse_tokens(text: str) -> WeightedTokens:
    """Split a text into weighted words; endings, letter case and typography make no difference."""
    tables = _load_tables()
    # A comparison key has no apostrophes, so the short forms of `not` are written out first.
    line = _SHORT_NOT.sub(" not", to_single_line(text).casefold())
    words = _TOKEN.findall(to_comparison_key(line))
    weights: Counter[str] = Counter()
    for word in words:
        for part, weight in _weigh(word, tables):
            weights[part] += weight
    # Quoted text counts once more as a whole. The quote in its key keeps it apart from words.
    for quoted in _QUOTED.findall(line):
        weights[f'"{to_comparison_key(quoted)}'] += _WORD
    negations = len(_NEGATION_SIGNS.findall(line)) + sum(word in tables.negations for word in words)
    return WeightedTokens(weights, weights.total(), negations)


def are_opposed(first: WeightedTokens, second: WeightedTokens, *, lost: Set[str], gained: Set[str]) -> bool:
    """Whether two texts are two requirements though they share most words: one negates, or says the opposite."""
    if first.negations != second.negations:
        return True
    tables = _load_tables()
    if any(tables.opposites.get(word, frozenset()) & gained for word in lost):
        return True
    # `invalid` in place of `valid`, or the reverse.
    return any(
        len(plain) > 2 and prefixed.endswith(plain) and prefixed.removesuffix(plain) in tables.negating_prefixes
        for old in lost
        for new in gained
        for prefixed, plain in ((old, new), (new, old))
    )


def is_typo(first: str, second: str) -> bool:
    """Whether two words differ by one additional letter or by two letters that are swapped."""
    if first[0] != second[0] or abs(len(first) - len(second)) > 1 or len(first) < 5:
        return False
    if not (first + second).isalpha():
        return False
    short, long = sorted((first, second), key=len)
    # From the first difference on, the rest must be the same without one letter, or with two swapped.
    start = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = long[start : start + 2][::-1]
    return short[start:] == swapped + long[start + 2 :]


def _weigh(word: str, tables: _WordTables) -> Iterator[tuple[str, int]]:
    """Yield the parts that a word counts as, with their weights: nearly always one, its stem."""
    if word[0].isdigit():
        yield word, _HEAVY
    elif word in tables.function_words or word in tables.negations:
        yield word, _SMALL
    elif _SPACELESS.fullmatch(word) and len(word) > 1:
        yield from ((word[n : n + 2], _PAIR) for n in range(len(word) - 1))
    elif len(word) < 4:
        yield word, _WORD
    else:
        # A rough stem is enough: `carries`, `carry` and `carried` all become `carri`.
        stem = _ENDING.sub("", word)
        stem = _DOUBLED.sub(r"\1", stem) if stem != word else stem
        yield (stem.removesuffix("e").replace("y", "i") if len(stem) > 2 else word), _WORD


@cache
def _load_tables() -> _WordTables:
    """Load the tables of words; the file belongs to the package and is read once, when texts are compared."""
    data = tomllib.loads(Path(__file__).with_name("tokens.toml").read_text(encoding="utf-8"))
    words = {name: [word for text in table.values() for word in text.split()] for name, table in data.items()}
    groups = words.pop("opposites")
    plain = _WordTables(**{name: frozenset(table) for name, table in words.items()}, opposites={})
    # Opposites are looked up by the parts that texts are split into.
    opposites: defaultdict[str, set[str]] = defaultdict(set)
    for group in groups:
        stems = [next(_weigh(word, plain))[0] for word in group.split("/")]
        for stem in stems:
            opposites[stem].update(other for other in stems if other != stem)
    return replace(plain, opposites={stem: frozenset(others) for stem, others in opposites.items()})
