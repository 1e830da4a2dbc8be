// Write the page of Cucumber's HTML formatter for messages: `node format.mjs NODE_MODULES MESSAGES PAGE`.

import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [modules, messages, page] = process.argv.slice(2);
const home = pathToFileURL(`${modules}/@cucumber/html-formatter/dist/src/index.js`);
const { CucumberHtmlStream } = await import(home);

const formatter = new CucumberHtmlStream();
formatter.pipe(createWriteStream(page));
for await (const line of createInterface({ input: createReadStream(messages) })) formatter.write(JSON.parse(line));
formatter.end();
