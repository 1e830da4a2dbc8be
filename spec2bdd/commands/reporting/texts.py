"""Add the texts to the documents of `report`: what authors wrote, as HTML, and the code of the steps."""

from __future__ import annotations

import hashlib
import posixpath
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from zlib import compress, decompress

from spec2bdd.adapters.system.process_pool import parallel_map
from spec2bdd.config import Config
from spec2bdd.domain.steps.definition_source import cut_definition
from spec2bdd.model import Spec
from spec2bdd.model.explanation import SpecDocument
from spec2bdd.project.loader import Project
from spec2bdd.project.spec_files import LEAST_CACHED, read_contents

_NAME = "pages.json"
_VERSION = 1
# What a link of a spec may lead to besides another spec.
_SCHEMES = ("https://", "http://", "mailto:")


def add_texts(project: Project, documents: Sequence[SpecDocument]) -> list[SpecDocument]:
    """Add to each document what its author wrote, and the code of the steps that prove it."""
    keys = {document.explanation.spec.spec.path: document.key for document in documents}
    specs = [document.explanation.spec.spec for document in documents]
    rendered = render_specs(project.config, keys, specs)
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


def render_specs(config: Config, keys: Mapping[str, str], specs: Sequence[Spec]) -> list[str]:
    """Render what the authors of specs wrote; what was rendered before is kept, as long as the text is the same."""
    if len(specs) < LEAST_CACHED:
        return [render_spec(keys, spec)[0] for spec in specs]
    # Small projects do without.
    from spec2bdd.project.cache.row_cache import RowCache

    cache = RowCache(config, _NAME, version=_VERSION)
    digests = {spec.path: hashlib.sha256(spec.content).hexdigest() for spec in specs}
    texts = {spec.path: cache.find(spec.path, digests[spec.path], partial(_read_row, keys, spec)) for spec in specs}
    changed = [spec for spec in specs if texts[spec.path] is None]
    for spec, (html, row) in zip(changed, parallel_map(partial(_render_row, keys), changed), strict=True):
        texts[spec.path] = html
        cache.keep(spec.path, digests[spec.path], row, list)
    cache.store(names=digests.keys())
    return [texts[spec.path] or "" for spec in specs]


def render_spec(keys: Mapping[str, str], spec: Spec) -> tuple[str, dict[str, str]]:
    """Render what the author of a spec wrote, and list where each of its links leads in the page."""
    # Only the page shows it.
    from spec2bdd.domain.specs.markdown.html.document import render_document

    links: dict[str, str] = {}

    def resolve(link: str) -> str:
        """Say where a link leads."""
        links[link] = resolve_link(keys, spec, link)
        return links[link]

    wanted = {criterion.line for criterion in spec.criteria} | {item.line for item in spec.done_items}
    return render_document(spec.path, spec.text, wanted, resolve), links


def resolve_link(keys: Mapping[str, str], spec: Spec, link: str) -> str:
    """Find where a link leads: one to another spec leads to its place in the page, one to another file nowhere."""
    if link.startswith(_SCHEMES):
        return link
    path = posixpath.normpath(posixpath.join(posixpath.dirname(spec.path), link.partition("#")[0]))
    return f"#spec_{keys[path]}" if path in keys else ""


def _render_row(keys: Mapping[str, str], spec: Spec) -> tuple[str, list[Any]]:
    """Render a spec, also as a row of the cache; a page is many times as long as its packed text."""
    html, links = render_spec(keys, spec)
    return html, [b64encode(compress(html.encode("utf-8"), 1)).decode("ascii"), links]


def _read_row(keys: Mapping[str, str], spec: Spec, row: list[Any]) -> str | None:
    """Read what was rendered if its links lead where they would lead now."""
    packed, links = row
    if any(resolve_link(keys, spec, link) != target for link, target in links.items()):
        return None
    return decompress(b64decode(packed)).decode("utf-8")
