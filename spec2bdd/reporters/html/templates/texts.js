// The texts of the documents: a search finds words that are in no criterion, with the section that they are in.

const HEADINGS = "h1, h2, h3, h4, h5, h6";
const MOST_SECTIONS = 3;
const AROUND = 50;
// So many documents are unpacked at a time.
const BATCH = 25;

/** Each text of a document, with the number of the heading that it is below. */
function* listTexts(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const headings = $$(HEADINGS, root);
  let number = -1;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const heading = node.parentElement?.closest(HEADINGS);
    if (heading) number = headings.indexOf(heading);
    yield { node, number, isTitle: Boolean(heading) };
  }
}

/** The sections of a document: its headings with the words below them, without those of criteria, which have links. */
function readSections({ html, criteria }) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const titles = $$(HEADINGS, holder.content).map((heading) => heading.textContent.trim());
  const lines = new Set(criteria.map(({ line }) => String(line)));
  const marks = $$("span[data-line]", holder.content).filter((mark) => lines.has(mark.dataset.line));
  const homes = new Set(marks.map((mark) => mark.closest(HOMES)));
  const parts = new Map();
  let last = null;
  for (const { node, number, isTitle } of listTexts(holder.content)) {
    const home = node.parentElement?.closest(HOMES);
    if (home && homes.has(home)) continue;
    if (!parts.has(number)) parts.set(number, []);
    // The words of two blocks are apart, those of one may be in several elements.
    if (!isTitle) parts.get(number).push(home === last ? "" : " ", node.data);
    last = home;
  }
  return [...parts].map(([number, pieces]) => {
    const text = pieces.join("").replace(/\s+/g, " ").trim();
    const title = titles[number] ?? "";
    return { number, title, text, folded: `${title} ${text}`.toLowerCase() };
  });
}

const sections = new Map();

function loadSections(key) {
  // Not by `loadSpec`, which keeps all that there is of a spec.
  if (!sections.has(key)) sections.set(key, unpack(packed.get(key)).then(readSections));
  return sections.get(key);
}

/** The sections that have all words, by the key of their spec; nothing if `isOutdated` says so meanwhile. */
async function findSections(words, isOutdated) {
  const found = new Map();
  const keys = [...packed.keys()];
  for (let start = 0; start < keys.length; start += BATCH) {
    const batch = keys.slice(start, start + BATCH);
    const read = await Promise.all(batch.map(loadSections));
    if (isOutdated()) return null;
    read.forEach((all, number) => {
      const matches = all.filter(({ folded }) => words.every((word) => folded.includes(word)));
      if (matches.length) found.set(batch[number], matches);
    });
  }
  return found;
}

/** Where a click on a section leads: `openSpec` goes there. */
let wantedText = null;

function listSections(key, found, words) {
  const items = found.slice(0, MOST_SECTIONS).map(({ number, title, text }) => {
    // A word may be in the title only.
    const place = text.toLowerCase().indexOf(words[0]);
    const at = Math.max(place, 0);
    const end = place < 0 ? 0 : at + words[0].length;
    const open = () => { wantedText = { key, number, word: words[0] }; };
    return el("li", { class: "section" }, el("span", { class: "sign", "aria-hidden": "true" }, "§"), " ",
      el("a", { href: `#spec_${key}`, click: open }, title || "Beginning"), " ",
      el("small", {}, at > AROUND && "…", text.slice(Math.max(at - AROUND, 0), at), end > at && el("mark", {}, text.slice(at, end)),
        text.slice(end, end + AROUND), end + AROUND < text.length && "…"));
  });
  return [...items, found.length > MOST_SECTIONS && el("li", { class: "more" }, `and ${count(found.length - MOST_SECTIONS, "more section")}`)];
}

/** The block of an open document that has the text which the reader looked for. */
function findText(root, { number, word }) {
  for (const text of listTexts(root)) {
    if (text.number === number && !text.node.parentElement.closest(".proof") && text.node.data.toLowerCase().includes(word)) {
      return text.node.parentElement.closest(`${HOMES}, pre, blockquote`) ?? text.node.parentElement;
    }
  }
  return null;
}
