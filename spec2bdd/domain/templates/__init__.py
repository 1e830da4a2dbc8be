"""Render the templates of generated files; no other package uses jinja2.

Most texts are the same as in the last run. `recall_texts` takes what was rendered then, and jinja2 is only imported
for what is new.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


# Of more characters than this, no text is remembered: jinja2 is a small part of the time then, and the texts would be a
# large part of all memory in use.
_MOST_REMEMBERED = 500_000


class _Memory:
    """The texts of an earlier run, and those of this one, by the digest of what they were rendered from."""

    __slots__ = ("recalled", "rendered", "size")

    def __init__(self) -> None:
        self.recalled: Mapping[str, str] = {}
        self.rendered: dict[str, str] = {}
        self.size = 0

    def render(self, render: Callable[[], str], name: str, values: Mapping[str, object]) -> str:
        """Recall a text, or render it; values with the same `repr` give the same text."""
        if self.size > _MOST_REMEMBERED:
            return render()
        key = hashlib.sha256(repr((name, values)).encode()).hexdigest()
        text = self.recalled.get(key)
        self.rendered[key] = text = render() if text is None else text
        self.size += len(text)
        if self.size > _MOST_REMEMBERED:
            self.rendered.clear()
        return text


_memory = _Memory()


def render_template(name: str, /, **values: object) -> str:
    """Render the template `name` with `values`; a missing value is an error, and nothing is escaped."""
    return _memory.render(lambda: _load_environment().get_template(name).render(**values), name, values)


def render_part(name: str, /, **values: object) -> str:
    """Render the macro `render` of the template `name`, for small texts of which there are many.

    Calling a macro takes about a quarter of the time of rendering a template (jinja2 3.1.6).
    """
    return _memory.render(lambda: str(_load_macro(name)(**values)), name, values)


def recall_texts(texts: Mapping[str, str]) -> None:
    """Start a run with the texts that `list_new_texts` gave in an earlier one, with these very templates."""
    _memory.recalled, _memory.rendered, _memory.size = texts, {}, 0


def list_new_texts() -> Mapping[str, str]:
    """List the texts of this run, if any of them is new and they are not too many to remember."""
    is_new = not _memory.rendered.keys() <= _memory.recalled.keys()
    return _memory.rendered if is_new else {}


@cache
def _load_macro(name: str) -> Any:
    """Load the macro `render` of a template."""
    return _load_environment().get_template(name).module.render  # type: ignore[attr-defined]


@cache
def _load_environment() -> Environment:
    """Create the environment of all templates."""
    # Importing jinja2 takes three times as long as starting Python, and only new texts need it.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("spec2bdd.domain", "templates"),
        autoescape=False,  # noqa: S701 - Gherkin and Python are escaped by `domain.gherkin` and `domain.steps`, not as HTML
        undefined=StrictUndefined,
        # A line that holds nothing but a block tag leaves no trace in the output.
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # The templates are part of the package: without this, each use would look at the time of the file.
        auto_reload=False,
    )
