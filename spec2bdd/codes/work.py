"""The codes of whole specs, of features and steps, of runs and of files, as plain data."""

from spec2bdd.codes.code import Code
from spec2bdd.model import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING

SPEC_CODES = (
    Code(
        "spec",
        ERROR,
        "the file is not UTF-8",
        "a file saved as Latin-1",
        "save it as UTF-8",
    ),
    Code(
        "too-deep",
        ERROR,
        "lists, quotes, emphasis or YAML are nested too deeply to be read",
        "a line that begins with `> > > >` five hundred times",
        "take some levels out",
    ),
    Code(
        "duplicate-id",
        ERROR,
        "two specs have one id, and neither is touched; or two criteria of a spec, and the second has none",
        "feature_id: 3.2",
        "give each spec its own `feature_id`, and each criterion an id of its own",
    ),
    Code(
        "path-taken",
        ERROR,
        "its feature file would be one of your own, or another spec's",
        "feature_id: 3.2\nname: Book returns",
        "rename that file, or change `name` or `feature_id`",
    ),
    Code(
        "unknown-dependency",
        WARNING,
        "a feature below `Upstream Dependencies` that no spec has",
        "- **Upstream Dependencies**: 9.9 (Ghosts)",
        "mend the id, or write the spec",
    ),
    Code(
        "unknown-language",
        WARNING,
        "Gherkin's keywords in that language are not known; those of the configuration are used",
        "language: tlh",
        "name one that the message lists",
    ),
    Code(
        "unusable-steps",
        WARNING,
        "a block of Gherkin, a table or a doc string below a criterion is left out of its steps",
        "- [ ] It is lent\n\n  ```gherkin\n  Feature: Loans\n  ```",
        "mend it, or write the scenario into a feature file of your own",
    ),
    Code(
        "edit",
        ERROR,
        "the edited text would not be read as the same spec, so nothing is written",
        "a fault of spec2bdd",
        "report it, with the spec",
    ),
)

FEATURE_CODES = (
    Code(
        "edited-by-hand",
        ERROR,
        "a generated file was edited; it is left as it is",
        "Scenario: A returned book can be lent agian",
        "undo the edit, or move the scenario to a file of your own",
    ),
    Code(
        "generated-twice",
        ERROR,
        "two files say that they were generated from one spec",
        "a copy of `features/2_4_book_returns.feature`",
        "delete the one that the message names",
    ),
    Code(
        "orphan",
        WARNING,
        "the spec of a generated file is gone; Behave still runs it",
        "`features/2_4_book_returns.feature` without `specs/2.4-returns.md`",
        "`spec2bdd generate --prune` removes it; or bring the spec back",
    ),
    Code(
        "unlinked-tag",
        WARNING,
        "a scenario of your own has the tag of a criterion that no spec has, so it proves none",
        "@ac_2_4_ac_77\nScenario: A book comes back",
        "correct the tag, or give the criterion that id",
    ),
    Code(
        "reworded",
        WARNING,
        "a criterion was taken for an earlier one in other words, and keeps its id",
        "- [x] A returned book can be lent again the same day",
        "`spec2bdd accept` if it is the same; an id of its own if it is another",
    ),
    Code(
        "wording-unclear",
        WARNING,
        "a criterion may be one of several earlier ones in other words, so it is taken for a new one",
        "- [ ] A returned book can be lent again",
        "write an id behind the text, to keep it over a new wording: `<!-- id: ... -->`",
    ),
    Code(
        "feature-syntax",
        ERROR,
        "Behave cannot parse a feature file, so nothing in it is run",
        "Feature: Returns\n  Scenario: One\n    Than it works",
        "mend the line that is named",
    ),
    Code(
        "feature-encoding",
        ERROR,
        "a feature file is not UTF-8, so nothing in it is run",
        "a feature file saved as Latin-1",
        "save it as UTF-8",
    ),
    Code(
        "step-import",
        ERROR,
        "a step file cannot be loaded, so nothing that needs its steps is run",
        "import libary",
        "mend the file at the line that is named",
    ),
    Code(
        "environment-import",
        ERROR,
        "`environment.py` cannot be loaded, so nothing is run",
        "import libary",
        "mend the file at the line that is named",
    ),
    Code(
        "ambiguous-step",
        ERROR,
        "two step definitions match one text, so no step that either of them matches is run",
        '@then("{name} is lent")\n@then("a book is lent")',
        "reword or remove one of them",
    ),
    Code(
        "bad-step-pattern",
        WARNING,
        "a pattern does not compile; Behave ignores the step",
        '@then("{a b} is lent")',
        "mend the pattern",
    ),
    Code(
        "step-syntax",
        ERROR,
        "a step file is not Python, so no stubs were added",
        "def a_book_is_lent(context)",
        "mend the file, then generate again",
    ),
    Code(
        "step-unseen",
        ERROR,
        "a step file has the definition of a step already, but Behave does not match the step with it",
        'use_step_matcher("re")',
        'type `use_step_matcher("parse")` above the definition',
    ),
    Code(
        "step-encoding",
        ERROR,
        "a step file is not UTF-8, so no stubs were added",
        "a step file saved as Latin-1",
        "save it as UTF-8",
    ),
)

RUN_CODES = (
    Code(
        "config",
        ERROR,
        "the configuration or the command line cannot be used, or there are no specs",
        'spec = "docs"',
        "write what the hint says; `docs/configuration.md` lists the keys",
    ),
    Code(
        "no-features",
        ERROR,
        "there is no feature file to run",
        "spec2bdd run",
        "type `spec2bdd generate` first",
    ),
    Code(
        "run",
        ERROR,
        "Behave or Python could not be started, or loading the steps ended it",
        "sys.exit(0)",
        "see what the message says",
    ),
    Code(
        "run-unfinished",
        ERROR,
        "`mark` was given the records of a run that did not end; it marks what is proved in them",
        "spec2bdd mark",
        "run again: `spec2bdd run`",
    ),
    Code(
        "run-died",
        ERROR,
        "Behave did not finish; what it had not proved is not touched",
        "os._exit(0)",
        "read its last words, which are shown",
    ),
    Code(
        "record",
        ERROR,
        "the records are missing, damaged, or of another run",
        "spec2bdd mark",
        "type `spec2bdd run` first",
    ),
    Code(
        "unreadable",
        ERROR,
        "a file cannot be read",
        "a spec that you have no right to read",
        "check that it is there and that you may read it",
    ),
    Code(
        "file-changed",
        ERROR,
        "a file changed while spec2bdd worked; it is left alone",
        "an editor that saves the spec during a run",
        "run the command again",
    ),
    Code(
        "write",
        ERROR,
        "a file cannot be written; it is left as it is",
        "a spec that is read-only",
        "check that you may write it and its folder",
    ),
)
