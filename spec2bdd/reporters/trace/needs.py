"""The `needs` format: `needs.json` of Sphinx-Needs, for `needimport` and `needs_external_needs`.

The format is that of its builder: https://sphinx-needs.readthedocs.io/en/latest/builders.html. The types are the four
that Sphinx-Needs knows without configuration, and the ids match its default `needs_id_regex`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from spec2bdd import __version__
from spec2bdd.reporters.json.document import Json, render_document
from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.terminal.escape import render_visible
from spec2bdd.reporters.trace.exchange import ExchangeItem, ItemKind, list_items

_TYPES: Mapping[ItemKind, tuple[str, str]] = {
    "prd": ("req", "Requirement"),
    "plan": ("req", "Requirement"),
    "spec": ("spec", "Specification"),
    "criterion": ("req", "Requirement"),
    "scenario": ("test", "Test Case"),
    "step": ("impl", "Implementation"),
}
# What may mean something in reStructuredText: a backslash makes it text.
_SPECIAL = re.compile(r"([^\w\s])")
# Sphinx-Needs calls functions in `[[...]]`, and chooses variants in `<<...>>`, in every field.
_DYNAMIC = re.compile(r"(?<=\[)(?=\[)|(?<=<)(?=<)")
# Versions are those of a documentation, which spec2bdd does not know.
_VERSION = "1"


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render a trace."""
    needs = {need["id"]: need for need in map(_build_need, list_items(answer.value))}
    version = {
        "creator": {"program": "spec2bdd", "version": __version__},
        "needs": needs,
        "needs_amount": len(needs),
    }
    return render_document(
        {"current_version": _VERSION, "project": make_static(answer.value.project), "versions": {_VERSION: version}}
    )


def _build_need(item: ExchangeItem) -> Json:
    """Build one need; its content is the place, as text that reStructuredText does not interpret."""
    kind, name = _TYPES[item.kind]
    place = f"{item.path}:{item.line}" if item.path else ""
    return {
        "id": item.id.upper(),
        "type": kind,
        "type_name": name,
        "title": make_static(item.title),
        "content": _SPECIAL.sub(r"\\\1", render_visible(place)),
        "status": make_static(item.state) or None,
        # Several tags are one text where they are edited, separated by these.
        "tags": [make_static(re.sub(r"[;,]", "_", tag)) for tag in (item.kind, *item.tags)],
        "links": [id_.upper() for id_ in (*item.covers, *item.depends_on)],
    }


def make_static(text: str) -> str:
    """Write a text in one line, so that nothing in it is called or chosen from."""
    return _DYNAMIC.sub(" ", " ".join(render_visible(text).split()))
