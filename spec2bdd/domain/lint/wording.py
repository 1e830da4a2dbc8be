"""The criteria of a spec in, advice on their wording out: words that no test can decide, and two demands in one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.domain.lint.word_lists import (
    AUXILIARIES,
    BARE_VERBS,
    DOUBTFUL_VERBS,
    MEASURED,
    MODALS,
    TERMS,
    VAGUE,
    VERBS,
)
from spec2bdd.model import Criterion, Diagnostic, DoneItem, Spec, Tier
from spec2bdd.text.markdown_lines import MarkdownLines

# What stands in code, in quotes, in comments or in an address is data, and not the author's way of saying things.
_DATA = re.compile(
    r"(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)|<!--.*?-->|\]\([^()\s]*\)|https?://\S+"
    r'|"[^"\n]*"|\u201c[^\u201d\n]*\u201d|\u00ab[^\u00bb\n]*\u00bb|(?<!\w)\'[^\'\n]*\'(?!\w)',
    re.DOTALL,
)

_STEPS = re.compile(r"[\s*_]*(?:given|scenario)\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"[\s*_]*(?:after|as (?:long|soon) as|because|before|if|once|since|unless|until|when|whenever|where|while)\b[^,]*,",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\([^()]*\)|\b(?:between|both)\b(?:[^.;:]*?\band\b)?"
    r"|\b(?:if|once|that|unless|until|when|where|which|while|who|whose)\b.*",
    re.DOTALL,
)


def check_wording(spec: Spec, sheet: MarkdownLines) -> Iterator[Diagnostic]:
    """Yield advice on every criterion that is to be proved."""
    for criterion in spec.criteria:
        if criterion.tier is not Tier.WONT and not criterion.waived:
            source = derive_item_text(sheet, criterion)
            yield from _find_vague_words(sheet, source)
            yield from _find_two_demands(sheet, criterion, source)


def _find_vague_words(sheet: MarkdownLines, source: ItemText) -> Iterator[Diagnostic]:
    """Yield advice for each vague word, but not for one that a number makes exact, or that is part of a name."""
    told: set[str] = set()
    measured = any(char.isdigit() for char in source.words)
    for match in _derive_pattern().finditer(source.words):
        word = " ".join(match[0].split())
        plain = word.casefold().replace("-", " ")
        name = (
            match[0][0].isupper() and not match[0].isupper() and bool(re.search(r"\w", source.words[: match.start()]))
        )
        if match["term"] or name or plain in told or (measured and plain in MEASURED):
            continue
        told.add(plain)
        place = sheet.find_place(source.start + match.start())
        message = f"`{word}` can be understood in many ways, so no test can decide it"
        yield build_diagnostic(sheet.path, place, code="vague-word", message=message, hint=_derive_questions()[plain])


@cache
def _derive_pattern() -> re.Pattern[str]:
    """Return the pattern of all vague words, and of the terms in which they are not vague."""
    terms, words = (_render_choice(phrases) for phrases in (TERMS, tuple(_derive_questions())))
    return re.compile(rf"(?<![\w-])(?:(?P<term>{terms})|{words})(?![\w-])", re.IGNORECASE)


@cache
def _derive_questions() -> dict[str, str]:
    """Return what to ask of each vague word."""
    return {phrase: question for question, phrases in VAGUE for phrase in phrases}


def _render_choice(phrases: tuple[str, ...]) -> str:
    """Return a pattern of any of some phrases, the longest first; blanks may be hyphens or line ends."""
    ordered = sorted(phrases, key=len, reverse=True)
    return "|".join(r"(?:\s+|-)".join(map(re.escape, phrase.split())) for phrase in ordered)


def _find_two_demands(sheet: MarkdownLines, criterion: Criterion, source: ItemText) -> Iterator[Diagnostic]:
    """Yield advice for a criterion in which `and` joins two things that are, or are done; conditions do not count."""
    if criterion.bullets or _STEPS.match(source.words):
        return
    start = found.end() if (found := _CONDITION.match(source.words)) else 0
    words = source.words[:start] + _ASIDE.sub(lambda match: "_" * len(match[0]), source.words[start:])
    match = _derive_joint().search(words, start)
    if match:
        joint = words.lower().rindex("and", match.start(), match.end())
        place = sheet.find_place(source.start + joint)
        message = "this criterion seems to hold two demands, joined by `and`"
        hint = "make two criteria of it, so that it can be seen which of them fails"
        yield build_diagnostic(sheet.path, place, code="two-demands", message=message, hint=hint)


@cache
def _derive_joint() -> re.Pattern[str]:
    """Return the pattern of a first thing that is or is done, `and`, and the beginning of a second one."""
    clear, verb = _render_words((*AUXILIARIES, *VERBS)), _render_words((*AUXILIARIES, *VERBS, *DOUBTFUL_VERBS))
    bare = _render_words(BARE_VERBS)
    command = rf"(?:{_render_words(MODALS)}\s+[\w-]+|^[\s*_]*{bare})\s+\S"
    # A subject of its own may stand between "and" and the second verb, but nothing that ends a clause.
    subject = r"(?:(?:an?|the|its?|their|this|that|every|each|no|all|nothing|they|he|she)\s+(?:[\w'-]+\s+){0,3})"
    bare_subject = rf"[\w-]+\s+{_render_words(AUXILIARIES)}"
    joint, reach = r"\sand\s+(?:then\s+|also\s+)?", r"[^.;:]*?"
    pairs = (
        f"{joint}{clear}",
        f"{verb}{reach}{joint}{subject}?{verb}",
        f"{clear}{reach}{joint}{bare_subject}",
        f"{command}{reach}{joint}{bare}",
    )
    return re.compile("|".join(pairs), re.IGNORECASE)


def _render_words(words: tuple[str, ...]) -> str:
    """Return a pattern of any of some whole words."""
    return rf"\b(?:{_render_choice(words)})\b"


@dataclass(frozen=True, slots=True)
class ItemText:
    """The words behind a box; `start` is the offset of the first character, and masked ones are underscores."""

    start: int
    words: str


def derive_item_text(sheet: MarkdownLines, item: Criterion | DoneItem) -> ItemText:
    """Return the words of an item, wrapped lines included."""
    start = item.box.offset + 2
    last = sheet.lines[sheet.find_extent(item.line)[1] - 1]
    words = sheet.text[start : last.start + len(last.text)]
    return ItemText(start, _DATA.sub(lambda match: "_" * len(match[0]), words))
