"""Choose the step file that the stubs of a spec go to.

A spec keeps its step file when its name changes, and no stub goes into a file that was written by hand.
"""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from spec2bdd.domain.gherkin.naming import build_feature_stem, choose_name
from spec2bdd.domain.steps.definitions import decode_python, decode_step_file
from spec2bdd.domain.steps.stubs import escape_doc
from spec2bdd.model import Spec
from spec2bdd.text.slugs import slugify

# The start of the docstring of `steps.jinja`; what follows the path of the spec may have been rewritten.
_HEADER = re.compile(rb'(?:\xef\xbb\xbf)?"""Steps for (?P<spec>[^\r\n"]+?\.md)(?=[.:,;"\s])', re.IGNORECASE)
# The rest of the docstring, as it is generated.
_GENERATED = b"These are yours: spec2bdd only adds what is missing."
_STEPS, _OWN = "_steps.py", "_spec_steps.py"
# What a file that stubs were added to imports, even if its docstring was rewritten.
_STUB_IMPORT = b"behave.api.pending_step"


def choose_step_files(specs: Sequence[Spec], *, folder: str, files: Mapping[str, bytes]) -> dict[str, str]:
    """Choose the step file of each spec, by the path of the spec.

    It is the file whose header names the spec; else the one with the name of the spec, or with the name of its feature
    file where two specs have one name. Where that file was written by hand, or is in another encoding than UTF-8, the
    stubs get a file of their own.
    """
    homes = _list_homes({path: content for path, content in files.items() if path.startswith(f"{folder}/")})
    slugs = {spec.path: slugify(choose_name(spec)) for spec in specs}
    counts = Counter(slugs.values())
    chosen: dict[str, str] = {}
    for spec in specs:
        slug = slugs[spec.path]
        stem = slug if counts[slug] == 1 else build_feature_stem(spec)
        named = f"{folder}/{stem}{_STEPS}"
        known = homes.get(escape_doc(spec.path), ())
        places = [named] if named in known or not known else known
        taking = next((path for path in places if _takes_stubs(files.get(path))), "")
        chosen[spec.path] = taking or f"{folder}/{stem}{_OWN}"
    return chosen


def find_with_step_file(specs: Sequence[Spec], files: Mapping[str, bytes]) -> frozenset[str]:
    """Find the paths of the specs that a step file was generated for, as its header says.

    A file with a docstring of its author's, even if that names the spec, may be older than spec2bdd in the project.
    """
    homes = _list_homes({path: content for path, content in files.items() if _GENERATED in content})
    return frozenset(spec.path for spec in specs if escape_doc(spec.path) in homes)


def find_hand_written(path: str) -> str:
    """Find the path of the hand-written step file that a file for stubs is next to; empty for any other file."""
    return path.removesuffix(_OWN) + _STEPS if path.endswith(_OWN) else ""


def _list_homes(files: Mapping[str, bytes]) -> dict[str, list[str]]:
    """List the step files whose header names a spec, by the path of that spec."""
    homes: dict[str, list[str]] = defaultdict(list)
    for path in sorted(files):
        if header := _HEADER.match(files[path]):
            homes[header["spec"].decode("utf-8", "replace")].append(path)
    return homes


def _takes_stubs(content: bytes | None) -> bool:
    """Whether stubs may go into a file: it is new or empty, or was generated.

    So may they into one that cannot be parsed, which is then reported: it may define the steps already.
    """
    if content and decode_step_file(content) is None and _is_python(content):
        # What is appended would not be in its encoding.
        return False
    if not content or not content.strip() or _HEADER.match(content) or _STUB_IMPORT in content:
        return True
    return not _is_python(content)


def _is_python(content: bytes) -> bool:
    """Whether Python can parse a file that has anything in it, in the encoding that it declares."""
    text = decode_python(content)
    try:
        return bool(text) and ast.parse(text.removeprefix("\ufeff")) is not None
    except (SyntaxError, ValueError):
        return False
