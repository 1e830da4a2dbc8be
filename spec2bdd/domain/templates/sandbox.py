"""Render the template of new specs, which may be one of the user's own: all that it can do is to build a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from traceback import extract_tb
from typing import TYPE_CHECKING

from spec2bdd.errors import TemplateError
from spec2bdd.text.scalars import quote_scalar

if TYPE_CHECKING:
    from jinja2 import Environment

BUILT_IN = "spec.md.jinja"
"""The name of the template that comes with spec2bdd."""

# The name that jinja2 gives to a template that is no file, in tracebacks.
_UNNAMED = "<template>"
# Plain values that every YAML loader reads as one line of text, or as a number or a time with this very text.
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_./,()+@; -]|:(?=[A-Za-z0-9]))*(?<! )")


def load_spec_template() -> str:
    """Load the template that comes with spec2bdd, as a text to be adapted."""
    environment = _load_environment()
    # The loader is that of the package.
    return environment.loader.get_source(environment, BUILT_IN)[0] if environment.loader else ""


def render_spec_template(source: str, values: Mapping[str, object], *, path: str) -> str:
    """Render a template of specs with values, which are never templates themselves.

    Raises:
        TemplateError: the template is invalid or fails; the position is the line in it.
    """
    from jinja2 import TemplateSyntaxError

    try:
        return _load_environment().from_string(source).render(**values)
    except Exception as error:
        # A template can fail in any way that Python code can. jinja2 knows lines, and no columns.
        lines = [frame.lineno or 0 for frame in extract_tb(error.__traceback__) if frame.filename == _UNNAMED]
        text = str(error)
        if isinstance(error, TemplateSyntaxError):
            lines, text = [error.lineno], error.message or text
        line = lines[-1] if lines else 0
        reason = next(iter(text.splitlines()), type(error).__name__)
        hint = f"its values are {', '.join(f'`{name}`' for name in values)}"
        message = f"cannot render the template: {reason}"
        raise TemplateError(message, path=path, line=line, column=min(line, 1), hint=hint) from error


def render_yaml_scalar(value: object) -> str:
    """Render a text as a YAML value on one line, quoted where it has to be."""
    text = str(value)
    return text if _PLAIN.fullmatch(text) else quote_scalar(text)


@cache
def _load_environment() -> Environment:
    """Create the environment: sandboxed, since a template may come with a pull request."""
    # Only `new` renders specs.
    from jinja2 import PackageLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(
        loader=PackageLoader("spec2bdd.domain", "templates"),
        # Values are escaped as YAML where they have to be; Markdown is no HTML.
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["yaml"] = render_yaml_scalar
    return environment
