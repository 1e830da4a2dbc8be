// Open a page in a real browser and answer what a test asks: `node drive.mjs NODE_MODULES BROWSER PAGE SCRIPT`.
//
// SCRIPT is the body of a function of `page` and `tools`. The answer is printed as JSON, with the messages on the console
// and the requests that were made meanwhile.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [modules, executablePath, file, script] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${modules}/`));
const { chromium } = require("playwright-core");

const url = pathToFileURL(file).href;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const console_ = [];
const requests = [];

async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("console", (message) => console_.push(message.text()));
  page.on("pageerror", (error) => console_.push(String(error)));
  page.on("request", (request) => requests.push(request.url()));
  return page;
}

const tools = {
  url,
  open,
  /** Open the page at an anchor, as from a link. */
  async visit(page, anchor = "") {
    await page.goto("about:blank");
    await page.goto(url + anchor);
    await page.waitForFunction(() => document.documentElement.dataset.ready === "true");
  },
  /** The texts of all visible elements. */
  texts: (page, selector) => page.locator(selector).filter({ visible: true }).allInnerTexts(),
  /** What axe-core finds; it has to be run as a script, which the policy of the page would forbid. */
  async findAccessibilityProblems(anchors) {
    const found = [];
    for (const colorScheme of ["light", "dark"]) {
      const page = await open({ bypassCSP: true, colorScheme });
      for (const anchor of anchors) {
        await tools.visit(page, anchor);
        await page.evaluate(() => {
          for (const button of document.querySelectorAll("button[aria-expanded=false]")) button.click();
          for (const details of document.querySelectorAll("details")) details.open = true;
        });
        await page.addScriptTag({ content: readFileSync(require.resolve("axe-core/axe.min.js"), "utf8") });
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
        found.push(...violations.map(({ id, impact, nodes }) => `${colorScheme} ${anchor} ${impact} ${id}: ${nodes[0].html}`));
      }
    }
    return found;
  },
};

try {
  const page = await open();
  await tools.visit(page);
  const AsyncFunction = (async () => {}).constructor;
  const answer = await new AsyncFunction("page", "tools", script)(page, tools);
  const others = requests.filter((request) => request.split("#")[0] !== url && request !== "about:blank");
  console.log(JSON.stringify({ answer, console: console_, requests: others }));
} finally {
  await browser.close();
}
