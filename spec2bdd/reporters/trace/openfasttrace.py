"""The `openfasttrace` format: "specobject" XML, which OpenFastTrace imports (`.oreqm` or `.xml`).

The elements and their order are those of its own exporter: https://github.com/itsallcode/openfasttrace. Each kind of
item is an artifact type of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape

from spec2bdd.model import Verdict
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.terminal.escape import render_visible
from spec2bdd.reporters.trace.exchange import ExchangeItem, list_items

# Ids have a revision; spec2bdd gives a criterion another id if it is another one.
_REVISION = 1


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render a trace."""
    items = list(list_items(answer.value))
    kinds = {item.id: item.kind for item in items}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<specdocument>"]
    for kind, group in groupby(items, key=lambda item: item.kind):
        lines.append(f'  <specobjects doctype="{kind}">')
        for item in group:
            lines += ["    <specobject>"]
            # A link has the kind of its goal in it.
            covers = [f"{kinds[id_]}:{id_}" for id_ in item.covers]
            depends_on = [f"{kinds[id_]}~{id_}~{_REVISION}" for id_ in item.depends_on]
            lines += (f"      {line}" for line in _render_item(item, covers=covers, depends_on=depends_on))
            lines += ["    </specobject>"]
        lines.append("  </specobjects>")
    return "\n".join([*lines, "</specdocument>"]) + "\n"


def find_status(item: ExchangeItem) -> str:
    """Find the status of an item: approved, unless it is dropped, a draft, or a scenario that has not passed."""
    if item.is_dropped:
        return "rejected"
    if item.kind == "spec" and item.state.casefold() == "draft":
        return "draft"
    return "proposed" if item.kind == "scenario" and item.state != Verdict.PASSED else "approved"


def _render_item(item: ExchangeItem, *, covers: list[str], depends_on: list[str]) -> Iterator[str]:
    """Render the elements of one item."""
    facts = {
        "id": item.id,
        "shortdesc": item.title,
        "status": find_status(item),
        "version": str(_REVISION),
        "sourcefile": item.path,
        "sourceline": str(item.line) if item.path and item.line else "",
        "comment": item.state,
    }
    # No control character and no lone surrogate is allowed in XML, and neither of these two.
    clean = {name: render_visible(text).replace("\ufffe", "?").replace("\uffff", "?") for name, text in facts.items()}
    yield from (f"<{name}>{escape(text)}</{name}>" for name, text in clean.items() if text)
    if item.tags:
        yield f"<tags>{''.join(f'<tag>{escape(render_visible(tag))}</tag>' for tag in item.tags)}</tags>"
    if item.needs and not item.is_dropped:
        yield f"<needscoverage><needsobj>{item.needs}</needsobj></needscoverage>"
    if covers:
        links = (f"<provcov><linksto>{id_}</linksto><dstversion>{_REVISION}</dstversion></provcov>" for id_ in covers)
        yield f"<providescoverage>{''.join(links)}</providescoverage>"
    if depends_on:
        links = (f"<dependson>{id_}</dependson>" for id_ in depends_on)
        yield f"<dependencies>{''.join(links)}</dependencies>"
