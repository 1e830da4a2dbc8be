// What is shown follows from the address: `#overview`, `#specs`, `#spec_1_1`, or the id of a criterion.

async function route() {
  const anchor = decodeURIComponent(location.hash.slice(1));
  if (anchor.startsWith("spec_") && await openSpec(anchor.slice(5))) return;
  const { specOf } = anchor && !document.getElementById(anchor)?.closest("#overview-view") ? await loadIndex() : { specOf: new Map() };
  if (specOf.has(anchor)) {
    await openSpec(specOf.get(anchor), anchor);
    return;
  }
  const wasOpen = openKey;
  closeSpec();
  const target = anchor === "specs" || anchor === "run" ? $(`#${anchor}`) : null;
  if (target) target.scrollIntoView();
  else if (anchor === "overview") scrollTo(0, 0);
  if (wasOpen && rowOf.get(wasOpen)) {
    const row = rowOf.get(wasOpen);
    selectItem(row);
    $("a", row).focus({ preventScroll: target === null });
  }
}

const THEMES = ["auto", "light", "dark"];

function setUpTheme() {
  const button = $("#theme");
  let theme = "auto";
  // A page from a file may not be allowed to store anything.
  try { theme = localStorage.getItem("spec2bdd-theme") ?? "auto"; } catch { /* as it is */ }
  const apply = () => {
    document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    try { localStorage.setItem("spec2bdd-theme", theme); } catch { /* only for now */ }
    apply();
  });
  apply();
}

function setUpPrint() {
  const opened = [];
  const closed = [];
  addEventListener("beforeprint", () => {
    for (const item of $$(".criterion", view)) {
      if (item.proof.hidden) opened.push(item);
      toggleProof(item, true);
    }
    for (const list of $$(".hold:not([open])")) {
      closed.push(list);
      list.open = true;
    }
  });
  addEventListener("afterprint", () => {
    for (const item of opened.splice(0)) toggleProof(item, false);
    for (const list of closed.splice(0)) list.open = false;
  });
}

/** A page that is opened later does not know what happened since. */
function showAge() {
  const made = $("#made");
  const days = Math.floor((Date.now() - Date.parse(made.dateTime)) / 86_400_000);
  if (days >= 1) made.after(`, ${count(days, "day")} ago`);
}

document.documentElement.dataset.title = document.title;
if (typeof DecompressionStream === "undefined") $("#old-browser").hidden = false;
setUpTheme();
showAge();
setUpList();
setUpChanges();
setUpKeys();
setUpPrint();
addEventListener("hashchange", route);
route().then(() => { document.documentElement.dataset.ready = "true"; });

