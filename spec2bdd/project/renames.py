"""Read what was renamed in specs, for dialects whose tools record that in files of their own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from spec2bdd.adapters.system import files
from spec2bdd.domain.gherkin.manifest.index import FeatureIndex
from spec2bdd.domain.specs.dialects import RenamingDialect, find_dialect
from spec2bdd.model import Spec
from spec2bdd.text.normalize import to_single_line


def add_former_texts(root: Path, specs: Sequence[Spec], features: FeatureIndex) -> tuple[Spec, ...]:
    """Add to criteria the texts that they had before they were renamed.

    The files are read only for specs with a criterion that their feature file does not record: nearly never.
    """
    read = []
    for spec in specs:
        paths = features.find_generated(spec.path) if spec.renamed_in else ()
        recorded = {entry.text for path in paths for entry in features.manifests[path].entries}
        has_unknown = any(to_single_line(criterion.text) not in recorded for criterion in spec.criteria)
        read.append(_read_renames(root, spec) if paths and has_unknown else spec)
    return tuple(read)


def _read_renames(root: Path, spec: Spec) -> Spec:
    """Read the files that say what was renamed in a spec; one that cannot be read says nothing."""
    dialect = find_dialect(spec.dialect).load()
    if not isinstance(dialect, RenamingDialect):
        return spec
    texts = []
    for pattern in spec.renamed_in:
        for path in files.find_matching(root, [pattern], suffix=".md"):
            with suppress(OSError):
                texts.append((root / path).read_text(encoding="utf-8", errors="replace"))
    return dialect.add_former_texts(spec, texts)
