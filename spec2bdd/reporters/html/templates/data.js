// The data of the page is compressed JSON. Each spec is unpacked when it is opened.

async function unpack(element) {
  const letters = atob(element.textContent);
  const bytes = new Uint8Array(letters.length);
  // Ten times as fast as `Uint8Array.from`, which a search in all documents notices.
  for (let place = 0; place < letters.length; place += 1) bytes[place] = letters.charCodeAt(place);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

const packed = new Map($$("script[data-spec]").map((script) => [script.dataset.spec, script]));
const specs = new Map();

function loadSpec(key) {
  if (!specs.has(key)) specs.set(key, packed.has(key) ? unpack(packed.get(key)) : Promise.resolve(null));
  return specs.get(key);
}

let index = null;

/** All criteria of all specs: `{key, criteria: [{id, text, state, results, before, strength, tier}]}`, `tier` if no acceptance depends on it, and the spec of each id. */
function loadIndex() {
  index ??= unpack($("#index-data")).then((entries) => {
    const specOf = new Map();
    for (const entry of entries) {
      entry.criteria = entry.criteria.map(([id, text, state, results, before, strength, tier]) => {
        specOf.set(id, entry.key);
        return { id, text, state, results, before, strength, tier, folded: text.toLowerCase() };
      });
    }
    return { entries, specOf };
  });
  return index;
}
