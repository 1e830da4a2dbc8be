"""The codes of front matter, as plain data."""

from spec2bdd.diagnostics.code import Code
from spec2bdd.model import Severity

ERROR, WARNING, ADVICE = Severity.ERROR, Severity.WARNING, Severity.ADVICE

FRONT_CODES = (
    Code(
        "no-front-matter",
        WARNING,
        "there is no front matter and no status in the text, or no `---` closes the front matter",
        "# Book returns",
        "begin the file with `---`, `status: Draft` and `---` lines",
    ),
    Code(
        "front-matter-yaml",
        ERROR,
        "it is not valid YAML; the fields that are beyond doubt are read all the same",
        "name: Login: phase 2",
        'put the value in quotes: `name: "Login: phase 2"`',
        fixable=True,
    ),
    Code(
        "front-matter-not-mapping",
        WARNING,
        "what stands between the `---` lines are no fields",
        "---\nDraft\n---",
        "write `key: value` lines there",
    ),
    Code(
        "missing-field",
        WARNING,
        "`feature_id`, `name` or `status` is missing or empty",
        "status:",
        "write a value, such as `status: Draft`",
    ),
    Code(
        "missing-detail",
        ADVICE,
        "a field of the template that no command needs is missing or empty",
        "---\nfeature_id: 3.2\nname: Book returns\nstatus: Draft\n---",
        "add `owner`, `branch`, `created`, `updated`, `prd_section` and `implementation_plan_section`",
    ),
    Code(
        "placeholder-field",
        WARNING,
        "the template's words stand there still",
        "owner: [Agent ID or Developer Name]",
        "write a value, or delete the line",
    ),
    Code(
        "duplicate-key",
        WARNING,
        "a field stands there a second time",
        "status: Draft\nstatus: Review",
        "keep one of the two lines",
    ),
    Code(
        "field-not-editable",
        WARNING,
        "`status` or `updated` is not a plain value on one line, so it cannot be updated",
        "status: >\n  Draft",
        "write it on one line: `status: Draft`",
    ),
    Code(
        "status-not-editable",
        WARNING,
        "the status ought to change, and cannot be edited where it stands",
        "status: &now Draft",
        "write it on one line: `status: Draft`",
    ),
    Code(
        "foreign-status",
        WARNING,
        "the status is none of the four; it is kept",
        "status: Shipped",
        "write `Draft`, `In Progress`, `Review` or `Complete`",
    ),
    Code(
        "not-a-time",
        WARNING,
        "`created` or `updated` is not a time in the form of ISO 8601, so it cannot be updated",
        "updated: May 4th",
        "write it as `updated: 2026-05-04T09:00:00-04:00`",
    ),
    Code(
        "time-without-offset",
        ADVICE,
        "`created` or `updated` does not say how far it is from UTC",
        "created: 2026-05-04",
        "write the time and the offset as well: `created: 2026-05-04T09:00:00-04:00`",
    ),
    Code(
        "updated-before-created",
        WARNING,
        "`updated` is earlier than `created`",
        "created: 2026-05-04T09:00:00-04:00\nupdated: 2026-05-01T09:00:00-04:00",
        "mend the one that is wrong",
    ),
    Code(
        "odd-feature-id",
        ADVICE,
        "`feature_id` is not of the form `3.2`",
        "feature_id: returns",
        "write numbers with points between them: `feature_id: 3.2`",
    ),
    Code(
        "cut-value",
        ADVICE,
        "YAML takes a `#` behind a space for a comment, so the value ends there",
        "branch: feature/returns #12",
        'put the value in quotes: `branch: "feature/returns #12"`',
        fixable=True,
    ),
)
