"""Find the titles of scenarios: in headings, in labels of list items, and in bold lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from spec2bdd.domain.specs.markdown.blocks import Block, MarkdownList, Paragraph

# The words for a scenario in the languages that OpenSpec is translated to, and those for a requirement.
_SCENARIO_WORDS = {
    "en": "scenario(?: (?:outline|template))?",
    "de": "szenario",
    "es": "escenario",
    "fr": "sc\u00e9nario",
    "ja": "\u30b7\u30ca\u30ea\u30aa",
    "pt": "cen\u00e1rio",
    "ru": "\u0441\u0446\u0435\u043d\u0430\u0440\u0438\u0439",
    "zh-CN": "\u573a\u666f|\u5834\u666f",
}
_REQUIREMENT_WORDS = (
    "requirement|anforderung|requisito|exigence|\u8981\u4ef6|\u9700\u6c42"
    "|\u0442\u0440\u0435\u0431\u043e\u0432\u0430\u043d\u0438\u0435"
)
_TITLE = r"(?P<bold>\*\*|__)?(?P<word>%s)(?: ?#?\d[\d.]*)?\s*(?P=bold)?[:\uff1a](?P=bold)?\s*(?P<title>.*)"
SCENARIO = re.compile(_TITLE % "|".join(_SCENARIO_WORDS.values()), re.IGNORECASE)
REQUIREMENT = re.compile(_TITLE % _REQUIREMENT_WORDS, re.IGNORECASE)


def find_language(sources: Iterable[str]) -> str:
    """Find the language of the headings of scenarios: that of the first one, else English."""
    match = next(filter(None, map(SCENARIO.match, sources)), None)
    words = _SCENARIO_WORDS.items()
    return next((code for code, word in words if match and re.fullmatch(word, match["word"], re.IGNORECASE)), "en")


def split_scenarios(blocks: Sequence[Block]) -> tuple[list[Block], list[tuple[Paragraph, list[Block]]]]:
    """Split blocks into what comes first, and the scenarios without a heading: labels of list items, and bold lines."""
    leading: list[Block] = []
    labelled: list[tuple[Paragraph, list[Block]]] = []
    for block in blocks:
        for part in _split_list(block) if isinstance(block, MarkdownList) else (block,):
            first = part.items[0].paragraph if isinstance(part, MarkdownList) else part
            line, _, rest = first.source.partition("\n") if isinstance(first, Paragraph) else ("", "", "")
            if isinstance(first, Paragraph) and (match := SCENARIO.match(line)):
                below: list[Block] = [Paragraph(rest, first.offset)] if rest else []
                if isinstance(part, MarkdownList):
                    below += part.items[0].blocks[1:]
                    below += [part._replace(items=part.items[1:])] if part.items[1:] else []
                labelled.append((first._replace(source=unwrap_title(match)), below))
            else:
                (labelled[-1][1] if labelled else leading).append(part)
    return leading, labelled


def unwrap_title(match: re.Match[str]) -> str:
    """Return the title in a match, without the end of the bold words that it is in."""
    title, bold = match["title"], match["bold"]
    head, _, tail = title.rpartition(bold) if bold and title.count(bold) % 2 else (title, "", "")
    return f"{head}{tail}".strip()


def _split_list(block: MarkdownList) -> Iterator[MarkdownList]:
    """Split a list before each item that is the label of a scenario."""
    start = 0
    for number, item in enumerate(block.items):
        if number > start and item.paragraph and SCENARIO.match(item.paragraph.source):
            yield block._replace(items=block.items[start:number])
            start = number
    yield block._replace(items=block.items[start:])
