"""Rewrite the decorators of step definitions whose steps were reworded.

In a step file nothing changes but the string of a decorator, and the two strings of an untouched stub: the one that it
raises, and its docstring where that quotes the old wording. Each rewritten
file is verified by parsing it again: the two syntax trees may differ in these strings alone.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import field, replace

from spec2bdd.domain.expressions.ambiguity import compile_pattern, find_ambiguous_steps
from spec2bdd.domain.expressions.matchers import CUCUMBER, PARSE, is_same_matcher, translate_pattern
from spec2bdd.domain.expressions.patterns import rename_parameters
from spec2bdd.domain.gherkin.grammar.outlines import StepLine
from spec2bdd.domain.steps.definitions import StepDefinition, is_only_changed_there, plan_literal
from spec2bdd.domain.steps.renames import StepRename
from spec2bdd.domain.steps.step_sources import (
    PLACEHOLDER,
    STEP_CALL,
    DefinitionSite,
    StepKey,
    StepSources,
    is_every_row_matched,
)
from spec2bdd.domain.steps.stubs import DEFAULT_WIDTH, LEGACY_WIDTH, render_docstring, render_literal
from spec2bdd.model import StepAnswer
from spec2bdd.model.values import dataclass
from spec2bdd.text.edits import Edit, apply_edits

# An edit of a string literal, and the values of the literal before and after it.
_LiteralEdit = tuple[Edit, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RewriteResult:
    """The new texts of step files by path, and the registry's answers without a pattern where a definition followed.

    `notes` explain why a definition that is not a stub was not rewritten.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[StepAnswer, ...] = ()
    notes: tuple[str, ...] = ()


def rewrite_decorators(
    renames: Sequence[StepRename],
    answers: Sequence[StepAnswer],
    sources: StepSources,
    *,
    planned: Sequence[StepKey],
    matcher: str = PARSE,
    width: int = DEFAULT_WIDTH,
) -> RewriteResult:
    """Rewrite each decorator that can follow its renamed step; `planned` are all steps of the generated scenarios.

    The rows of an outline follow together. A decorator follows where exactly one definition has the pattern that
    spec2bdd writes for the old text, no other step uses it, and the new text is undefined and has parameters of the
    same types. Any other renamed step gets a stub, as a new step does. So does a step whose definition is written for
    another matcher than `matcher`, the one that the new texts were checked against.
    """
    rewriter = _DecoratorRewriter(answers, sources, planned, matcher, width=width)
    # Two renames can compete for one definition: sorted, the winner does not depend on the order of the specs.
    ordered = sorted(set(renames), key=lambda rename: (rename.before.kind, rename.before.text, rename.after.text))
    notes = [note for rename in ordered if (note := rewriter.plan_rename(rename))]
    texts = rewriter.render_texts()
    defined = {step for step, path in rewriter.defined.items() if path in texts}
    open_answers = tuple(
        replace(answer, pattern="") if (answer.query.kind, answer.query.text) in defined else answer
        for answer in answers
    )
    return RewriteResult(texts, open_answers, tuple(dict.fromkeys(notes)))


