"""Read the documents whose sections specs name: the requirements document and the implementation plan."""

from __future__ import annotations

from collections.abc import Mapping

from spec2bdd.adapters.system import files
from spec2bdd.config import Config
from spec2bdd.diagnostics.build import build_diagnostic
from spec2bdd.domain.specs.markdown.blocks import TooLongError
from spec2bdd.domain.trace.sections import DocumentSection, parse_sections
from spec2bdd.model import Diagnostic
from spec2bdd.model.trace import SectionKind
from spec2bdd.model.values import dataclass
from spec2bdd.text.globs import compile_glob

_SUFFIX = ".md"


@dataclass(frozen=True, slots=True)
class Documents:
    """The sections of the documents by their kind, the text of each document by its path, and what is wrong with them.

    A kind of which no document could be read has no entry, so that nothing is compared with it.
    """

    sections: Mapping[SectionKind, tuple[DocumentSection, ...]]
    texts: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...] = ()


def read_documents(config: Config) -> Documents:
    """Read all documents that the configuration names."""
    sections: dict[SectionKind, tuple[DocumentSection, ...]] = {}
    texts: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    for kind, patterns in ((SectionKind.PRD, config.prd), (SectionKind.PLAN, config.plan)):
        for pattern in patterns:
            paths = find_document_paths(config, pattern)
            if not paths:
                message = f"`{kind}` names `{pattern}`, which matches no file"
                diagnostics.append(build_diagnostic("missing-document", message))
            for path in paths:
                try:
                    texts[path] = (files.read_file(config.root, path) or b"").decode("utf-8")
                    found = parse_sections(kind, path, texts[path])
                except (OSError, UnicodeDecodeError, RecursionError, TooLongError) as error:
                    reason = "not UTF-8" if isinstance(error, UnicodeDecodeError) else "too long or nested too deeply"
                    reason = str(error.strerror) if isinstance(error, OSError) else reason
                    message = f"`{kind}` names this document, which cannot be read: {reason}"
                    diagnostics.append(build_diagnostic("missing-document", message, path=path))
                else:
                    sections[kind] = (*sections.get(kind, ()), *found)
    return Documents(sections, texts, tuple(diagnostics))


def find_document_paths(config: Config, pattern: str) -> list[str]:
    """Find the documents that a pattern names: a file, all Markdown files of a folder, or what a glob matches."""
    base = files.find_base(pattern)
    if (config.root / pattern).is_file():
        return [pattern]
    glob = compile_glob(f"{pattern}/**" if base == pattern else pattern)
    return [path for path in files.find_files(config.root, base, suffix=_SUFFIX) if glob.fullmatch(path)]
