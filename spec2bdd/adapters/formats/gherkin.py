"""Parse feature files with the official parser of Gherkin, whose trees other tools of Cucumber's read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spec2bdd.adapters.system.digests import compute_digest
from spec2bdd.model.feature import ParsedFeature


def parse_features(contents: Mapping[str, bytes]) -> list[ParsedFeature]:
    """Parse feature files by their paths; all ids in the trees and pickles are different ones.

    A file that the parser refuses has an error instead of a tree: Behave accepts more than it does.
    """
    # Needed for the formats of Cucumber's alone, and a library of an extra.
    from gherkin.ast_builder import AstBuilder
    from gherkin.errors import CompositeParserException, ParserError
    from gherkin.parser import Parser
    from gherkin.pickles.compiler import Compiler
    from gherkin.stream.id_generator import IdGenerator

    ids = IdGenerator()
    parser, compiler = Parser(AstBuilder(ids)), Compiler(ids)
    features = []
    for path, content in contents.items():
        text, digest = content.decode("utf-8-sig", "replace"), compute_digest(content)
        try:
            document: Any = {**parser.parse(text), "uri": path}
        except ParserError as error:
            first = error.errors[0] if isinstance(error, CompositeParserException) else error
            location = getattr(first, "location", {})
            reason = str(first).partition("): ")[2] or str(first)
            features.append(ParsedFeature(path, text, digest, error=reason, error_line=location.get("line", 0)))
            continue
        features.append(ParsedFeature(path, text, digest, document, tuple(compiler.compile(document))))
    return features
