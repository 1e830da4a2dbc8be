"""The `dot` format: the dependencies between specs, for Graphviz."""

from __future__ import annotations

from spec2bdd.reporters.registry import Answer, RenderOptions
from spec2bdd.reporters.trace.dependency_graph import list_edges, list_nodes


def render(answer: Answer, options: RenderOptions) -> str:  # noqa: ARG001
    """Render the graph of the specs in a trace."""
    lines = ["digraph specs {", "  rankdir=LR", "  node [shape=box]"]
    for node in list_nodes(answer.value):
        color = " color=red" if node.is_cyclic else ""
        lines.append(f'  {node.id} [label="{escape(node.name)}\\n{escape(node.status)}"{color}]')
    for edge in list_edges(answer.value):
        color = ' [color=red label="circular"]' if edge.is_cyclic else ""
        lines.append(f"  {edge.source} -> {edge.target}{color}")
    return "\n".join([*lines, "}"]) + "\n"


def escape(text: str) -> str:
    """Escape a text for a quoted string, which has escapes of its own and entities of HTML."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
