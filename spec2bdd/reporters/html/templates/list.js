// The list of specs: search, filters, and sorting by the headers of its columns.

const table = $("#spec-table");
const rows = $$("tbody tr", table);
const controls = ["search", "filter-state", "filter-status", "filter-owner", "filter-section"].map((id) => $(`#${id}`)).filter(Boolean);
const rowOf = new Map(rows.map((row) => [row.dataset.key, row]));
const describeRow = (key) => [rowOf.get(key).dataset.name, rowOf.get(key).dataset.owner].filter(Boolean).join(" · ");
const MOST_MATCHES = 5;
// So many specs list the sections that have the words.
const MOST_LISTED = 100;

const visibleRows = () => $$("tbody tr", table).filter((row) => !row.hidden);

/** What is known at once is shown at once; the documents follow. */
async function filterSpecs() {
  const wanted = Object.fromEntries(controls.map((control) => [control.id, control.value]));
  const words = wanted.search.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const { entries } = words.length || wanted["filter-state"] ? await loadIndex() : { entries: [] };
  // More may have been typed meanwhile.
  const isOutdated = () => controls.some((control) => control.value !== wanted[control.id]);
  if (isOutdated()) return;
  // No section has a state.
  const hasTexts = words.length > 0 && !wanted["filter-state"];
  showMatches(wanted, words, entries, hasTexts ? null : new Map());
  if (!hasTexts) return;
  const found = await findSections(words, isOutdated);
  if (found) showMatches(wanted, words, entries, found);
}

/** Without `sections`, they are still searched. */
function showMatches(wanted, words, entries, sections) {
  const criteriaOf = new Map(entries.map((entry) => [entry.key, entry.criteria]));
  let shown = 0, matches = 0, required = 0, places = 0;
  for (const row of rows) {
    const { key, name, owner, section, status } = row.dataset;
    const criteria = (criteriaOf.get(key) ?? []).filter(
      ({ state, strength }) => !wanted["filter-state"] || [state, strength].includes(wanted["filter-state"]),
    );
    const own = `${name} ${owner} ${section} ${status}`.toLowerCase();
    const found = words.length
      ? criteria.filter(({ id, folded }) => words.every((word) => folded.includes(word) || id.includes(word)))
      : wanted["filter-state"] ? criteria : [];
    const isNamed = words.every((word) => own.includes(word));
    const below = sections?.get(key) ?? [];
    row.hidden = !(
      (isNamed || found.length || below.length) &&
      (!wanted["filter-state"] || criteria.length) &&
      (!wanted["filter-status"] || status === wanted["filter-status"]) &&
      (!wanted["filter-owner"] || owner === wanted["filter-owner"]) &&
      (!wanted["filter-section"] || section === wanted["filter-section"])
    );
    $(".matches", row)?.remove();
    if (row.hidden) continue;
    shown += 1;
    matches += found.length;
    required += found.filter(({ tier }) => !tier).length;
    places += below.length;
    // Of a common word, the numbers say enough.
    const listed = shown <= MOST_LISTED ? below : [];
    if (found.length || listed.length) {
      $("th", row).append(el("ul", { class: "matches" }, listMatches(found), listSections(key, listed, words)));
    }
  }
  const all = shown === rows.length && !matches && !places;
  $("#shown").textContent = all
    ? count(shown, "spec")
    : `${shown} of ${count(rows.length, "spec")}${matches ? `, ${count(matches, "criterion", "criteria")}` : ""}${places ? `, ${count(places, "section")}` : ""}`
      + (wanted["filter-state"] && required < matches ? ` (${$("#shown").dataset.required}: ${required})` : "")
      + (sections ? "" : ", searching the texts…");
  $("#nothing").hidden = shown > 0 || !sections;
  table.hidden = shown === 0;
}

function listMatches(found) {
  return [
    ...found.slice(0, MOST_MATCHES).map(({ id, text, state, tier }) =>
      el("li", {}, sign(state), " ", el("a", { href: `#${id}` }, text), tier && el("small", {}, ` ${tier}`))),
    found.length > MOST_MATCHES && el("li", { class: "more" }, `and ${found.length - MOST_MATCHES} more`),
  ];
}

function sortSpecs(header) {
  const { sort, number } = header.dataset;
  const descending = header.getAttribute("aria-sort") === "ascending";
  for (const other of $$("th[aria-sort]", table)) other.setAttribute("aria-sort", "none");
  header.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const compare = number === undefined
    ? (a, b) => a.dataset[sort].localeCompare(b.dataset[sort], "en", { numeric: true })
    : (a, b) => a.dataset[sort] - b.dataset[sort];
  const sorted = [...rows].sort((a, b) => (descending ? compare(b, a) : compare(a, b)));
  $("tbody", table).append(...sorted);
}

/** Show the specs that one control selects, and no other. */
async function showOnly(id, value) {
  for (const control of controls) control.value = "";
  const control = $(`#${id}`);
  control.value = value;
  await filterSpecs();
  $("#specs").scrollIntoView();
  control.focus({ preventScroll: true });
}

function setUpList() {
  $("#filters").hidden = false;
  for (const control of controls) control.addEventListener("input", filterSpecs);
  $("#filters").addEventListener("submit", (event) => event.preventDefault());
  // The values are reset after this event.
  $("#filters").addEventListener("reset", () => setTimeout(filterSpecs));
  $("#clear").addEventListener("click", () => $("#filters").reset());
  for (const header of $$("th[data-sort]", table)) {
    const button = el("button", { type: "button", class: "sort", click: () => sortSpecs(header) }, header.textContent);
    header.replaceChildren(button);
  }
  for (const button of $$("[data-show]")) {
    button.disabled = button.dataset.count === "0";
    button.addEventListener("click", () => showOnly("filter-state", button.dataset.show));
  }
  for (const button of $$("[data-control]")) {
    button.disabled = false;
    button.addEventListener("click", () => showOnly(button.dataset.control, button.dataset.value));
  }
}
