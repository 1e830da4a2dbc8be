"""Check the wording of criteria: words that no test can decide, and several requirements in one criterion."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.model import Criterion, Diagnostic, Spec, Tier
from spec2bdd.model.values import dataclass
from spec2bdd.text.markdown_lines import MarkdownLines

# Data, not the author's own wording: it is masked before anything is looked for.
_DATA = re.compile(
    r"""
    (?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)  # a code span ends at as many backticks as it began with
    | <!--.*?-->
    | \]\([^()\s]*\)                            # the target of a link
    | https?://\S+
    | "[^"\n]*"
    | \u201c[^\u201d\n]*\u201d
    | \u00ab[^\u00bb\n]*\u00bb
    | (?<!\w)'[^'\n]*'(?!\w)                    # single quotes, but not two apostrophes
    """,
    re.DOTALL | re.VERBOSE,
)
# "As an admin, I want ...": who wants something.
_USER_STORY = re.compile(
    r"[\s*_]*as\s+(?:an?|the)\s[^,.]{1,80},?[\s*_]*i\s+(?:want|would|can|need|should|must|am)\b", re.I
)
# What follows in one criterion is not looked at: the longest of a person is less than a tenth of it.
_MOST_CHARACTERS = 10_000
# A criterion in Gherkin's own words may have several steps.
_STEPS = re.compile(r"[\s*_]*(?:given|scenario)\b", re.IGNORECASE)
# A condition in front of the demand, up to its comma.
_CONDITION = re.compile(
    r"""
    [\s*_]*
    (?:after|as\ (?:long|soon)\ as|because|before|if|once|since|unless|until|when|whenever|where|while)\b
    [^,]*,
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Where an `and` joins no demands: in brackets, in "between x and y", and in a subordinate clause, which is taken to
# reach to the end.
_ASIDE = re.compile(
    r"""
    \([^()]*\)
    | \b(?:between|both)\b(?:[^.;:]*?\band\b)?
    | \b(?:if|once|that|unless|until|when|where|which|while|who|whose)\b.*
    """,
    re.DOTALL | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Words:
    """The word lists of `words.toml`, ready for use: `hints` holds the hint of each vague word."""

    hints: Mapping[str, str]
    measurable: frozenset[str]
    vague_word: re.Pattern[str]
    several_requirements: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _ItemText:
    """The text after a box, with data masked by underscores; `start` is the offset of its first character."""

    text: str
    start: int


def check_wording(spec: Spec, document: MarkdownLines) -> Iterator[Diagnostic]:
    """Check every criterion that scenarios have to prove."""
    for criterion in spec.criteria:
        if criterion.tier is Tier.WONT or criterion.waived:
            continue
        # To the end of the item, wrapped lines included.
        start = criterion.start
        last = document.lines[document.find_extent(criterion.line)[1] - 1]
        end = min(last.start + len(last.text), start + _MOST_CHARACTERS)
        item = _ItemText(_DATA.sub(_mask, document.text[start:end]), start)
        if _USER_STORY.match(item.text):
            message = "this is a user story; it does not say what must hold"
            at = (criterion.line, criterion.column)
            yield build_diagnostic("user-story", message, path=document.path, at=at)
        # A person can judge what a test cannot.
        if not criterion.manual:
            yield from _check_vague_words(document, item)
        yield from _check_several_requirements(document, item, criterion)


def _check_vague_words(document: MarkdownLines, item: _ItemText) -> Iterator[Diagnostic]:
    """Report each vague word once, unless a number makes it exact or it is part of a name."""
    words = _load_words()
    reported: set[str] = set()
    has_number = any(char.isdigit() for char in item.text)
    for match in words.vague_word.finditer(item.text):
        phrase = " ".join(match[0].split())
        key = phrase.casefold().replace("-", " ")
        # `Smooth` within a sentence is a name, `SMOOTH` is emphasis, and the first word of a criterion is neither.
        is_capitalized = match[0][0].isupper() and not match[0].isupper()
        is_name = is_capitalized and re.search(r"\w", item.text[: match.start()]) is not None
        if match["term"] or is_name or key in reported or (has_number and key in words.measurable):
            continue
        reported.add(key)
        message = f"`{phrase}` is vague, so no test can check it"
        at = document.find_place(item.start + match.start())
        yield build_diagnostic("vague-word", message, path=document.path, at=at, hint=words.hints[key])


def _check_several_requirements(document: MarkdownLines, item: _ItemText, criterion: Criterion) -> Iterator[Diagnostic]:
    """Report an `and` that joins two things that are, or are done; conditions do not count."""
    if criterion.bullets or _STEPS.match(item.text):
        return
    condition = _CONDITION.match(item.text)
    start = condition.end() if condition else 0
    text = item.text[:start] + _ASIDE.sub(_mask, item.text[start:])
    if match := _load_words().several_requirements.search(text, start):
        # The match may hold several `and`; the last one is in front of the second demand.
        joint = text.lower().rindex("and", match.start(), match.end())
        message = "this criterion seems to contain two requirements, joined by `and`"
        hint = "split it into two criteria, so that a failure shows which one failed"
        at = document.find_place(item.start + joint)
        yield build_diagnostic("several-requirements", message, path=document.path, at=at, hint=hint)


def _mask(match: re.Match[str]) -> str:
    """Replace a match by underscores, so that offsets stay the same."""
    return "_" * len(match[0])


# Loading and compiling takes about 10 ms, so it is done on first use and once.
@cache
def _load_words() -> _Words:
    """Load the word lists and compile their patterns."""
    data = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    hints = {phrase: group["hint"] for group in data["vague"] for phrase in group["words"]}
    measurable = (phrase for group in data["vague"] if group.get("measurable") for phrase in group["words"])
    # A term is tried first, so that `fast path` is not reported as `fast`.
    terms, phrases = _join_choices(data["terms"]), _join_choices(hints)
    vague_word = re.compile(rf"(?<![\w-])(?:(?P<term>{terms})|{phrases})(?![\w-])", re.IGNORECASE)
    return _Words(hints, frozenset(measurable), vague_word, _compile_several_requirements(data["verbs"]))


def _compile_several_requirements(verbs: Mapping[str, Any]) -> re.Pattern[str]:
    """Compile the pattern of a first thing that is or is done, `and`, and the beginning of a second one."""
    lists = {name: words.split() for name, words in verbs.items()}
    auxiliary, bare, modal = (rf"\b(?:{_join_choices(lists[name])})\b" for name in ("auxiliaries", "bare", "modals"))
    clear = rf"\b(?:{_join_choices([*lists['auxiliaries'], *lists['finite']])})\b"
    verb = rf"\b(?:{_join_choices([*lists['auxiliaries'], *lists['finite'], *lists['doubtful']])})\b"
    # "must send ... and delete", or "Send ... and delete" at the beginning.
    command = rf"(?:{modal}\s+[\w-]+|^[\s*_]*{bare})\s+\S"
    # The second verb may have a subject of its own, but nothing that ends a clause.
    subject = r"(?:(?:an?|the|its?|their|this|that|every|each|no|all|nothing|they|he|she)\s+(?:[\w'-]+\s+){0,3})"
    bare_subject = rf"[\w-]+\s+{auxiliary}"
    joint, reach = r"\sand\s+(?:then\s+|also\s+)?", r"[^.;:]*?"
    alternatives = (
        f"{joint}{clear}",
        f"{verb}{reach}{joint}{subject}?{verb}",
        f"{clear}{reach}{joint}{bare_subject}",
        f"{command}{reach}{joint}{bare}",
    )
    return re.compile("|".join(alternatives), re.IGNORECASE)


def _join_choices(phrases: Iterable[str]) -> str:
    """Join phrases to a pattern that matches any of them, the longest first; blanks match hyphens and line ends too."""
    ordered = sorted(phrases, key=len, reverse=True)
    return "|".join(r"(?:\s+|-)".join(map(re.escape, phrase.split())) for phrase in ordered)
