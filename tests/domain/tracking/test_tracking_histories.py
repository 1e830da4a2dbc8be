"""Random histories of a spec, compared with a model: no id goes to another criterion, no step body changes."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from planned_project import World, make_criterion, make_spec
from rewording_project import regenerate

from spec2bdd.model import Spec, Tier

PATH = "specs/1.md"
EXAMPLES = int(os.environ.get("SPEC2BDD_HISTORIES", "25"))
# Words without common parts, so that the model knows which criteria are the same.
SYLLABLES = ["ba", "ke", "ti", "lo", "mu", "ra", "se", "ni", "do", "fu"]
TIERS = [Tier.MUST, Tier.SHOULD, Tier.COULD]


@dataclass
class Item:
    """One criterion of the model: its identity, and its content in the spec."""

    soul: int
    words: list[str]
    tier: Tier = Tier.MUST
    ticked: bool = False


@dataclass
class Life:
    """A spec that is edited, and the ids that its criteria have got."""

    items: list[Item] = field(default_factory=list)
    souls: int = 0
    words: int = 0
    path: str = PATH
    feature_id: str = "1.1"
    ids: dict[int, str] = field(default_factory=dict)

    def derive_spec(self) -> Spec:
        """Build the spec in its current state."""
        criteria = [
            make_criterion(" ".join(item.words), tier=item.tier, mark="x" if item.ticked else " ")
            for item in self.items
        ]
        return make_spec(*criteria, path=self.path, feature_id=self.feature_id)

    def make_words(self, count: int) -> list[str]:
        """Return words that were never used."""
        self.words += count
        return [_spell(number) for number in range(self.words - count, self.words)]

    def add(self, words: list[str], place: int) -> None:
        """Insert a criterion that was not there before."""
        self.souls += 1
        self.items.insert(place % (len(self.items) + 1), Item(self.souls, words))


def _spell(number: int) -> str:
    """Spell a number as a word that no ending and no typo turns into another."""
    return "x" + "".join(SYLLABLES[int(digit)] for digit in f"{number:04d}") + "o"


def edit(life: Life, name: str, place: int, other: int) -> None:
    """Make one edit of the spec."""
    if name == "insert" or not life.items:
        life.add(life.make_words(6), place)
    elif name == "rename":
        life.path = f"specs/{other}.md"
    elif name == "renumber":
        life.feature_id = f"{other + 2}.{place}"
    else:
        index = place % len(life.items)
        edit_item(life, name, index, other)
        edit_words(life, name, life.items[index % len(life.items)] if life.items else Item(0, []), index, other)


def edit_item(life: Life, name: str, index: int, other: int) -> None:
    """Edit one criterion, except for its words."""
    if name == "delete":
        del life.items[index]
    elif name == "move":
        life.items.insert(other % len(life.items), life.items.pop(index))
    elif name == "tier":
        life.items[index].tier = TIERS[other % 3]
    elif name == "tick":
        life.items[index].ticked ^= True


def edit_words(life: Life, name: str, item: Item, index: int, other: int) -> None:
    """Edit the words of one criterion."""
    if name == "reword":
        item.words = [*item.words[:4], *life.make_words(1), *item.words[4:]]
    elif name == "shorten" and len(item.words) > 5:
        del item.words[other % len(item.words)]
    elif name == "typography":
        item.words = [word.upper() if number == other % 3 else word for number, word in enumerate(item.words)]
    elif name == "split" and len(item.words) > 5:
        life.add(item.words[-2:] + life.make_words(3), index + 1)
        item.words = item.words[:-2]
    elif name == "merge" and len(life.items) > 1 and len(item.words) > 3:
        gone = life.items.pop((index + 1) % len(life.items))
        item.words = item.words + gone.words[:2]


NAMES = "insert insert delete move reword reword shorten typography tier tick split merge rename renumber"
EDITS = st.tuples(
    st.sampled_from(NAMES.split()),
    st.integers(0, 9),
    st.integers(0, 9),
)


def implement(steps: Mapping[str, bytes], turn: int) -> dict[str, bytes]:
    """Implement the first stub of each step file."""
    stub = re.compile(rb"    raise StepNotImplementedError\((?:[^()]|\n)*?\)\n")
    return {
        path: stub.sub(b"    assert context is None, %d  # mine\n" % turn, text, count=1)
        for path, text in steps.items()
    }


def list_bodies(steps: Mapping[str, bytes]) -> dict[str, bytes]:
    """List the lines of each implemented function, from its name on."""
    bodies: dict[str, bytes] = {}
    for path, content in steps.items():
        lines = content.splitlines(keepends=True)
        for node in ast.parse(content).body:
            if isinstance(node, ast.FunctionDef) and b"# mine" in (
                text := b"".join(lines[node.lineno - 1 : node.end_lineno])
            ):
                bodies[f"{path} {node.name}"] = text
    return bodies


def check_ids(life: Life, world: World) -> None:
    """Compare the ids with the model: each criterion keeps its id, and no other one ever gets it."""
    assert len(world.ids) == len(set(world.ids)) == len(life.items)
    for item, found in zip(life.items, world.ids, strict=True):
        assert life.ids.setdefault(item.soul, found) == found, (item, world.diagnostics)
    owners = {found: soul for soul, found in life.ids.items()}
    assert len(owners) == len(life.ids)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.lists(EDITS, min_size=1, max_size=2), min_size=2, max_size=7))
def test_no_id_goes_to_another_criterion_and_no_body_changes_in_any_life(
    history: list[list[tuple[str, int, int]]],
) -> None:
    life, world = Life(), World()
    for place in range(4):
        life.add(life.make_words(6), place)
    for turn, edits in enumerate(history):
        renumbered = any(name == "renumber" for name, _, _ in edits)
        for name, place, other in edits:
            # A spec whose file and number are new at once is a new spec.
            edit(life, "tier" if renumbered and name == "rename" else name, place, other)
        before = list_bodies(world.steps)
        world = regenerate(world, life.derive_spec())
        again = regenerate(world, life.derive_spec())
        assert (world.features, world.steps) == (again.features, again.steps)
        assert before.items() <= list_bodies(world.steps).items()
        check_ids(life, world)
        world = World(world.features, implement(world.steps, turn))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.tuples(EDITS, st.booleans()), min_size=1, max_size=8))
def test_copies_of_one_text_never_cost_an_id(history: list[tuple[tuple[str, int, int], bool]]) -> None:
    life, world = Life(), World()
    for place in range(3):
        life.add(life.make_words(6), place)
    for (name, place, other), copied in history:
        if copied and life.items:
            life.add(list(life.items[place % len(life.items)].words), other)
        else:
            edit(
                life, "insert" if name in ("reword", "shorten", "split", "merge", "typography") else name, place, other
            )
        known = {(" ".join(item.criterion.text.split()), item.id) for draft in world.drafts for item in draft.tracked}
        world = regenerate(world, life.derive_spec())
        assert len(world.ids) == len(set(world.ids)) == len(life.items)
        now = {(" ".join(item.criterion.text.split()), item.id) for draft in world.drafts for item in draft.tracked}
        texts = {spec_id: text for text, spec_id in known}
        assert all(texts.get(spec_id, text) == text for text, spec_id in now)
        assert regenerate(world, life.derive_spec()).features == world.features
