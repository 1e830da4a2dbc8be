"""Classify a heading by its text: a tier, acceptance criteria, a definition of done, or something else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from spec2bdd.domain.specs.vocabulary import DEFAULT, HeadingVocabulary, find_words, load_heading_names, render_choice
from spec2bdd.model import Tier
from spec2bdd.model.values import dataclass
from spec2bdd.text.normalize import normalize_heading


class HeadingKind(StrEnum):
    """What a heading announces; the first four are tiers by the same names.

    `UNSEEN` is a line that looks like a heading and is none in Markdown; nothing under it is read.
    """

    MUST = "must"
    SHOULD = "should"
    COULD = "could"
    WONT = "wont"
    CRITERIA = "criteria"
    DONE = "done"
    PURPOSE = "purpose"
    REQUIREMENTS = "requirements"
    OTHER = "other"
    LEFT_OUT = "leave-out"
    UNSEEN = "unseen"

    @property
    def tier(self) -> Tier | None:
        """The tier that the heading names, if it names one."""
        return _TIERS.get(self)


_TIERS = {HeadingKind(tier.value): tier for tier in Tier}
# These have only the names that a project gives them, or none.
_WITHOUT_WORDS = frozenset({HeadingKind.LEFT_OUT, HeadingKind.UNSEEN})


@dataclass(frozen=True, slots=True)
class _HeadingTable:
    """The kinds of heading by their normalized names, the first words of these, and the words that may come with them.

    `prefix` matches what may come before a name. After it may come any `suffixes`, or any words that begin with one of
    `joints`. `remark` matches a part of a heading that does not change what the heading announces. `notes` are words
    that say of a section of requirements that it must be there; `about` words make a heading one about criteria, and
    `denials` and `missing` ones a heading of what is none. `unspaced` matches a name at the end of a heading in a
    language without blanks between words.
    """

    kinds: Mapping[str, HeadingKind]
    first_words: frozenset[str]
    joints: frozenset[str]
    suffixes: frozenset[str]
    notes: frozenset[str]
    about: frozenset[str]
    denials: frozenset[str]
    missing: frozenset[str]
    unspaced: re.Pattern[str]
    prefix: re.Pattern[str]
    remark: re.Pattern[str]
    progress: re.Pattern[str]


# The number of a section, such as `4.`, `3.2)`, `A.`, `(b)` or `IV.`.
_NUMBER = re.compile(r"^\W*(?:\d+(?:\.\d+)*[.):]?|\(?(?:[A-Za-z]|[IVXivx]{1,5})[.)])\s+")
# The punctuation between the parts of a heading; a hyphen is some only with a blank before it. Full-width punctuation
# is folded before, except for the ideographic comma and full stop.
_SEPARATOR = re.compile(r"[()\[\]:|/,;\u3001\u3002\u2013\u2014\u2192\u203a\u00bb]|\s(?:-+|[=-]?>)\s|\s-+$")
# What a heading refers to, as in "Task 1: Send mails (AC: 1, 2)".
_REFERENCE = re.compile(
    r"""
    (?<=\S)\s*[(\[\uff08]
    (?:ACs?|Acceptance[ ]Criteri(?:a|on)|Criteri(?:a|on))\b\W{0,3}\d[\d\s.,;&/\u2013-]*    # their numbers
    [)\]\uff09]\W*\Z
    """,
    re.IGNORECASE | re.VERBOSE,
)
# What is between the two subjects of a title.
_JOINED = re.compile(r"[&+]|\b(?:and|with|und|et|y|e|en|i|\u0438)\b", re.IGNORECASE)
# In characters, for a name that is one word and means nothing else: "Technische Akzeptanzkriterien".
_UNMISTAKABLE = 14
# The last name in a heading such as "User Stories & Acceptance Criteria"; longer ones are sentences about criteria.
_MOST_WORDS_BEFORE = 6
_MOST_SIGNS_BEFORE = 16


def classify_heading(
    heading: str, vocabulary: HeadingVocabulary = DEFAULT, *, is_title: bool = False
) -> HeadingKind | None:
    """Find out what a heading announces, if anything; notes after the name (`(P0)`, `- DONE`) do not hide it.

    The title of a document announces only what it is all about: "Demo Script & Acceptance Criteria" is no list of them.
    """
    table = _build_table(vocabulary)
    if kind := table.kinds.get(normalize_heading(heading)):
        return kind
    # Otherwise read the parts one by one, up to the first one that is unknown.
    announced: HeadingKind | None = None
    parts = split_heading(_NUMBER.sub("", _REFERENCE.sub("", heading)))
    for name in parts:
        if announced is HeadingKind.REQUIREMENTS and name in table.notes:
            continue
        prefix = table.prefix.match(name)
        kind = _find_kind(name, table) or (_find_kind(name[prefix.end() :], table) if prefix else None)
        if kind is None and not table.remark.fullmatch(name):
            break
        # A tier is more specific than the criteria it is named with, as in "Acceptance Criteria (Must Have)".
        if kind is not None and announced in (None, HeadingKind.CRITERIA, HeadingKind.REQUIREMENTS):
            announced = kind
    if announced or (is_title and (len(parts) > 1 or _JOINED.search(heading))):
        return announced
    return _find_kind_at_end(parts, table)


def split_heading(heading: str) -> list[str]:
    """Split a heading at its punctuation into normalized parts, without empty ones."""
    folded = heading if heading.isascii() else unicodedata.normalize("NFKC", heading)
    return [name for part in _SEPARATOR.split(folded) if (name := normalize_heading(part))]


@cache
def _build_table(vocabulary: HeadingVocabulary) -> _HeadingTable:
    """Build the table of names; those of the project override the built-in ones."""
    kinds = {
        normalize_heading(name): kind
        for kind in HeadingKind
        if kind not in _WITHOUT_WORDS
        for name in find_words("headings", kind)
    }
    for key, names in vocabulary.names:
        kinds.update({normalize_heading(name): HeadingKind(key) for name in names})
    prefixes, counted = render_choice(find_words("around", "prefixes")), render_choice(find_words("around", "counted"))
    tiers = render_choice(word for tier in ("must", "should", "could") for word in find_words("priorities", tier))
    remarks = render_choice(find_words("around", "remarks"))
    states = render_choice((*find_words("states", "words"), *find_words("states", "loud")))
    return _HeadingTable(
        kinds=kinds,
        first_words=frozenset(name.partition(" ")[0] for name in kinds),
        joints=frozenset(find_words("around", "joints")),
        suffixes=frozenset(find_words("around", "suffixes")),
        notes=load_heading_names("around", "section_notes"),
        about=frozenset(find_words("around", "about")),
        denials=frozenset(find_words("around", "denials")),
        missing=frozenset(find_words("around", "missing")),
        unspaced=_compile_unspaced(kinds),
        prefix=re.compile(rf"(?:{prefixes} )+|{counted} \d\w* "),
        remark=re.compile(
            rf"(?:{tiers}|{remarks})(?: \d+)?|(?:priority )?p\d(?: (?:requirements|features|items))?|\d+"
            r"|(?:tier|level|section) \d+(?: \d+)*|\w"
        ),
        progress=re.compile(rf"(?:\d+(?: of)? )*(?:{states}|\d+)?"),
    )


def _compile_unspaced(kinds: Mapping[str, HeadingKind]) -> re.Pattern[str]:
    """Compile the pattern of a heading that ends with a name of criteria, or says that what follows is none of them."""
    names = (name for name, kind in kinds.items() if kind is HeadingKind.CRITERIA and name[0] >= "\u2e80")
    before = render_choice(find_words("around", "denials_before"))
    after = render_choice(find_words("around", "denials_after"))
    return re.compile(
        rf".{{0,{_MOST_SIGNS_BEFORE}}}?(?P<before>{before})?{render_choice(names)}(?:(?P<after>{after}).*)?"
    )


def _find_kind(name: str, table: _HeadingTable) -> HeadingKind | None:
    """Find the longest known name at the beginning of a part; the rest must not change what it announces."""
    words = name.split()
    for size in range(len(words), 0, -1):
        kind, rest = table.kinds.get(" ".join(words[:size])), words[size:]
        # A joint after a single word proves nothing: "must for the team" is no tier.
        if kind and (not rest or table.suffixes.issuperset(rest) or (size > 1 and rest[0] in table.joints)):
            return kind
    return None


def _find_kind_at_end(parts: list[str], table: _HeadingTable) -> HeadingKind | None:
    """Find criteria, or a definition of done, that the last words of a heading name: "Login Acceptance Criteria".

    Notes of progress may follow. A heading with a word such as "verify" in front is one about criteria, and one with
    "non" of what is none.
    """
    named = list(parts)
    while len(named) > 1 and table.progress.fullmatch(named[-1]):
        named.pop()
    words = named[-1].split() if named else []
    while len(words) > 2 and words[-1] in table.suffixes and " ".join(words[-2:]) not in table.kinds:
        words.pop()
    if not words:
        return None
    if words[-1] in table.missing and any("acceptance" in word or "criteri" in word for word in words):
        return HeadingKind.OTHER
    if unspaced := table.unspaced.fullmatch("".join(words)) if words[-1] >= "\u2e80" else None:
        return HeadingKind.OTHER if unspaced["before"] or unspaced["after"] else HeadingKind.CRITERIA
    # A single word at the end, as in "Product acceptance", proves nothing.
    for size in (4, 3, 2, 1):
        before = words[:-size]
        kind = table.kinds.get(" ".join(words[-size:])) if len(words) > size or len(named) > 1 else None
        if size == 1 and len(words[-1]) < _UNMISTAKABLE:
            return None
        if kind in (HeadingKind.CRITERIA, HeadingKind.DONE):
            if not table.denials.isdisjoint(before):
                return HeadingKind.OTHER
            others = {word for part in named[:-1] for word in part.split()}
            is_about = not table.about.isdisjoint(before) or not table.about.isdisjoint(others)
            return None if is_about or len(before) > _MOST_WORDS_BEFORE else kind
    return None


def is_known_name(text: str, vocabulary: HeadingVocabulary) -> bool:
    """Whether a text is the name of a tier, of criteria or of a definition of done, and nothing else."""
    table = _build_table(vocabulary)
    # Most texts begin with a word that no name does; the first words of many texts are the same.
    first = normalize_heading(text.split(maxsplit=1)[0]).split(maxsplit=1) if text.strip() else []
    if first and first[0] not in table.first_words:
        return False
    kind = table.kinds.get(normalize_heading(text))
    return kind is not None and (kind.tier is not None or kind in (HeadingKind.CRITERIA, HeadingKind.DONE))


def is_completion_heading(heading: str) -> bool:
    """Whether a heading of criteria is one that, under a definition of done, is a part of it."""
    name = f" {normalize_heading(heading)} "
    return any(f" {completion} " in name for completion in find_words("around", "completion"))


def is_task_heading(heading: str) -> bool:
    """Whether a heading that announces nothing names tasks, so that boxes under it are surely no criteria."""
    parts = split_heading(_NUMBER.sub("", heading))
    return bool(parts) and (
        parts[0] in load_heading_names("tasks", "en") or parts[0].split()[0] in load_heading_names("tasks", "first")
    )
