"""Add the texts to the documents of `report`: what authors wrote, as HTML, and the code of the steps."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from spec2bdd.adapters.system.process_pool import parallel_map
from spec2bdd.domain.steps.definition_source import cut_definition
from spec2bdd.model import Spec
from spec2bdd.model.explanation import SpecDocument
from spec2bdd.project.loader import Project
from spec2bdd.project.spec_files import read_contents

# What a link of a spec may lead to besides another spec.
_SCHEMES = ("https://", "http://", "mailto:")


def add_texts(project: Project, documents: Sequence[SpecDocument]) -> list[SpecDocument]:
    """Add to each document what its author wrote, and the code of the steps that prove it."""
    keys = {document.explanation.spec.spec.path: document.key for document in documents}
    specs = [document.explanation.spec.spec for document in documents]
    rendered = parallel_map(partial(render_spec, keys), specs)
    locations = [
        sorted(
            {
                step.location
                for verdict in document.explanation.spec.verdicts
                for step in (verdict.record.steps if verdict.record else ())
                if step.location
            }
        )
        for document in documents
    ]
    named = {location.rpartition(":")[0] for group in locations for location in group}
    # Records could name any file.
    files = sorted(named & project.digests.keys())
    contents, _ = read_contents(project.config, files)
    lines = {path: content.decode("utf-8", "replace").splitlines() for path, content in contents.items()}
    return [
        replace(document, html=html, source={place: code for place in group if (code := cut_definition(lines, place))})
        for document, html, group in zip(documents, rendered, locations, strict=True)
    ]


def render_spec(keys: Mapping[str, str], spec: Spec) -> str:
    """Render what the author of a spec wrote; links to other specs lead to their place in the page."""
    # Only the page shows it.
    from spec2bdd.domain.specs.markdown.html.document import render_document

    def resolve(link: str) -> str:
        """Say where a link leads."""
        if link.startswith(_SCHEMES):
            return link
        path = posixpath.normpath(posixpath.join(posixpath.dirname(spec.path), link.partition("#")[0]))
        return f"#spec_{keys[path]}" if path in keys else ""

    wanted = {criterion.line for criterion in spec.criteria} | {item.line for item in spec.done_items}
    return render_document(spec.path, spec.text, wanted, resolve)
