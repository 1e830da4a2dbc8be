"""Criteria in, out a warning for each part that their authors meant as steps and that cannot become any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES, find_language
from spec2bdd.domain.gherkin.phrasing.nested import parse_nested
from spec2bdd.model import Identified, Problem, Proof, Severity, Spec


def describe_faults(path: str, identified: Sequence[Identified], language: str) -> Iterator[Problem]:
    """Yield a warning for each part below a criterion that was left out of its scenarios."""
    for item in identified:
        if item.proof is Proof.GENERATED and item.criterion.nested:
            for fault in parse_nested(item.criterion, language).faults:
                message = f"this is not used as steps: {fault.message}"
                hint = "mend it, or write the scenario into a feature file of your own"
                line = fault.line or item.criterion.line
                yield Problem(path, line, 1, Severity.WARNING, "unusable-steps", message, hint)


def describe_language(spec: Spec) -> Iterator[Problem]:
    """Yield a warning if the front matter names a language whose keywords we do not have."""
    place = spec.find_field("language")
    if place and place.value and not find_language(place.value):
        message = f"the keywords of the language `{place.value}` are not known"
        hint = f"one of {', '.join(f'`{code}`' for code in LANGUAGES)}"
        yield Problem(spec.path, place.line, place.column, Severity.WARNING, "unknown-language", message, hint)
