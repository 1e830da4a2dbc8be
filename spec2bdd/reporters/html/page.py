"""Put the page together: the overview as HTML, everything else packed as data, and the scripts and styles in it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from zlib import compress

from spec2bdd import __version__
from spec2bdd.model import Tier, Verdict
from spec2bdd.model.explanation import Documentation, SpecDocument
from spec2bdd.model.history import Change
from spec2bdd.model.spec import name_tiers
from spec2bdd.reporters.html import facts, holds, overview
from spec2bdd.reporters.html.charts import build_areas, build_bar
from spec2bdd.reporters.html.data import SharedFacts, build_index, build_spec, find_upstream, gather_facts
from spec2bdd.reporters.html.graph import NODE_HEIGHT, NODE_WIDTH, build_graph
from spec2bdd.reporters.html.states import COUNTED, MEANINGS, SIGNS, State
from spec2bdd.reporters.terminal.escape import render_visible
from spec2bdd.reporters.timeline import list_changes
from spec2bdd.text.mapping import Mapper, map_serially

if TYPE_CHECKING:
    from jinja2 import Environment

# In the order in which they are run.
_SCRIPTS = ("dom.js", "data.js", "texts.js", "list.js", "changes.js", "proof.js", "spec.js", "keys.js", "main.js")
_NAMES: Mapping[State, str] = {
    State.PROVED: "proved",
    State.FAILED: "failing",
    State.PENDING: "pending",
    State.STALE: "stale",
    State.OPEN: "not proved",
    State.WAIVED: "waived",
    State.WONT: "won't have",
}


def render_page(documentation: Documentation, *, live: bool = False, spread: Mapper = map_serially) -> str:
    """Render the page of a project: one file that needs no other, and that loads nothing.

    A `live` page is served, and asks its server whether it has changed. `spread` calls a function with each of many
    values, possibly on several cores.
    """
    from markupsafe import Markup

    style = _read_asset("page.css")
    script = "".join(map(_read_asset, (*_SCRIPTS, "live.js") if live else _SCRIPTS))
    rows = sorted(map(overview.build_row, documentation.specs), key=lambda row: overview.sort_naturally(row.id))
    packed = spread(partial(_pack_spec, gather_facts(documentation)), documentation.specs)
    return (
        load_environment()
        .get_template("page.html")
        .render(
            **describe_overview(documentation, rows),
            version=__version__,
            live=live,
            # Both are files of the package, and hold nothing of the project.
            style=Markup(style),  # noqa: S704
            script=Markup(script),  # noqa: S704
            style_hash=_hash_source(style),
            script_hash=_hash_source(script),
            index_data=_pack(build_index(documentation)),
            spec_data=[(document.key, data) for document, data in zip(documentation.specs, packed, strict=True)],
        )
        + "\n"
    )


def describe_overview(documentation: Documentation, rows: list[overview.Row]) -> dict[str, Any]:
    """Build the values of the overview."""
    runs = documentation.timeline.runs
    totals = overview.sum_states(rows)
    verdicts = [verdict for row in rows for verdict in row.document.explanation.spec.verdicts]
    gate = documentation.specs[0].explanation.spec.gate if documentation.specs else (Tier.MUST,)
    changes: dict[str, list[tuple[str, str, str]]] = {**{str(change): [] for change in Change}, "flaky": []}
    names = {row.document.key: row.label for row in rows}
    worse: Counter[str] = Counter()
    for changed in list_changes(documentation):
        worse[changed.document.key] += changed.change is Change.REGRESSED
        place = (changed.id, render_visible(changed.text), names[changed.document.key])
        changes[str(changed.change)].append(place)
    for row in rows:
        flaky = (verdict for verdict in row.document.explanation.spec.verdicts if verdict.flaky)
        for verdict in flaky:
            changes["flaky"].append((verdict.id, render_visible(verdict.criterion.text), names[row.document.key]))
    return {
        "name": render_visible(documentation.name),
        "made": facts.describe_time(documentation.made),
        "made_at": render_visible(documentation.made),
        "last_run": facts.describe_run(documentation.runs[-1]) if documentation.runs else "",
        "stale": sum(verdict.verdict is Verdict.STALE for verdict in verdicts),
        "judged": len(verdicts),
        "headline": overview.write_headline(rows, documentation.unusable),
        "standing": overview.write_standing(rows, documentation.unusable),
        "some_complete": len({row.is_complete for row in rows}) > 1,
        "required": name_tiers(gate),
        "required_one": name_tiers(gate, 1),
        "totals": totals,
        "total": sum(totals.values()),
        "holds": holds.list_holds(rows),
        "unchecked": holds.list_unchecked(rows),
        "waiting": holds.list_waiting(rows),
        "changes": changes,
        "worse": worse,
        "strengths": (strengths := overview.count_strengths(rows)),
        "challenged": sum(count for key, _, count in strengths if key not in ("not-challenged", "opted-out")),
        "unchallenged": overview.count_unchallenged(rows),
        "tiers": overview.count_tiers(rows),
        "stages": overview.count_stages(rows),
        "owners": overview.group_rows(rows, "owner"),
        "sections": overview.group_rows(rows, "section"),
        "statuses": list(dict.fromkeys(row.status for row in rows)),
        "runs": [
            {
                "when": facts.describe_time(run.started),
                "commit": run.commit,
                **{str(verdict): run.counts.get(verdict, 0) for verdict in Verdict},
            }
            for run in runs
        ],
        "periods": facts.list_periods(documentation),
        "areas": build_areas(runs),
        "graph": build_graph(
            {key: [other.key for other in others] for key, others in find_upstream(documentation).items()}
        ),
        "row_of": {row.document.key: row for row in rows},
        "slowest": facts.list_slowest(documentation),
        "specs": rows,
        "facts": facts.list_facts(documentation),
        "unlinked": [scenario for scenario in documentation.unlinked if scenario.is_failing],
        "problems": documentation.diagnostics,
        "notes": documentation.notes,
    }


def _pack_spec(shared: SharedFacts, document: SpecDocument) -> str:
    """Pack all that the page shows of a spec."""
    return _pack(build_spec(shared, document))


def _pack(data: object) -> str:
    """Pack data as compressed JSON in base 64: a tenth of the size, and no text that could end a script."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return b64encode(compress(text.encode("utf-8", "backslashreplace"))).decode("ascii")


def _hash_source(text: str) -> str:
    """Compute the hash by which the policy of the page allows a style or a script."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}"


@cache
def _read_asset(name: str) -> str:
    """Read a style or a script of the page."""
    return files("spec2bdd.reporters.html").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def load_environment() -> Environment:
    """Create the environment; whatever is put into the page is escaped."""
    # Only the page is rendered by a template.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("spec2bdd.reporters.html", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        build_bar=build_bar,
        node_size=(NODE_WIDTH, NODE_HEIGHT),
        visible=render_visible,
        signs=SIGNS,
        meanings=MEANINGS,
        names=_NAMES,
        counted=COUNTED,
    )
    return environment
