"""Build the diagnostics of a plan: what keeps a spec from being generated, and what its author should check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from enum import StrEnum

from spec2bdd.diagnostics.broken_edits import suggest_undo
from spec2bdd.domain.gherkin.grammar.keywords import LANGUAGES, find_language
from spec2bdd.domain.gherkin.manifest.manifest import FeatureManifest
from spec2bdd.domain.gherkin.phrasing.phrasing import phrase_criterion
from spec2bdd.domain.planning.given_ids import suggest_id_comment
from spec2bdd.domain.tracking.matching import CriterionMatch
from spec2bdd.domain.tracking.wording import is_new_wording
from spec2bdd.model import Criterion, Diagnostic, ProofSource, Severity, Spec, TrackedCriterion
from spec2bdd.text.normalize import to_single_line
from spec2bdd.text.slugs import slugify_unique

# How many texts a warning about an ambiguous rewording quotes.
_MOST_QUOTED = 3


class Former(StrEnum):
    """How a spec without a feature file is known to have been met earlier, if it was."""

    UNKNOWN = "unknown"
    SPEC = "spec"
    """A step file was generated for the spec."""
    FEATURE = "feature"
    """A commit or the last run has its feature file."""
    TRACKED = "tracked"
    """The index of git has its feature file, so `git restore` restores it."""


def describe_edits(path: str, manifest: FeatureManifest | None, ids: Set[str]) -> tuple[Diagnostic, ...]:
    """Build an error for each part of a generated file that was edited by hand; `ids` are those of the criteria."""
    if manifest is None:
        return ()
    # The criterion of each edited block by its line; other edited lines belong to none.
    criteria = dict.fromkeys(manifest.odd_lines, "") | {block.line: block.id for block in manifest.edited}
    movable = {block.line for block in manifest.edited if block.id in ids and block.is_movable}
    message = "edited by hand; the file is not overwritten"
    # Not by deleting the scenario: the file would forget what it records of the criterion.
    undo = suggest_undo(path)
    diagnostics: list[Diagnostic] = []
    for line in sorted([*manifest.odd_lines, *(block.line for block in manifest.edited)]):
        hint = f"{undo}; or move your lines to a hand-written feature file with the criterion's tag"
        if criteria[line]:
            # A renamed scenario may match no criterion any more, and then there is nothing to eject.
            hint = undo
        if line in movable:
            hint = (
                f"run `spec2bdd eject {criteria[line]}` to move the scenario to a hand-written feature file; or {undo}"
            )
        diagnostics.append(Diagnostic(path, line, 1, Severity.ERROR, "edited-by-hand", message, hint))
    return tuple(diagnostics)


def describe_shared_key(key: str, spec: Spec, twins: Sequence[Spec]) -> Diagnostic:
    """Build the error for a spec whose id another spec has too."""
    others = ", ".join(f"`{twin.path}`" for twin in twins if twin is not spec)
    # A spec without the field has its id from its file name.
    place = spec.find_field("feature_id")
    line, column = (place.line, place.column) if place else (1, 1)
    message = f"the id `{place.value if place else key}` is also used by {others}"
    return Diagnostic(
        spec.path, line, column, Severity.ERROR, "duplicate-id", message, "give each spec its own `feature_id`"
    )


def describe_taken_path(spec_path: str, path: str, *, mine: bool) -> Diagnostic:
    """Build the error for a spec whose feature would overwrite a file of the user (`mine`) or of another spec."""
    what = "a hand-written feature" if mine else "another spec"
    message = f"feature file `{path}` already belongs to {what}"
    hint = "rename that file, or give the spec another `name` or `feature_id`"
    return Diagnostic(spec_path, 1, 1, Severity.ERROR, "path-conflict", message, hint)


def describe_shared_id(path: str, tracked: TrackedCriterion) -> Diagnostic:
    """Build the error for a criterion whose id a criterion of another spec has too."""
    message = f"the id `{tracked.id}` is also used by a criterion in another spec; neither spec was changed"
    return _describe_duplicate(
        path, tracked.criterion, message, "give the criterion another id, or the spec another `feature_id`"
    )


def describe_twins(path: str, matches: Sequence[CriterionMatch]) -> list[Diagnostic]:
    """Build an error for each criterion with an author's id that an earlier criterion of the spec has too."""
    first: dict[str, Criterion] = {}
    diagnostics: list[Diagnostic] = []
    for criterion in (match.criterion for match in matches if match.criterion.given_id):
        # Tags are made from slugs, so two ids that differ in punctuation alone are the same.
        twin = first.setdefault(slugify_unique(criterion.given_id), criterion)
        if twin is not criterion:
            same = criterion.given_id == twin.given_id
            alike = "" if same else f" as `{twin.given_id}`, which gives the same tag"
            message = f"the id `{criterion.given_id}` is already used on line {twin.line}{alike}"
            diagnostics.append(_describe_duplicate(path, criterion, message, "give each criterion its own id"))
    return diagnostics


def _describe_duplicate(path: str, criterion: Criterion, message: str, hint: str) -> Diagnostic:
    return Diagnostic(path, criterion.line, criterion.column, Severity.ERROR, "duplicate-id", message, hint)


