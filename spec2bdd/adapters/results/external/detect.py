"""The bytes of a results file in, the report of another tool out that it is, told by what stands in it."""

from __future__ import annotations

import json
from typing import Any

from spec2bdd.adapters.results.external.behave_json import parse_behave
from spec2bdd.adapters.results.external.cucumber_json import parse_cucumber
from spec2bdd.adapters.results.external.junit import parse_junit_report
from spec2bdd.errors import EvidenceError
from spec2bdd.model import ExternalReport

_BOM = b"\xef\xbb\xbf"


def is_external_report(content: bytes) -> bool:
    """Tell whether a file begins as no record file does: these begin with an object."""
    return content.removeprefix(_BOM).lstrip()[:1] in (b"<", b"[")


def parse_external_report(content: bytes, *, path: str) -> ExternalReport:
    """Return a report of Cucumber or Behave in JSON, or one in the form of JUnit.

    Raises:
        EvidenceError: it is none of them, is not whole, or speaks of nothing.
    """
    if content.removeprefix(_BOM).lstrip().startswith(b"<"):
        return parse_junit_report(content, path=path)
    features = _parse_features(content)
    # Behave gives a place as one text, Cucumber a `uri` and lines.
    if any("uri" in feature for feature in features):
        return parse_cucumber(features, path=path)
    return parse_behave(features, path=path)


def _parse_features(content: bytes) -> list[dict[str, Any]]:
    """Return the features of a report in JSON.

    Raises:
        EvidenceError: it is not whole, or holds none.
    """
    try:
        value = json.loads(content.removeprefix(_BOM).decode("utf-8"))
    except UnicodeDecodeError as error:
        raise EvidenceError("the report is not UTF-8 text") from error
    except RecursionError as error:
        raise EvidenceError("the JSON is nested too deeply for a report") from error
    except ValueError as error:
        hint = "a tool that died leaves such a file: run it again"
        raise EvidenceError(f"not whole JSON: {error}", hint=hint) from error
    if not value:
        raise EvidenceError("the report is empty: it speaks of no feature", hint="see why the run came to nothing")
    known = isinstance(value, list) and all(isinstance(one, dict) and "name" in one for one in value)
    if not known or not any("elements" in one for one in value):
        raise EvidenceError("this is neither a record file nor a report of Cucumber or Behave")
    return list(value)
