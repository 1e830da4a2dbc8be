// What became of the criteria since a run that the reader chooses.

const WORDS = { regressed: "got worse", fixed: "fixed", "newly passed": "newly passed", new: "with a first result" };
const MOST_PLACES = 8;

/** As the report itself says it: only passed or not passed counts. */
function findChange({ results, before }, column) {
  const last = (letters) => letters.replaceAll("-", "").slice(-1);
  const earlier = last(before + results.slice(0, column + 1));
  const later = last(results.slice(column + 1));
  if (!later) return null;
  if (!earlier) return "new";
  if ((earlier === "p") === (later === "p")) return null;
  if (later !== "p") return "regressed";
  return earlier === "f" ? "fixed" : "newly passed";
}

// Which criteria are unstable does not depend on the run.
const unstable = $$(".change.flaky, .change.flaky + ul");

async function showChanges(column) {
  const { entries } = await loadIndex();
  const groups = { regressed: [], fixed: [], "newly passed": [], new: [] };
  for (const { key, criteria } of entries) {
    for (const criterion of criteria) {
      const change = findChange(criterion, column);
      if (change) groups[change].push({ ...criterion, spec: describeRow(key) });
    }
  }
  const lists = Object.entries(groups).flatMap(([change, found]) => (found.length ? describeGroup(change, found) : []));
  const nothing = el("p", { class: "quiet" }, "Nothing: every criterion has the result that it had in that run.");
  $("#changes").replaceChildren(...(lists.length ? lists : [nothing]), ...unstable);
}

function describeGroup(change, found) {
  const list = el("ul", { class: "places" });
  const fill = (most) => list.replaceChildren(
    ...found.slice(0, most).map(({ id, text, spec }) =>
      el("li", {}, el("a", { href: `#${id}` }, text), " ", el("small", {}, spec))),
    ...(found.length > most
      ? [el("li", {}, el("button", { type: "button", class: "plain", click: () => fill(found.length) },
          `and ${found.length - most} more`))]
      : []),
  );
  fill(MOST_PLACES);
  return [el("h3", { class: `change ${change}` }, `${found.length} ${WORDS[change]}`), list];
}

function setUpChanges() {
  const since = $("#since");
  if (!since) return;
  $("#since-label").hidden = false;
  since.addEventListener("change", () => showChanges(Number(since.value)));
}
