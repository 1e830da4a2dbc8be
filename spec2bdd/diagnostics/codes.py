"""The one table of all codes that a problem can carry: for the configuration, for reports and for the documentation."""

from collections.abc import Mapping

from spec2bdd.diagnostics.code import Code
from spec2bdd.diagnostics.criteria import COMMENT_CODES, CRITERIA_CODES
from spec2bdd.diagnostics.front import FRONT_CODES
from spec2bdd.diagnostics.work import FEATURE_CODES, RUN_CODES, SPEC_CODES

GROUPS: Mapping[str, tuple[Code, ...]] = {
    "In front matter": FRONT_CODES,
    "In criteria": CRITERIA_CODES,
    "In comments to spec2bdd": COMMENT_CODES,
    "In a spec as a whole": SPEC_CODES,
    "In features and steps": FEATURE_CODES,
    "In a run, or with files": RUN_CODES,
}
CODES: Mapping[str, Code] = {code.name: code for codes in GROUPS.values() for code in codes}

__all__ = ["CODES", "GROUPS", "Code"]
