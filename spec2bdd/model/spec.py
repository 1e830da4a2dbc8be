"""What a Markdown spec says: its fields, its criteria, its done items."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from spec2bdd.model.diagnostic import Diagnostic, Severity
from spec2bdd.model.values import dataclass


class Tier(StrEnum):
    """How much a criterion matters to acceptance."""

    MUST = "must"
    SHOULD = "should"
    COULD = "could"
    WONT = "wont"


def name_tiers(tiers: Iterable[Tier], count: int = 0) -> str:
    """Name the criteria of some tiers, such as `musts` or `musts and shoulds`; of a `count` of 1, `must`."""
    return " or ".join(tiers) if count == 1 else " and ".join(f"{tier}s" for tier in tiers)


class Status(StrEnum):
    """The four statuses that spec2bdd sets; any other belongs to its author and is kept."""

    DRAFT = "Draft"
    IN_PROGRESS = "In Progress"
    REVIEW = "Review"
    COMPLETE = "Complete"


class BoxKind(StrEnum):
    """Where a spec keeps the mark of an item."""

    # The character between the brackets of a checkbox.
    BOX = "box"
    # A comment after the item, such as `<!-- passed -->`.
    COMMENT = "comment"
    # The cell of a table, such as `Status`.
    CELL = "cell"
    # Nowhere: the verdict is shown, and nothing is written.
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Box:
    """The mark of an item, and where it is in the text of the spec: `length` characters from `offset` on.

    `mark` is the character in a checkbox. A comment counts as `x`, and the place for one, which is empty, as a blank;
    so do the words of a cell, where `opposite` is the cell with the other mark.
    """

    mark: str
    offset: int
    length: int = 1
    kind: BoxKind = BoxKind.BOX
    opposite: str = ""

    @property
    def ticked(self) -> bool:
        """Whether the box counts as ticked; `~` and `-` do not."""
        return self.mark in ("x", "X")

    @property
    def set_aside(self) -> bool:
        """Whether the author set the item aside with `[~]` or `[-]`; no result changes such a box."""
        return self.mark in ("~", "-")


@dataclass(frozen=True, slots=True)
class Field:
    """One front-matter value as raw text; `start` and `end` frame what may be replaced, `None` if nothing may.

    A quoted value is framed between its quotes, and `quote` names them (`'`, `"` or nothing). `value` is the text with
    quotes and escapes resolved, so that `3.10` stays "3.10". `placeholder` is set for a template's unfilled `[...]`.
    """

    key: str
    value: str
    line: int
    column: int
    start: int | None = None
    end: int | None = None
    quote: str = ""
    placeholder: bool = False


class NestedBlockKind(StrEnum):
    """The kinds of content under a criterion other than further boxes."""

    BULLET = "bullet"
    CODE = "code"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class NestedBlock:
    """One thing under a criterion, in file order; what is inside a bullet follows it, one `depth` deeper.

    `text` is a bullet's clean text or a code block's text without its fence; `info` is the word after the fence,
    such as `gherkin`; `rows` are the clean cells of a table, its header first.
    """

    kind: NestedBlockKind
    text: str = ""
    info: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    depth: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Criterion:
    """One checklist item that acceptance depends on.

    `text` is clean text (inline Markdown, ids and notes taken out, white space runs made single spaces); `given_id` is
    the id that the author wrote, if any; `bullets` are the clean texts of the plain list items right under it; `group`
    is the heading that gathers criteria where a spec has several blocks. `waived` holds the author's reason,
    `tags` those that the author gives the scenarios. `name` is that of the scenario, where it is not the text, `number`
    what the spec calls the criterion, such as `1.2`, and `start` the offset of its text. `former` are texts that it had
    before its project recorded that it is called otherwise now, which is no rewording.
    """

    tier: Tier
    text: str
    box: Box
    line: int
    column: int
    given_id: str = ""
    group: str = ""
    bullets: tuple[str, ...] = ()
    parent: int | None = None
    manual: bool = False
    waived: str = ""
    nested: tuple[NestedBlock, ...] = ()
    tags: tuple[str, ...] = ()
    name: str = ""
    number: str = ""
    start: int = 0
    former: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DoneItem:
    """One item of the definition of done."""

    text: str
    box: Box
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Dependency:
    """A word under `Upstream Dependencies` that may be the id of a feature, such as `3.2` or `AUTH-2`."""

    id: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Checkbox:
    """One checkbox of a file and how it was read; `reason` says why it is no criterion, where it is none.

    `decided_by` is the heading or label that decided what the boxes of its list are, in `decided_line`. `manual` and
    `waived` are those of the criterion.
    """

    line: int
    column: int
    mark: str
    text: str
    section: str
    tier: Tier | None = None
    given_id: str = ""
    reason: str = ""
    manual: bool = False
    waived: str = ""
    decided_by: str = ""
    decided_line: int = 0


@dataclass(frozen=True, slots=True)
class SpecReading:
    """How a file was read: its dialect, what shows that it is written in it, and its checkboxes.

    Each criterion without a box has an entry, too; its `mark` is empty.
    """

    path: str
    dialect: str
    detected_by: str
    checkboxes: tuple[Checkbox, ...]


@dataclass(frozen=True, slots=True)
class Spec:
    """One Markdown spec as read: `path` is relative to the root, with `/`, `content` the whole file, which is UTF-8.

    `parent` of a criterion is an index into `criteria`. Offsets count characters of `text`, BOM and CR included.
    `unread` are the lines with something among the criteria that looks like a box or a heading and was not read.
    `derived_id` is the id that the path gives a spec without a `feature_id`. `is_template` is set if nothing in it is
    filled in. `dialect` names the way it is written, and `statuses` has that way's words for the four statuses, if it
    has words of its own: the first one for a status is the one that is written. `merged_from` is a pattern of the paths
    of specs whose criteria belong to this spec once these specs are gone. `renamed_in` are patterns of the paths of
    files that say what was renamed in this spec, in the order of time.
    """

    path: str
    content: bytes
    fields: tuple[Field, ...] = ()
    title: str = ""
    purpose: str = ""
    criteria: tuple[Criterion, ...] = ()
    done_items: tuple[DoneItem, ...] = ()
    upstream: tuple[Dependency, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    unread: tuple[int, ...] = ()
    derived_id: str = ""
    is_template: bool = False
    dialect: str = "template"
    statuses: tuple[tuple[str, Status], ...] = ()
    merged_from: str = ""
    renamed_in: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the decoded file; it is not kept, since a letter beyond Latin doubles what it takes."""
        return self.content.decode("utf-8")

    @property
    def has_errors(self) -> bool:
        """Whether a part of it could not be read, so that what it asks for is not certain."""
        return any(diagnostic.severity is Severity.ERROR for diagnostic in self.diagnostics)

    def find_field(self, key: str) -> Field | None:
        """Return the field of that name, if the spec has it filled in."""
        return next((field for field in self.fields if field.key == key and not field.placeholder), None)

    def find_value(self, key: str) -> str:
        """Return the filled-in value of that name, or nothing."""
        found = self.find_field(key)
        return found.value if found else ""
