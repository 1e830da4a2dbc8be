"""Find boxes that an author seems to have written and Markdown does not see, with the reason and the fix of each."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import islice
from operator import attrgetter

from spec2bdd.domain.specs.markdown.task_list import looks_like_state
from spec2bdd.domain.specs.unread.places import ITEM, LinePlace, PlacedLine, place_lines
from spec2bdd.domain.specs.vocabulary import render_mark_class
from spec2bdd.domain.specs.vocabulary.placeholders import is_empty_marker
from spec2bdd.model.values import dataclass
from spec2bdd.text.edits import Edit
from spec2bdd.text.lazy_patterns import compile_lazily


@dataclass(frozen=True, slots=True)
class UnreadBox:
    """Something that looks like a box: its offset, the line it is in, why it was not read, and what to do.

    `edit` makes a box of it, where that is certain; `inline` is set if other words come before it. `context` holds what
    may announce criteria in the block that it is in: the nearest heading in a code block, the header of a table.
    """

    offset: int
    line: PlacedLine
    reason: str
    hint: str
    edit: Edit | None = None
    inline: bool = False
    context: str = ""


# Brackets with up to four characters in them, but not the label of a link or an index.
_BRACKETS = re.compile(r"\[([^\[\]\r\n]{0,4})\](?![(\[])")
# The same in other signs: parentheses and full-width brackets at the start of an item, signs that show a box, and HTML.
_PARENTHESES = re.compile(r"\((?<=[-+*.)] \()([ xX/]?)\)(?= )")
_SIGNS = compile_lazily(
    r"[\u25a1\u25a2\u2610-\u2612\u2b1b\u2b1c\U0001f532\U0001f533]\ufe0f?|[\uff3b\u3010]([^\uff3d\u3011\r\n]{0,2})[\uff3d\u3011]"
)
_INPUT = re.compile(r"<input\b[^<>]{0,200}\bcheckbox\b[^<>]{0,200}>", re.IGNORECASE)
_TICKED_SIGNS = frozenset("\u2611\u2612")
# The first character of everything that `_SIGNS` matches; to look for each of them takes a tenth of the time.
_FIRST_SIGNS = "\u25a1\u25a2\u2610\u2611\u2612\u2b1b\u2b1c\U0001f532\U0001f533\uff3b\u3010"

# Blanks that are typed or pasted by mistake, and invisible characters.
_ODD_BLANKS = r"\u00a0\u00ad\u2000-\u200f\u202a-\u202f\u205f-\u2069\u3000\ufeff"
# What may come before a box at the start of an item.
_LEAD = compile_lazily(
    rf"""
    (?P<quote>[ \t]*>[ \t>]*)?
    (?P<indent>[ \t{_ODD_BLANKS}]*)
    (?P<heading>\#{{1,6}}[ \t]+)?
    (?:
        (?P<marker>[-+*]|\d{{1,9}}[.)])(?P<gap>[ \t{_ODD_BLANKS}]*)
      | (?P<odd>
            [\u2022\u00b7\u2023\u2043\u2219\u25a0-\u25ff\u27a4\u2192\u203a]  # other bullets and arrows
          | [\u2010-\u2014\u2212\uff0d\uff0a\uff0b\u30fb]                     # dashes and full-width bullets
          | [\u2460-\u24ff]                                                # numbers in circles
          | \(?(?:\d{{1,3}}(?:\.\d{{1,3}})*|[A-Za-z]|[ivxIVX]{{1,5}})          # numbers and letters
            [.:)\u3001\uff0e\uff09]?
        )[ \t{_ODD_BLANKS}]*
    )?
    (?P<wrap>[*_~]{{0,3}})
    """,
    re.VERBOSE,
)
# Words before a box that do not make it a part of a sentence: a label, or the start of another item.
_BEFORE_BOX = compile_lazily(r"(?:.*(?:[:|*_)\]\uff1a]|<br\s*/?>|[-+*\u2022])|.{0,12})\s+", re.DOTALL)
_HEADING = compile_lazily(r"[ \t>]*(?:#{1,6}[ \t]+|\*\*(?=[^\r\n]*\*\*:?[ \t]*$))([^\r\n]+)", re.MULTILINE)
_WITH_HEADINGS = frozenset({LinePlace.CODE, LinePlace.QUOTE})
_WITH_CONTEXT = _WITH_HEADINGS | {LinePlace.TABLE}
# A line that is longer than this before the brackets has them somewhere in its text.
_LONGEST_LEAD = 80
# More than any author leaves unread; what is reported of them says enough.
_MOST_BOXES = 2_000
_STATE = compile_lazily(render_mark_class())
# Capital letters that answer whether something is done; others are labels, as small letters are not.
_ANSWERS = frozenset("YNV")
# Code in backticks, a comment on one line, and quoted words.
_HIDDEN = compile_lazily(r"(`+)(?!`)[^\r\n]*?(?<!`)\1(?!`)|<!--[^\r\n]*?-->|\"[^\"\r\n]*\"|\u201c[^\u201d\r\n]*\u201d")

HINT_FIX = "run `spec2bdd lint --fix`"
_HINT_TEXT = "write what must hold after the box, or delete the item"
_PLACE_REASONS = {
    LinePlace.QUOTE: ("in a quote", "remove the `>`"),
    LinePlace.TABLE: ("in a table", "write a list with `- [ ] ` in front of each item"),
    LinePlace.HTML: ("in HTML", "put a blank line between the tag and the list"),
    LinePlace.OPEN_CODE: ("in a code block that is never closed", "close the code block"),
    LinePlace.OPEN_COMMENT: ("in a comment that is never closed", "write `-->` where the comment ends"),
    LinePlace.CODE: ("in a code block", "check where the code block ends"),
}


def find_unread_boxes(text: str, start: int, known: Set[int]) -> tuple[UnreadBox, ...]:
    """Find everything from `start` on that looks like a box and is not one of the `known` offsets of brackets.

    What is in a closed code block or comment is left out, unless it may well be there by mistake.
    """
    candidates = [*islice(_find_candidates(text, start, known), _MOST_BOXES)]
    if not candidates:
        return ()
    lines = place_lines(text, start)
    boxes = (_judge(text, lines, offset, content, end=end) for offset, content, end in candidates)
    # What follows a box in its line is the text of the item, which may mention a box that is ticked.
    taken = {_find_line(lines, offset).offset for offset in known if offset >= start}
    kept = [
        box
        for box in boxes
        if box and (not box.inline or box.line.offset not in taken or text.startswith("[ ]", box.offset))
    ]
    contexts = _find_contexts(lines) if any(box.line.place in _WITH_CONTEXT for box in kept) else {}
    return tuple(replace(box, context=contexts.get(box.line.offset, "")) for box in kept)


def _find_contexts(lines: Sequence[PlacedLine]) -> Mapping[int, str]:
    """Find the nearest heading above each line of code, and the header above each line of a table, by offsets."""
    contexts: dict[int, str] = {}
    context, place = "", LinePlace.TEXT
    for line in lines:
        if line.place is not place:
            context, place = "", line.place
        heading = _HEADING.match(line.text) if place in _WITH_HEADINGS else None
        if heading or (place is LinePlace.TABLE and not context):
            context = heading[1] if heading else line.text
        contexts[line.offset] = context
    return contexts


def _find_line(lines: Sequence[PlacedLine], offset: int) -> PlacedLine:
    """Find the line that an offset is in."""
    return lines[bisect_right(lines, offset, key=attrgetter("offset")) - 1]


def _find_candidates(text: str, start: int, known: Set[int]) -> Iterator[tuple[int, str, int]]:
    """Find the offset, the content and the end of what looks like a box, in no particular order."""
    for match in _BRACKETS.finditer(text, start):
        if match.start() not in known and looks_like_state(match[1]):
            yield match.start(), match[1], match.end()
    for match in _PARENTHESES.finditer(text, start):
        yield match.start(), match[1], match.end()
    if "<input" in text or "<INPUT" in text:
        for match in _INPUT.finditer(text, start):
            yield match.start(), "x" if "checked" in match[0].casefold() else " ", match.end()
    if not text.isascii() and any(sign in text for sign in _FIRST_SIGNS):
        for match in _SIGNS.finditer(text, start):
            is_ticked = match[0][0] in _TICKED_SIGNS
            content = match[1] if match[1] is not None else "x" if is_ticked else " "
            if looks_like_state(content):
                yield match.start(), content, match.end()


def _judge(text: str, lines: Sequence[PlacedLine], offset: int, content: str, *, end: int) -> UnreadBox | None:
    """Find out why a box was not read; `None` if it is none after all, or is meant to be no box."""
    line = _find_line(lines, offset)
    before = offset - line.offset
    is_escaped = before > 0 and text[offset - 1] == "\\"
    lead = _LEAD.fullmatch(line.text, 0, before - is_escaped) if before <= _LONGEST_LEAD else None
    bare = content.rstrip("\\").strip().replace("\ufe0f", "")
    state = "x" if bare in ("x", "X") else bare or " "
    is_state = _STATE.fullmatch(state) is not None
    if line.place is LinePlace.COMMENT or (line.place is LinePlace.CODE and line.labeled):
        return None
    if lead is None:
        return _judge_inline(text, line, offset, content, end=end)
    if line.place in _PLACE_REASONS:
        reason, hint = _PLACE_REASONS[line.place]
        return UnreadBox(offset, line, reason, hint) if is_state else None
    if not is_state:
        # A letter or a digit is a label such as `[P]`; deeper down it belongs to a note.
        is_label = lead["marker"] and lead["gap"] and not lead["indent"] and text[end : end + 1].isspace()
        is_answer = len(bare) == 1 and (bare.islower() or bare in _ANSWERS)
        hint = f"write `[ ]` or `[x]`{' before the text' if is_answer else ', and the label after it'}"
        return UnreadBox(offset, line, f"`[{content}]` is not a box", hint) if is_label else None
    return _judge_lead(text, line, lead, offset, end=end, state=state, is_escaped=is_escaped)


def _judge_lead(
    text: str,
    line: PlacedLine,
    lead: re.Match[str],
    offset: int,
    *,
    end: int,
    state: str,
    is_escaped: bool,
) -> UnreadBox | None:
    """Judge a box at the start of a line, of which only the marker of the list or nothing comes before it."""
    marker, odd, after = lead["marker"], (lead["odd"] or "").strip(), text[end : end + 1]
    written, box = text[offset - is_escaped : end], f"[{state}]"
    if lead["wrap"]:
        reason = f"`{written}` is in bold or emphasized text"
        return _judge_wrapped(text, UnreadBox(offset, line, reason, HINT_FIX), lead, end=end, box=box)
    is_exact, has_colon = written in ("[ ]", "[x]", "[X]"), after == ":"
    if lead["heading"]:
        return UnreadBox(offset, line, "it is in a heading", "write an item: `- [ ] `") if is_exact else None
    # Without a marker, only a sign for a box and what is exactly a box are meant for one; `[x]: a` defines a link.
    is_sign = written[0] in _FIRST_SIGNS and after.isspace()
    if (not is_exact and (has_colon or not (marker or is_sign))) or (has_colon and not marker):
        return None
    if odd and odd[-1].isascii():
        # A number or a letter may be what the author calls the criterion, so it must not get lost.
        is_meant = written == "[ ]" or not odd[-1].isalnum()
        return UnreadBox(offset, line, f"`{odd}` is not a list marker", f"write `- {box} {odd}`") if is_meant else None
    gap = "" if not after or after.isspace() or has_colon else " "
    blanks = "".join(char for char in lead["indent"] if char in " \t")
    edit = Edit(line.offset + lead.start("indent"), end + has_colon, f"{blanks}{marker or '-'} {box}{gap}")
    columns = len(lead["indent"].expandtabs(4))
    if reason := _find_fault(lead, written, box, after=after):
        words = text[end + has_colon : line.offset + len(line.text)].strip()
        is_fixable = bool(words) and not is_empty_marker(words)
        return UnreadBox(offset, line, reason, HINT_FIX if is_fixable else _HINT_TEXT, edit)
    reason = f"it is indented by {columns} columns" if columns > 3 else "it continues the text above"
    hint = "indent it like the items around it" if columns > 3 else "put a blank line above it"
    return UnreadBox(offset, line, reason, hint)


def _judge_wrapped(text: str, found: UnreadBox, lead: re.Match[str], *, end: int, box: str) -> UnreadBox | None:
    """Judge a box after the marks of bold or emphasized text; with nothing else in these, they can go."""
    wrap, after = lead["wrap"], text[end : end + 1]
    if not after or after.isalnum():
        return None
    if lead["gap"] and text.startswith(f"{wrap} ", end):
        begin = found.line.offset + lead.end("indent")
        return replace(found, edit=Edit(begin, end + len(wrap), f"{lead['marker']} {box}"))
    # Without a space after it, a `*` is one of the marks.
    is_mark = lead["marker"] == "*" and not lead["gap"]
    marker = "-" if is_mark or not lead["marker"] else lead["marker"]
    marks = f"*{wrap}" if is_mark else wrap
    rest = "" if text.startswith(marks, end) else f" {marks}"
    return replace(found, hint=f"write `{box if lead['gap'] else f'{marker} {box}'}{rest}`")


def _find_fault(lead: re.Match[str], written: str, box: str, *, after: str) -> str:
    """Find out what is wrong with how a box and the marker before it are written, if anything is."""
    marker, odd = lead["marker"], (lead["odd"] or "").strip()
    if marker is None:
        return f"`{odd}` is not a list marker" if odd else "no list marker comes before it"
    if lead["indent"].strip(" \t") or lead["gap"].strip(" \t"):
        return f"`{_show(lead['indent'] + marker + lead['gap'])}` is not a list marker"
    if not lead["gap"]:
        return f"no space comes after `{marker}`"
    if written != box:
        return f"`{_show(written)}` is not a box"
    # `[x]word` may be a label that the author means as it is.
    before = {":": "a colon"}.get(after, "" if not after or after.isspace() else "no space")
    return f"{before} comes after `{box}`" if before else ""


def _judge_inline(text: str, line: PlacedLine, offset: int, content: str, *, end: int) -> UnreadBox | None:
    """Judge a box with words before it: only a state and nothing else is taken for one, and only outside of code."""
    is_state = content in (" ", "x", "X") and (
        text[offset] == "[" or (text[offset] == "<" and line.place is LinePlace.HTML)
    )
    if line.place in (LinePlace.CODE, LinePlace.OPEN_CODE, LinePlace.OPEN_COMMENT):
        return None
    if not is_state or not (not text[end : end + 1] or text[end].isspace() or text[end] in "|<"):
        return None
    before = offset - line.offset
    if len(line.text) > 10 * _LONGEST_LEAD or any(
        span.start() <= before < span.end() for span in _HIDDEN.finditer(line.text)
    ):
        return None
    if line.place in _PLACE_REASONS:
        reason, hint = _PLACE_REASONS[line.place]
        return UnreadBox(offset, line, reason, hint, inline=True)
    is_last = not line.text[before + 3 :].strip() and text[offset - 1].isspace()
    is_item = ITEM.match(line.text) is not None
    is_set_off = is_item or is_last or _BEFORE_BOX.fullmatch(line.text, 0, before) is not None
    if (is_item and is_last) or (is_set_off and content == " "):
        return UnreadBox(offset, line, "it is not at the start of an item", "put it first: `- [ ] `", inline=True)
    return None


def _show(written: str) -> str:
    """Show what is written for a box, with its invisible characters by name."""
    return "".join(
        f"<{unicodedata.name(char, 'control')}>"
        if char not in " \t" and (char.isspace() or not char.isprintable())
        else char
        for char in written
    )
