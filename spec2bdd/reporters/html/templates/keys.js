// The keyboard: j and k go through the specs or the criteria, Enter opens, / searches.

function listItems() {
  return view.hidden ? visibleRows() : $$(".criterion", view);
}

function selectItem(item) {
  for (const selected of $$(".selected")) selected.classList.remove("selected");
  item.classList.add("selected");
}

function moveSelection(step) {
  const items = listItems();
  if (!items.length) return;
  const current = items.findIndex((item) => item.classList.contains("selected"));
  const next = items[Math.min(Math.max(current + step, 0), items.length - 1)];
  selectItem(next);
  // The focus goes along, so that Enter and a screen reader know where it is.
  const target = view.hidden ? $("a", next) : $("button.toggle", next);
  target.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const ACTIONS = {
  j: () => moveSelection(1),
  k: () => moveSelection(-1),
  "/": () => { location.hash = "#specs"; requestAnimationFrame(() => $("#search").focus()); },
  "?": () => $("#help").showModal(),
  u: () => { location.hash = "#overview"; },
  n: () => $("a[rel=next]", view)?.click(),
  p: () => $("a[rel=prev]", view)?.click(),
  e: () => {
    const items = $$(".criterion", view);
    const opens = items.some(({ proof }) => proof.hidden);
    for (const item of items) toggleProof(item, opens);
  },
};

function setUpKeys() {
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.id === "search") return event.target.blur();
    const types = event.target.matches("input, select, textarea") || $("#help").open;
    if (types || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = ACTIONS[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  const button = $("#help-button");
  button.hidden = false;
  button.addEventListener("click", () => $("#help").showModal());
}
