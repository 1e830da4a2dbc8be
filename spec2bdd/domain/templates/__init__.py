"""Render the templates of generated files; no other package uses jinja2."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


def render_template(name: str, /, **values: object) -> str:
    """Render the template `name` with `values`; a missing value is an error, and nothing is escaped."""
    return _load_environment().get_template(name).render(**values)


def render_part(name: str, /, **values: object) -> str:
    """Render the macro `render` of the template `name`, for small texts of which there are many.

    Calling a macro takes about a quarter of the time of rendering a template (jinja2 3.1.6).
    """
    return str(_load_macro(name)(**values))


@cache
def _load_macro(name: str) -> Any:
    """Load the macro `render` of a template."""
    return _load_environment().get_template(name).module.render  # type: ignore[attr-defined]


@cache
def _load_environment() -> Environment:
    """Create the environment of all templates."""
    # Importing jinja2 takes three times as long as starting Python, and only `generate` needs it.
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
