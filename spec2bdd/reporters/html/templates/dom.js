"use strict";
// Build elements without ever reading a text as HTML.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Create an element with attributes and children; a child may be a text, an element, a list of them, or nothing. */
function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat(9).filter((child) => child || child === 0));
  return element;
}

/** "1 run", "2 runs". */
const count = (number, noun, plural = `${noun}s`) => `${number} ${number === 1 ? noun : plural}`;

const SIGNS = { proved: "✓", failed: "✗", pending: "○", stale: "≠", open: "?", waived: "~", wont: "☓" };
const sign = (state) => el("span", { class: `sign ${state}`, "aria-hidden": "true" }, SIGNS[state]);

/** A duration that people can read. */
function duration(seconds) {
  if (seconds < 0.001) return "";
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;
}
