// The page of one spec: the document of its author, with the proof of each criterion below its line.

const view = $("#spec-view");
// What a criterion is in.
const HOMES = "li, tr, h2, h3, h4, h5, h6, p";
const overview = $("#overview-view");
let openKey = null;

async function openSpec(key, anchor) {
  const spec = await loadSpec(key);
  if (!spec) return false;
  overview.hidden = true;
  view.hidden = false;
  if (openKey !== key) {
    openKey = key;
    view.replaceChildren(...buildSpec(key, spec));
    document.title = `${rowOf.get(key).dataset.name} · ${$(".home").textContent}`;
  }
  const wanted = wantedText?.key === key ? findText($(".markdown", view), wantedText) : null;
  wantedText = null;
  const target = anchor && document.getElementById(anchor);
  if (target) {
    toggleProof(target, true);
    selectItem(target);
    $("button.toggle", target)?.focus({ preventScroll: true });
    // Of what is taller than the window, the middle says nothing.
    target.scrollIntoView({ block: target.offsetHeight > innerHeight / 2 ? "start" : "center" });
  } else if (wanted) {
    selectItem(wanted);
    wanted.tabIndex = -1;
    wanted.focus({ preventScroll: true });
    wanted.scrollIntoView({ block: "center" });
  } else {
    scrollTo(0, 0);
    $("h1", view).focus({ preventScroll: true });
  }
  return true;
}

function closeSpec() {
  openKey = null;
  view.hidden = true;
  view.replaceChildren();
  overview.hidden = false;
  document.title = document.documentElement.dataset.title;
}

function buildSpec(key, spec) {
  const row = rowOf.get(key).dataset;
  const order = visibleRows().map((each) => each.dataset.key);
  const place = order.indexOf(key);
  const neighbour = (number, words, rel) =>
    order[number] && el("a", { href: `#spec_${order[number]}`, rel, title: rowOf.get(order[number]).dataset.name }, words);
  const gating = spec.criteria.filter((criterion) => criterion.gating);
  const proved = gating.filter(({ state }) => state === "proved").length;
  const article = buildArticle(spec);
  return [
    el("nav", { class: "crumbs", "aria-label": "Specs" },
      el("a", { href: "#specs" }, "All specs"), el("span", { class: "spread" }),
      neighbour(place - 1, "← Previous", "prev"), neighbour(place + 1, "Next →", "next")),
    el("header", { class: "spec-head" },
      el("p", { class: "eyebrow" }, [row.owner && `owner ${row.owner}`, spec.path].filter(Boolean).join(" · ")),
      el("h1", { tabindex: "-1" }, row.name),
      el("p", { class: "standing" }, el("span", { class: `badge ${row.stage}` }, row.status), row.stage === "claimed" ? " not proved: " : " ",
        gating.length ? `${proved} of ${gating.length} ${$("#shown").dataset[gating.length === 1 ? "requiredOne" : "required"]} proved` : "",
        spec.done.length ? ` · ${spec.done.filter(({ ticked }) => ticked).length} of ${spec.done.length} items of the definition of done ticked` : ""),
      spec.causes.map((cause) => el("p", { class: "notice" }, cause)),
      buildHolds(spec, row)),
    el("div", { class: "columns" },
      el("article", { class: "document", "aria-label": "The spec" }, article),
      buildSide(spec)),
  ];
}

function buildHolds(spec, row) {
  if (row.stage === "complete" || !spec.holds.length) return null;
  const items = spec.holds.map((hold) => {
    if (hold.criterion) {
      const { id, text, state, label } = spec.criteria.find((criterion) => criterion.id === hold.criterion);
      return el("li", {}, sign(state), el("span", {}, el("a", { href: `#${id}` }, text), " ", el("small", {}, label)));
    }
    if (hold.done !== undefined) {
      const { line, text, label } = spec.done[hold.done];
      return el("li", {}, sign("open"), el("span", {},
        el("button", { type: "button", class: "link", click: () => jumpTo(`line-${line}`) }, text), " ", el("small", {}, `definition of done, ${label}`)));
    }
    if (hold.spec) return el("li", {}, sign("open"), el("span", {}, "waits for ", hold.key ? el("a", { href: `#spec_${hold.key}` }, hold.spec) : hold.spec));
    return el("li", {}, sign("open"), el("span", {}, hold.words));
  });
  return el("details", { class: "card holds", open: true },
    el("summary", {}, el("h2", {}, `What keeps it from being complete`), el("span", { class: "number" }, String(items.length))),
    el("ul", {}, items),
    spec.next && el("p", { class: "next" }, "Next: ", inlineCode(spec.next)));
}