def describe_copy(path: str, spec_path: str, original: str) -> Diagnostic:
    """Build the error for a second file whose header says that it was generated from a spec."""
    message = f"copy of `{original}`: both have the header of `{spec_path}`, and Behave runs both"
    hint = "delete it, or remove its header and tags to make it a hand-written file"
    return Diagnostic(path, 1, 1, Severity.ERROR, "generated-twice", message, hint)


def describe_same_texts(path: str, identified: Sequence[TrackedCriterion]) -> list[Diagnostic]:
    """Build a warning for each criterion whose scenario would have the name of an earlier one."""
    first: dict[str, Criterion] = {}
    diagnostics: list[Diagnostic] = []
    # Reports of other tools cannot distinguish two scenarios with one name.
    for criterion in (tracked.criterion for tracked in identified if tracked.proof is ProofSource.GENERATED):
        twin = first.setdefault(to_single_line(criterion.text), criterion)
        if twin is not criterion:
            place = (path, criterion.line, criterion.column)
            message = f"same text as line {twin.line}, so both get the same steps"
            hint = "reword one of the two or delete it"
            diagnostics.append(Diagnostic(*place, Severity.WARNING, "same-text", message, hint))
    return diagnostics


def describe_new_wordings(path: str, matches: Sequence[CriterionMatch]) -> list[Diagnostic]:
    """Build a warning for each criterion that was taken for an earlier one with another text, or may be one."""
    diagnostics: list[Diagnostic] = []
    for match in matches:
        line, column = match.criterion.line, match.criterion.column
        # Nearly every match is clear, and a comment takes time to suggest.
        if match.alike:
            comment = suggest_id_comment(match.criterion.text)
            texts = ", ".join(f"`{text}`" for text in match.alike[:_MOST_QUOTED])
            texts += ", ..." if len(match.alike) > _MOST_QUOTED else ""
            message = f"possibly a rewording of {texts}; the match is not clear, so it is a new criterion"
            hint = f"to keep an id across rewordings, add `{comment}` after the text"
            diagnostics.append(Diagnostic(path, line, column, Severity.WARNING, "wording-unclear", message, hint))
        elif match.recorded and is_new_wording(match.criterion, match.recorded):
            comment = suggest_id_comment(match.criterion.text)
            message = f"matched with the earlier wording `{match.recorded.text}`; it keeps the id `{match.id}`"
            hint = f"if it is a different criterion, add `{comment}` after its text"
            diagnostics.append(Diagnostic(path, line, column, Severity.WARNING, "reworded", message, hint))
    return diagnostics


def describe_unproved_ticks(
    path: str, identified: Sequence[TrackedCriterion], *, lost: str, former: Former
) -> Iterator[Diagnostic]:
    """Yield a warning for each criterion that is new in a spec of before and ticked already, which nothing has proved.

    `lost` is the feature file of a spec that was met earlier, if it is gone: then there is one warning for all, and
    `former` is how it is known.
    """
    provable = (ProofSource.GENERATED, ProofSource.HAND_WRITTEN)
    ticked = [
        item.criterion
        for item in identified
        if not item.known and not item.unverified and item.criterion.box.ticked and item.proof in provable
    ]
    # It is new, or its scenario was deleted from the feature file.
    message = "ticked, but no scenario of this criterion is recorded; the tick is removed unless its scenario passes"
    hint = "write its steps, if they are missing; `spec2bdd verify` keeps the tick if they pass"
    if lost:
        boxes = "this box is" if len(ticked) == 1 else f"this box and {len(ticked) - 1} more are"
        gone = f"`{lost}`, which recorded the proof, is gone"
        hint = "restore the file"
        if former is Former.TRACKED:
            hint = f"restore the file, such as with `git restore {lost}`"
        elif former is Former.SPEC:
            # Nothing says that the file was ever at this path.
            gone = f"there is no `{lost}`, although stubs were generated for this spec"
            hint = "restore the feature file, or correct `features` in the configuration if it is in another folder"
        message = f"{boxes} ticked, but {gone}; what does not pass is unticked"
    for criterion in ticked[:1] if lost else ticked:
        line, column = criterion.line, criterion.column
        yield Diagnostic(path, line, column, Severity.WARNING, "unproved-tick", message, hint)


def describe_faults(path: str, identified: Sequence[TrackedCriterion], language: str) -> Iterator[Diagnostic]:
    """Yield a warning for each block under a criterion that cannot be used as steps of its scenarios."""
    for tracked in identified:
        if tracked.proof is ProofSource.GENERATED and tracked.criterion.nested:
            for fault in phrase_criterion(tracked.criterion, language).faults:
                message = f"cannot be used as steps: {fault.message}"
                hint = "fix it, or write the scenario in a hand-written feature file"
                # A fault without a line of its own concerns the whole block.
                line = fault.line or tracked.criterion.line
                yield Diagnostic(path, line, 1, Severity.WARNING, "unusable-steps", message, hint)


def describe_language(spec: Spec) -> Iterator[Diagnostic]:
    """Yield a warning if the front matter names a language without Gherkin keywords."""
    place = spec.find_field("language")
    if place and place.value and not find_language(place.value):
        message = f"unknown Gherkin language `{place.value}`"
        hint = f"use one of {', '.join(f'`{code}`' for code in LANGUAGES)}"
        yield Diagnostic(spec.path, place.line, place.column, Severity.WARNING, "unknown-language", message, hint)
