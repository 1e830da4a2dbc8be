"""The picture of dependencies."""

from __future__ import annotations

from spec2bdd.reporters.html.graph import Graph, Node, build_graph


def find_columns(graph: Graph) -> dict[str, int]:
    """Return the number of the column of each spec, counted from 0."""
    columns = sorted({node.x for node in graph.nodes})
    return {node.key: columns.index(node.x) for node in graph.nodes}


def test_a_spec_is_to_the_right_of_all_that_it_depends_on() -> None:
    graph = build_graph({"d": ["b", "a"], "c": ["b"], "b": ["a"], "a": [], "alone": []})
    assert find_columns(graph) == {"a": 0, "b": 1, "c": 2, "d": 2}
    assert len(graph.paths) == 4
    assert len({(node.x, node.y) for node in graph.nodes}) == 4


def test_a_path_leads_from_one_spec_to_the_next() -> None:
    graph = build_graph({"a": [], "b": ["a"]})
    assert graph.nodes == (Node("a", 0, 0), Node("b", 240, 0))
    assert graph.paths == ("M180,17 C210,17 210,17 240,17",)
    assert (graph.width, graph.height) == (420, 34)


def test_specs_that_wait_for_each_other_are_drawn_once_each() -> None:
    graph = build_graph({"a": ["b"], "b": ["a"], "c": ["c2"], "c2": []})
    assert sorted(node.key for node in graph.nodes) == ["a", "b", "c", "c2"]
    assert len(graph.paths) == 3


def test_there_is_no_picture_without_dependencies_or_with_too_many() -> None:
    assert build_graph({"a": [], "b": []}) == Graph()
    assert build_graph({str(n): [str(n - 1)] if n else [] for n in range(61)}) == Graph()
