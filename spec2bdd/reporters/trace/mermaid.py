"""The `mermaid` format: the dependencies between specs, for Markdown on GitHub and GitLab, and for wikis."""

from __future__ import annotations

import re

from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.trace.dependency_graph import list_edges, list_nodes

# What may mean something in Mermaid, HTML or Markdown, whose lists begin with `1. ` or `-`.
_SPECIAL = re.compile(r"[^\w .,/()-]|\.(?= )|^-")


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render the graph of the specs in a trace."""
    nodes, edges = list(list_nodes(answer.value)), list(list_edges(answer.value))
    lines = ["flowchart LR"]
    lines += [f'  {node.id}["{escape(node.name)}<br>{escape(node.status)}"]' for node in nodes]
    lines += [f"  {edge.source} {'-- circular -->' if edge.is_cyclic else '-->'} {edge.target}" for edge in edges]
    if cyclic := [str(number) for number, edge in enumerate(edges) if edge.is_cyclic]:
        lines.append(f"  linkStyle {','.join(cyclic)} stroke:red")
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Escape a text for a quoted label, where entities by number are the only way to write some signs."""
    return _SPECIAL.sub(lambda match: f"#{ord(match[0])};", text)