/** The document of the author. It was sanitized when the page was made; the policy of the page is the second wall. */
function buildArticle(spec) {
  const holder = document.createElement("template");
  holder.innerHTML = spec.html;
  const body = el("div", { class: "markdown" }, holder.content);
  const marks = new Map($$("span[data-line]", body).map((mark) => [Number(mark.dataset.line), mark]));
  const lost = [];
  const lostItems = [];
  for (const criterion of spec.criteria) {
    const mark = marks.get(criterion.line);
    // Of two criteria on one line, the second has no place of its own.
    marks.delete(criterion.line);
    if (mark) placeCriterion(mark, criterion, spec);
    else lost.push(criterion);
  }
  for (const item of spec.done) {
    const mark = marks.get(item.line);
    if (mark) placeDone(mark, item);
    else lostItems.push(item);
  }
  for (const pre of $$("pre", body)) pre.tabIndex = 0;
  for (const table of $$("table", body)) {
    const scroller = el("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": "Table" });
    table.replaceWith(scroller);
    scroller.append(table);
  }
  return [body, lost.length ? el("section", { class: "lost" }, el("h2", {}, spec.html ? "Criteria that are not shown above" : "Criteria"),
    el("ul", { class: "criteria" }, lost.map((criterion) => {
      const mark = el("span", {});
      const item = el("li", {}, mark, criterion.text);
      placeCriterion(mark, criterion, spec);
      return item;
    }))) : null,
  lostItems.length ? el("section", { class: "lost" }, el("h2", {}, "Definition of done"),
    el("ul", { class: "criteria" }, lostItems.map((doneItem) => {
      const mark = el("span", {});
      const item = el("li", {}, mark, doneItem.text);
      placeDone(mark, doneItem);
      return item;
    }))) : null];
}

function placeCriterion(mark, criterion, spec) {
  const home = mark.closest(HOMES) ?? mark.parentElement;
  const isItem = home.matches("li");
  const panel = `proof-${criterion.id}`;
  const button = el("button", {
    type: "button", class: "toggle", "aria-expanded": "false", "aria-controls": panel,
    click: () => toggleProof(home),
  }, sign(criterion.state), el("span", { class: "label" }, criterion.label, WEAK.includes(criterion.strength?.strength) && `, ${criterion.strength.strength}`));
  home.id = criterion.id;
  home.classList.add("criterion", `is-${criterion.state}`);
  const proof = el("div", { id: panel, class: "proof", hidden: true });
  proof.build = () => buildProof(criterion, spec);
  // What marks a scenario in a block of code has no words of its own.
  if (!home.textContent.trim()) home.append(criterion.text);
  mark.replaceWith(button);
  if (isItem) {
    // Before what is nested in the item.
    const nested = $(":scope > ul, :scope > ol, :scope > pre, :scope > div", home);
    home.insertBefore(proof, nested);
  } else if (home.matches("tr")) {
    const cell = el("td", { colspan: String(home.children.length) }, proof);
    home.after(el("tr", { class: "proof-row" }, cell));
  } else home.after(proof);
  home.proof = proof;
  if (criterion.state === "failed") toggleProof(home, true);
}

function placeDone(mark, item) {
  const home = mark.closest("li, tr, p") ?? mark.parentElement;
  home.id = `line-${item.line}`;
  home.classList.add("done-item", `is-${item.state}`);
  mark.replaceWith(sign(item.state));
  const words = [item.label, item.reason].filter(Boolean).join(": ");
  home.append(el("span", { class: "evidence" }, words, item.kinds.length ? ` (evidence: ${item.kinds.join(", ")})` : ""));
}

function toggleProof(home, open) {
  const proof = home.proof;
  if (!proof) return;
  const shows = open ?? proof.hidden;
  if (proof.build && shows) {
    proof.append(...proof.build().filter(Boolean));
    proof.build = null;
  }
  proof.hidden = !shows;
  $("button.toggle", home).setAttribute("aria-expanded", String(shows));
}

function jumpTo(id) {
  const target = document.getElementById(id);
  if (!target) return;
  selectItem(target);
  target.scrollIntoView({ block: "center" });
}

function buildSide(spec) {
  const tiers = Map.groupBy ? Map.groupBy(spec.criteria, ({ tier }) => tier) : groupBy(spec.criteria);
  const refer = (title, others) => others.length
    ? [el("h2", {}, title), el("ul", { class: "places" }, others.map(({ key, name, status }) =>
        el("li", {}, el("a", { href: `#spec_${key}` }, name), " ", el("small", {}, status))))]
    : [];
  return el("aside", { "aria-label": "Criteria of this spec" },
    el("div", { class: "side" },
      [...tiers].flatMap(([tier, criteria]) => [
        el("h2", {}, tier, el("span", { class: "number" }, `${criteria.filter(({ state }) => state === "proved").length}/${criteria.length}`)),
        el("ul", { class: "outline" }, criteria.map(({ id, text, state, label }) =>
          el("li", {}, sign(state), el("a", { href: `#${id}` }, text), el("span", { class: "unseen" }, `, ${label}`)))),
      ]),
      refer("Depends on", spec.upstream), refer("Needed by", spec.downstream),
      el("details", {}, el("summary", {}, "Front matter"),
        el("dl", { class: "facts" }, spec.fields.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))))));
}

function groupBy(criteria) {
  const groups = new Map();
  for (const criterion of criteria) groups.set(criterion.tier, [...(groups.get(criterion.tier) ?? []), criterion]);
  return groups;
}