class _DecoratorRewriter:
    """The edits of one `generate`, planned rename by rename: each definition and each new step takes part in one."""

    def __init__(
        self,
        answers: Sequence[StepAnswer],
        sources: StepSources,
        planned: Sequence[StepKey],
        matcher: str,
        *,
        width: int,
    ) -> None:
        self.width = width
        self.sources, self.planned, self.matcher = sources, planned, matcher
        self.missing = {(answer.query.kind, answer.query.text): answer.pattern for answer in answers if answer.pattern}
        self.ambiguous = find_ambiguous_steps(answers, matcher)
        self.edits: dict[str, list[_LiteralEdit]] = defaultdict(list)
        self.rewritten: set[StepKey] = set()
        # The new steps that have a definition after the edits, with the step file that it is in.
        self.defined: dict[StepKey, str] = {}

    def plan_rename(self, rename: StepRename) -> str:
        """Plan the edits for one renamed step; return a note where a definition that is not a stub cannot follow."""
        # The new text must be undefined, and all rows of it must have one pattern.
        steps = [step for text in rename.after.texts if (step := (rename.after.kind, text)) in self.missing]
        patterns = {self.missing[step] for step in steps}
        if len(patterns) != 1 or any(step in self.ambiguous or step in self.defined for step in steps):
            return ""
        site = self._find_site(rename.before)
        if site is None or site.key in self.rewritten:
            return ""

        refusal = self._find_other_use(site, rename.before.texts)
        pattern = "" if refusal else _rename_parameters(site, patterns.pop(), rename)
        edits = _plan_edits(self.sources.texts[site.path], site.definition, pattern) if pattern else []
        if edits:
            edits += _plan_doc_edit(self.sources.texts[site.path], site.definition, rename, width=self.width)
        if edits:
            self.edits[site.path] += edits
            self.rewritten.add(site.key)
            # A definition made with `@step` serves steps of every kind.
            kinds = ("given", "when", "then") if site.definition.kind == "step" else (site.definition.kind,)
            defined = {(kind, text) for kind in kinds for text in rename.after.texts} & self.missing.keys()
            self.defined |= dict.fromkeys(defined, site.path)
            return ""

        # An untouched stub holds no work that could be lost: its successor is a stub too.
        if site.definition.is_stub:
            return ""
        if not refusal:
            refusal = "its pattern string cannot be edited exactly" if pattern else "its parameters changed"
        where = f"`@{site.definition.kind}` {site.definition.pattern!r} in {site.path}:{site.definition.line}"
        return f"{where} was not updated to the new wording: {refusal}; call its code from the new stub"

    def _find_site(self, line: StepLine) -> DefinitionSite | None:
        """Find the only definition of a step line, if its pattern is as spec2bdd writes it for the matcher."""
        sites = self.sources.find_sites(line)
        if len(sites) != 1 or not is_every_row_matched(line, [sites[0].pattern]):
            return None
        return sites[0] if is_same_matcher(sites[0].definition.matcher, self.matcher) else None

    def _find_other_use(self, site: DefinitionSite, old_texts: Sequence[str]) -> str:
        """Describe what else uses a definition, or may use it: to be safe, whatever looks like a step counts."""
        pattern = compile_pattern(site.pattern)
        if any(site.definition.kind in (kind, "step") and pattern.fullmatch(text) for kind, text in self.planned):
            return "another criterion uses the same step"
        # A keyword of any language, then the step.
        use = re.compile(rf"\S.*?(?:{pattern.pattern})", re.IGNORECASE)
        if any(map(use.fullmatch, self.sources.uses)):
            return "a hand-written feature file may use it"
        # A keyword and the step within a string, which may end on the line or go on with an escape.
        call = re.compile(rf".*{STEP_CALL.pattern}\s*(?:{pattern.pattern})(?:[\"'\\].*)?", re.IGNORECASE)
        if any(map(call.fullmatch, self.sources.calls)):
            return "step code may call it"
        # The placeholders of an outline match any value, since its examples are not parsed.
        for line in self.sources.uses:
            if "<" in line:
                parts = PLACEHOLDER.split(line.partition(" ")[2])
                outline = re.compile(".+".join(map(re.escape, parts)), re.IGNORECASE)
                if any(map(outline.fullmatch, old_texts)):
                    return "a hand-written outline may use it"
        return ""

    def render_texts(self) -> dict[str, str]:
        """Apply the planned edits, and keep each new text that differs from the old one in the edited strings alone."""
        texts: dict[str, str] = {}
        for path, planned in self.edits.items():
            before = self.sources.texts[path]
            after = apply_edits(before, [edit for edit, _ in planned])
            with suppress(SyntaxError, ValueError):
                if is_only_changed_there(before, after, values=[values for _, values in planned]) and after:
                    texts[path] = after
        return texts


def _rename_parameters(site: DefinitionSite, new_pattern: str, rename: StepRename) -> str:
    """Choose the pattern that a definition gets: the new one with the old parameter names, nothing if they differ."""
    before, after = rename.before.columns, rename.after.columns
    # A column may get another name, but where two of an outline change places each would get the value of the other.
    if any(old != new and old in after and new in before for old, new in zip(before, after, strict=False)):
        return ""
    # A Cucumber expression passes its values by position, so they must keep their order.
    return rename_parameters(site.pattern, new_pattern, ordered=site.definition.matcher == CUCUMBER)


def _plan_edits(text: str, definition: StepDefinition, pattern: str) -> list[_LiteralEdit]:
    """Plan the edits that give a definition another pattern, nothing if one of its strings cannot be edited."""
    spans = [definition.literal, *([definition.message] if definition.message else [])]
    written = translate_pattern(pattern, definition.matcher)
    fallback = render_literal(written)
    edits = [plan_literal(text, span, before=definition.pattern, after=written, fallback=fallback) for span in spans]
    return [(edit, (definition.pattern, written)) for edit in edits if edit] if all(edits) else []


def _plan_doc_edit(text: str, definition: StepDefinition, rename: StepRename, *, width: int) -> list[_LiteralEdit]:
    """Plan the edit of a stub's docstring that quotes the old wording; nothing if it was edited."""
    if definition.doc is None or not rename.new_doc:
        return []
    widths = (width, DEFAULT_WIDTH, LEGACY_WIDTH)
    old = {_read_doc(render_docstring(doc, width=length)) for doc in rename.old_docs for length in widths}
    written = render_docstring(rename.new_doc, width=width)
    new = _read_doc(written)
    if definition.doc_text not in old or new == definition.doc_text:
        return []
    edit = plan_literal(text, definition.doc, before=definition.doc_text, after=new, fallback=f'"""{written}"""')
    return [(edit, (definition.doc_text, new))] if edit else []


def _read_doc(written: str) -> str:
    """Read what Python makes of a docstring as it is written between its quotes."""
    return str(ast.literal_eval(f'"""{written}"""'))
